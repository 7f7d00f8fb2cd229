package io.plano.upstream.http2;

import io.plano.upstream.Window;

/** One stream, for whoever follows it. Safe for every thread. */
interface OpenStream extends Window {
    /** Ends it, wherever it stands, and it alone (RST_STREAM, CANCEL). Does nothing to one that is complete. */
    void cancel();

    /** Ends it in the same way, and tells its listener why. */
    void abandon(Exception cause);

    /** {@link System#nanoTime()} of the last frame that came or went. */
    long lastEventNanos();

    /** {@link System#nanoTime()} of the last frame that went. */
    long lastSentNanos();
}
