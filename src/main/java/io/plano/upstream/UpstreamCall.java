package io.plano.upstream;

/** One attempt at a provider. */
public interface UpstreamCall {
    /**
     * Ends the attempt now, wherever it stands: its connection is closed, or its stream of a shared connection reset, so
     * that the provider sees that nobody waits any more and stops generating (and billing). Idempotent; any thread; no callback follows on another thread once
     * the connection is gone. Does nothing to an attempt that is complete.
     */
    void abort();
}
