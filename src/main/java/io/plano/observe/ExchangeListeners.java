package io.plano.observe;

import io.plano.failure.Guard;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners, each told whatever becomes of the others: who listens to exchanges has no say in them. */
public final class ExchangeListeners implements ExchangeListener {
    private static final Logger log = LoggerFactory.getLogger(ExchangeListeners.class);

    private final List<ExchangeListener> listeners;

    private ExchangeListeners(List<ExchangeListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** All of them, told in this order. */
    public static ExchangeListeners of(List<ExchangeListener> listeners) {
        return new ExchangeListeners(listeners);
    }

    @Override
    public void closed(ExchangeRecord exchange) {
        for (int i = 0; i < listeners.size(); i++) {
            try {
                listeners.get(i).closed(exchange);
            } catch (Throwable defect) {
                Guard.quietly(() -> log.error("a listener failed: {}", defect.toString()));
            }
        }
    }
}
