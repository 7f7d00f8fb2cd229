package io.plano.upstream.connect;

import io.plano.failure.GatewayException;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.attempt.UpstreamAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the making that turns out to be shared, or not. Attempts of the same kind wait for it rather than make
 * one each. It outlives the attempt that asked for it: others may have joined.
 */
final class SharedDial implements DialOwner {
    private final UpstreamRequest request;
    private final SharedConnections connections;

    /** Who waits; null when nobody may join any more. Guarded by this. */
    private @Nullable List<UpstreamAttempt> waiting = new ArrayList<>(1);

    SharedDial(UpstreamAttempt first, SharedConnections connections) {
        this.request = first.request();
        this.connections = connections;
        join(first);
    }

    @Override
    public UpstreamRequest request() {
        return request;
    }

    /** Whether the attempt now waits, too. */
    synchronized boolean join(UpstreamAttempt attempt) {
        return waiting != null && waiting.add(attempt);
    }

    /** Takes out the first that still wants to be sent. */
    synchronized @Nullable UpstreamAttempt next() {
        if (waiting != null) {
            waiting.removeIf(attempt -> !attempt.isRunning());
            return waiting.isEmpty() ? null : waiting.remove(0);
        }
        return null;
    }

    /** Hands over who waits. Nobody joins any more. */
    void dismiss(Consumer<UpstreamAttempt> to) {
        List<UpstreamAttempt> all;
        synchronized (this) {
            all = waiting;
            waiting = null;
        }
        if (all != null) {
            all.forEach(attempt -> handOver(attempt, to));
        }
    }

    /** What happens to one of them does not keep the others waiting. */
    private static void handOver(UpstreamAttempt attempt, Consumer<UpstreamAttempt> to) {
        try {
            to.accept(attempt);
        } catch (Throwable defect) {
            attempt.breakDown(defect);
        }
    }

    @Override
    public void opening(IOSession connection) {
        // No abort of a single attempt ends it.
    }

    @Override
    public void startOnNew(IOSession connection) {
        connections.made(this, connection);
    }

    @Override
    public void fail(GatewayException failure) {
        connections.forget(this);
        dismiss(attempt -> attempt.fail(failure));
    }

    @Override
    public void cancel() {
        connections.forget(this);
        dismiss(UpstreamAttempt::cancel);
    }
}
