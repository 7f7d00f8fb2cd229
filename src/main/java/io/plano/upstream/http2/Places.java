package io.plano.upstream.http2;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many attempts one connection takes at once: one until its server has said how many it takes, and none once it is
 * closed for more, while those that have a place go on. Safe for every thread.
 */
final class Places {
    /** Is added to the number of those taken: nobody gets one any more. */
    private static final int CLOSED = Integer.MIN_VALUE / 2;

    private final AtomicInteger taken = new AtomicInteger();
    private volatile int limit = 1;

    void limit(int most) {
        limit = most;
    }

    /** Takes one, where there is one. */
    boolean reserve() {
        int now = taken.get();
        while (now >= 0 && now < limit) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /** Gives one back; whether all are free now, and may be taken again. */
    boolean vacate() {
        return taken.decrementAndGet() == 0;
    }

    /** Whether all are free, and may be taken. */
    boolean areFree() {
        return taken.get() == 0;
    }

    /** Nobody gets one any more; false where that was so before. */
    boolean close() {
        int now = taken.get();
        while (now >= 0) {
            if (taken.compareAndSet(now, now + CLOSED)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    boolean areClosed() {
        return taken.get() < 0;
    }

    /** Whether nobody gets one any more, and nobody has one. */
    boolean areOver() {
        return taken.get() == CLOSED;
    }
}
