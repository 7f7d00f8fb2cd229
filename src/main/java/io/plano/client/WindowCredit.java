package io.plano.client;

import io.plano.upstream.Window;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gives an upstream's flow-control window back what has left for the client. Bytes that go on as they came are credited as
 * they are written; of bytes that were made of others nobody knows which was made of which, so those are credited when all
 * that was made of them has been written. Any thread reports what came in, one at a time what went out.
 */
final class WindowCredit {
    /** Fewer bytes than this are not worth a word to the reactor, unless nothing at all is queued. */
    private static final int STEP = 16 << 10;

    private final AtomicInteger translated = new AtomicInteger();
    private volatile boolean isTranslated;
    private volatile @Nullable Window window;
    private int freed;

    /** The window is spent, and is to be credited through this. */
    void spent(Window spent) {
        window = spent;
    }

    /** So many bytes of the upstream became something else, which is about to be queued. */
    void translated(int upstreamBytes) {
        isTranslated = true;
        translated.addAndGet(upstreamBytes);
    }

    /** So many bytes have been written. */
    void written(int bytes) {
        if (!isTranslated) {
            freed += bytes;
            if (freed >= STEP) {
                give();
            }
        }
    }

    /** The container takes nothing more before the client reads. */
    void idle() {
        give();
    }

    /** All that was queued has been written. */
    void drained() {
        if (isTranslated) {
            freed += translated.getAndSet(0);
        }
        give();
    }

    private void give() {
        Window open = window;
        if (freed == 0 || open == null) {
            return;
        }
        int increment = freed;
        freed = 0;
        try {
            open.update(increment);
        } catch (IOException e) {
            // The upstream connection is gone, which its own callback reports.
            window = null;
        }
    }
}
