package io.plano.budget;

/**
 * What one exchange holds of the {@link MemoryBudget}. Every byte that was reserved goes back exactly once: by {@link
 * #release}, or all that is left when the exchange is over and nobody works for it any more. Safe for every thread.
 *
 * <p>An exchange may end while a worker is still busy with its memory. Whoever works for it on a thread of its own therefore
 * {@linkplain #enter enters} and {@linkplain #leave leaves}; only the last one out gives back.
 *
 * <p>What was reserved at the beginning, and fitted without being written down, needs no lock to go back, because most
 * exchanges never need more: {@link #close} says that it is over before it looks whether more was ever asked for, and
 * whoever asks for more says so before looking whether it is over. One of the two sees the other.
 */
public final class Holding implements AutoCloseable {
    private final MemoryBudget budget;
    private final String address;
    private final long opening;
    private final boolean admitted;
    private volatile boolean used;
    private volatile boolean over;

    // Guarded by this.
    private long bytes;
    private int users;
    private boolean settled;

    Holding(MemoryBudget budget, String address, long bytes) {
        this.budget = budget;
        this.address = address;
        if (budget.takeQuietly(bytes)) {
            opening = bytes;
            admitted = true;
        } else {
            opening = 0;
            used = true;
            admitted = budget.take(client(), bytes, bytes);
            this.bytes = admitted ? bytes : 0;
        }
    }

    /** Whether there was room for what the exchange begins with. */
    public boolean isAdmitted() {
        return admitted;
    }

    private String client() {
        return ClientAddress.clientOf(address);
    }

    /**
     * Reserves so many bytes more.
     *
     * @return false where they do not fit now, or where the exchange is over
     */
    public boolean reserve(long more) {
        if (more == 0) {
            return true;
        }
        used = true;
        synchronized (this) {
            if (isSettled() || !budget.take(client(), more, opening + bytes + more)) {
                return false;
            }
            bytes += more;
            return true;
        }
    }

    /** As {@link #reserve}, later: see {@link MemoryBudget#await}. */
    public void await(long more, MemoryBudget.Waiter waiter) {
        budget.await(this, more, waiter);
    }

    /** Whether so many bytes more would ever be given to one exchange. */
    public boolean canEverReserve(long more) {
        return more <= budget.most();
    }

    /** Gives back bytes of those that were {@linkplain #reserve reserved}; nothing where all have gone back already. */
    public void release(long fewer) {
        if (fewer <= 0) {
            return;
        }
        synchronized (this) {
            if (!isSettled()) {
                assert fewer <= bytes : "more given back than was reserved";
                long back = Math.min(fewer, bytes);
                bytes -= back;
                budget.giveBack(client(), back);
            }
        }
    }

    /** What is held now. */
    public synchronized long held() {
        return isSettled() ? 0 : opening + bytes;
    }

    /** Somebody works with the memory until {@link #leave}; false where it is over, and nobody may. */
    public boolean enter() {
        used = true;
        synchronized (this) {
            if (over) {
                return false;
            }
            users++;
            return true;
        }
    }

    public synchronized void leave() {
        users--;
        if (over && users == 0) {
            settle();
        }
    }

    /** Whether the exchange is over, although somebody may still work with its memory. */
    public boolean isOver() {
        return over;
    }

    /** The exchange is over. To be called once. */
    @Override
    public void close() {
        over = true;
        if (!used) {
            budget.giveBackQuietly(opening);
            return;
        }
        synchronized (this) {
            if (users == 0) {
                settle();
            }
        }
    }

    private boolean isSettled() {
        return over && users == 0;
    }

    /** Whoever comes second, the end of the exchange or the last who leaves, finds it done. */
    private void settle() {
        if (settled) {
            return;
        }
        settled = true;
        budget.giveBackQuietly(opening);
        budget.giveBack(client(), bytes);
        bytes = 0;
    }
}
