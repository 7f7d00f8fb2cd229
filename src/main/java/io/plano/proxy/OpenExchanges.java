package io.plano.proxy;

import io.plano.config.GatewaySnapshot;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the exchanges that are open, and tells the listener when one is not any more. Safe for every thread. */
final class OpenExchanges {
    private final AtomicInteger open = new AtomicInteger();
    private final ExchangeListener listener;

    OpenExchanges(ExchangeListener listener) {
        this.listener = listener;
    }

    Exchange open(String id, GatewaySnapshot snapshot) {
        open.incrementAndGet();
        return new Exchange(id, snapshot, this::closed);
    }

    private void closed(Exchange exchange) {
        open.decrementAndGet();
        listener.closed(exchange.toRecord());
    }

    int count() {
        return open.get();
    }
}
