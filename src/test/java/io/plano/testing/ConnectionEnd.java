package io.plano.testing;

import java.time.Duration;

/**
 * How and when a connection to the {@link FakeUpstream} ended.
 *
 * @param how who ended it, and in which way
 * @param nanoTime when this was noticed, on the clock of {@link System#nanoTime()}
 */
public record ConnectionEnd(How how, long nanoTime) {

    /** Who ended the connection. After a failed write the kernel may report a reset as an end, so judge by {@link #byPeer()}. */
    public enum How {
        /** The peer sent FIN. */
        PEER_CLOSED,
        /** The peer sent RST. */
        PEER_RESET,
        /** The script or the closing {@link FakeUpstream} ended it. */
        CLOSED_HERE
    }

    /** Whether the peer ended it. */
    public boolean byPeer() {
        return how != How.CLOSED_HERE;
    }

    /** How long after this moment (of {@link System#nanoTime()}) it ended. */
    public Duration after(long startNanoTime) {
        return Duration.ofNanos(nanoTime - startNanoTime);
    }
}
