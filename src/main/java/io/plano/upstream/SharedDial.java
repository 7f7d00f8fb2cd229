package io.plano.upstream;

import io.plano.failure.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the making that turns out to be shared, or not. Exchanges of the same kind wait for it rather than make
 * one each. It outlives the exchange that asked for it: others may have joined.
 */
final class SharedDial implements DialOwner {
    private final UpstreamRequest request;
    private final SharedConnections connections;

    /** Who waits; null when nobody may join any more. Guarded by this. */
    private @Nullable List<UpstreamExchange> waiting = new ArrayList<>(1);

    SharedDial(UpstreamExchange first, SharedConnections connections) {
        this.request = first.request();
        this.connections = connections;
        join(first);
    }

    @Override
    public UpstreamRequest request() {
        return request;
    }

    /** Whether the exchange now waits, too. */
    synchronized boolean join(UpstreamExchange exchange) {
        return waiting != null && waiting.add(exchange);
    }

    /** Takes out the first that still wants to be sent. */
    synchronized @Nullable UpstreamExchange next() {
        if (waiting != null) {
            waiting.removeIf(exchange -> !exchange.isRunning());
            return waiting.isEmpty() ? null : waiting.remove(0);
        }
        return null;
    }

    /** Hands over who waits. Nobody joins any more. */
    void dismiss(Consumer<UpstreamExchange> to) {
        List<UpstreamExchange> all;
        synchronized (this) {
            all = waiting;
            waiting = null;
        }
        if (all != null) {
            all.forEach(exchange -> handOver(exchange, to));
        }
    }

    /** What happens to one of them does not keep the others waiting. */
    private static void handOver(UpstreamExchange exchange, Consumer<UpstreamExchange> to) {
        try {
            to.accept(exchange);
        } catch (Throwable defect) {
            exchange.breakDown(defect);
        }
    }

    @Override
    public void opening(IOSession connection) {
        // No abort of a single exchange ends it.
    }

    @Override
    public void startOnNew(IOSession connection) {
        connections.made(this, connection);
    }

    @Override
    public void fail(GatewayException failure) {
        connections.forget(this);
        dismiss(exchange -> exchange.fail(failure));
    }

    @Override
    public void cancel() {
        connections.forget(this);
        dismiss(UpstreamExchange::cancel);
    }
}
