package io.plano.budget;

/**
 * How much may be held, in bytes.
 *
 * @param total by all exchanges together
 * @param perClient by those of one client
 */
public record BudgetLimits(long total, long perClient) {
    /** What a running gateway needs beside the bodies: code that runs, connections, configuration. */
    private static final long SPARED = 64L << 20;

    private static final long LEAST = 16L << 20;

    /** Only where no more than this is held may small holdings go without being written down for their client. */
    long quiet() {
        return Math.min(total / 16, perClient / 4);
    }

    /** The rest of what a client may hold. */
    long writtenDownPerClient() {
        return perClient - quiet();
    }

    /**
     * Half of the heap beyond 64 MB: the other half is for what is not counted, for garbage that is not yet collected, and
     * for the gaps that large arrays leave. 96 MB of 256 MB, 480 MB of 1 GB, 4 GB of 8 GB.
     *
     * @param maxHeap {@link Runtime#maxMemory()}
     */
    public static long shareOf(long maxHeap) {
        return Math.max(LEAST, (maxHeap - SPARED) / 2);
    }

    /** Of that total, a quarter for each client. */
    public static BudgetLimits ofTotal(long total) {
        return new BudgetLimits(total, total / 4);
    }
}
