package io.plano.client;

/** What has been written to a client. One loop writes it, any thread reads it. */
public final class WriteProgress {
    private volatile long firstNanos;
    private volatile long lastNanos;
    private volatile long bytes;
    private volatile int status;

    void begin(int sent) {
        status = sent;
        firstNanos = System.nanoTime();
        lastNanos = firstNanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes
    void wrote(int length) {
        bytes += length;
        lastNanos = System.nanoTime();
    }

    /** Whether bytes may have gone to the client, so that its status can no longer be changed. */
    public boolean hasBegun() {
        return firstNanos != 0;
    }

    /** The status that went to the client, or 0. */
    public int status() {
        return status;
    }

    /** {@link System#nanoTime()} of the first write, or 0. */
    public long firstNanos() {
        return firstNanos;
    }

    /** {@link System#nanoTime()} of the last write, or 0. */
    public long lastNanos() {
        return lastNanos;
    }

    /** Bytes of the body. */
    public long bytes() {
        return bytes;
    }
}
