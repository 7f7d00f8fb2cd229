package io.plano.client;

import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;

/**
 * What lies in memory because its client does not read it, as far as the memory budget has to know of it: what the
 * container takes at once never comes here, so a client that keeps up costs nothing. The first {@link #FREE} bytes count
 * as part of the exchange itself. Grows on any thread.
 */
final class Backlog {
    /** In bytes. */
    static final int FREE = 8 << 10;

    private final Holding holding;

    /** Written within synchronized only. */
    private volatile long reserved;

    Backlog(Holding holding) {
        this.holding = holding;
    }

    /**
     * So much waits now.
     *
     * @return false where there is no room for it
     */
    boolean grownTo(long bytes) {
        return bytes <= FREE || reserve(bytes - FREE);
    }

    private synchronized boolean reserve(long bytes) {
        if (bytes <= reserved) {
            return true;
        }
        long more = (bytes - reserved + MemoryBudget.STEP / 4 - 1) / (MemoryBudget.STEP / 4) * (MemoryBudget.STEP / 4);
        if (holding.isOver() || !holding.reserve(more)) {
            return holding.isOver();
        }
        reserved += more;
        return true;
    }

    /** So much is reserved for it already. */
    synchronized void takeOver(long bytes) {
        reserved += bytes;
    }

    /** Nothing waits. */
    void drained() {
        if (reserved != 0) {
            giveBack();
        }
    }

    private synchronized void giveBack() {
        holding.release(reserved);
        reserved = 0;
    }
}
