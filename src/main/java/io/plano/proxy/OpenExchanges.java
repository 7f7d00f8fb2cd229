package io.plano.proxy;

import io.plano.failure.Guard;
import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.observe.ExchangeListener;
import io.plano.snapshot.GatewaySnapshot;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the exchanges that are open, tells the listener when one is not any more, and has the clients of those that last
 * watched, so that an answer that nobody waits for is not generated to its end, and their streams kept alive. Safe for every thread.
 *
 * <p>Most exchanges are over before that: watching costs two system calls, so it begins a moment after the start. Until
 * then an exchange waits in a queue, through an entry that its end empties, so that nothing of it is kept.
 */
final class OpenExchanges implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenExchanges.class);
    private static final long WATCH_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long TICK_MILLIS = 100;

    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<Young> young = new ConcurrentLinkedQueue<>();
    private final Set<Young> lasting = ConcurrentHashMap.newKeySet();
    private final ExchangeListener listener;
    private final Pulse pulse;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "plano-timer");
        thread.setDaemon(true);
        return thread;
    });

    @SuppressWarnings("FutureReturnValueIgnored") // the task catches what it throws
    OpenExchanges(ExchangeListener listener, Vitals vitals) {
        this.listener = listener;
        this.pulse = vitals.pulse("plano-timer");
        timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** An exchange that has just begun; emptied when it ends. */
    private static final class Young {
        private volatile long since = System.nanoTime();
        private volatile @Nullable Exchange exchange;
    }

    Exchange open(String id, GatewaySnapshot snapshot) {
        open.incrementAndGet();
        Young entry = new Young();
        Exchange exchange = new Exchange(id, snapshot, ended -> {
            entry.exchange = null;
            closed(ended);
        });
        entry.exchange = exchange;
        young.add(entry);
        return exchange;
    }

    private void closed(Exchange exchange) {
        open.decrementAndGet();
        try {
            listener.closed(exchange.toRecord());
        } catch (Throwable defect) { // who listens to exchanges has no say in them
            Guard.quietly(() -> log.error("a listener failed: {}", Causes.describe(defect)));
        }
    }

    /** It never came to be: its client's side could not be opened. */
    void forget(Exchange exchange) {
        open.decrementAndGet();
        for (Young entry : young) {
            if (entry.exchange == exchange) {
                entry.exchange = null;
            }
        }
    }

    int count() {
        return open.get();
    }

    private void tick() {
        pulse.beat();
        try {
            watchGrown();
            keepStreamsAlive();
        } catch (Throwable defect) { // a timer that throws never fires again
            Guard.quietly(() -> log.error("the timer failed: {}", Causes.describe(defect)));
        }
    }

    private static boolean shutDown(Exchange exchange) {
        exchange.shutDown();
        return true;
    }

    private static boolean keepAlive(Exchange exchange) {
        exchange.keepStreamAlive();
        return true;
    }

    /** What goes wrong with one exchange ends that one. */
    private static boolean guarded(Exchange exchange, Predicate<Exchange> step) {
        try {
            return step.test(exchange);
        } catch (Throwable defect) {
            ReverseProxy.breakDown(exchange, defect);
            return true;
        }
    }

    private void watchGrown() {
        long limit = System.nanoTime() - WATCH_AFTER_NANOS;
        for (Young entry = young.peek(); entry != null && entry.since - limit < 0; entry = young.peek()) {
            young.poll();
            Exchange exchange = entry.exchange;
            if (exchange == null) {
                continue;
            }
            if (guarded(exchange, Exchange::watchClient)) {
                lasting.add(entry);
            } else {
                entry.since = System.nanoTime();
                young.add(entry);
            }
        }
    }

    /** An ended exchange leaves here and not by itself: its end costs nothing then, and comes at most a tick before. */
    private void keepStreamsAlive() {
        for (Iterator<Young> entries = lasting.iterator(); entries.hasNext(); ) {
            Exchange exchange = entries.next().exchange;
            if (exchange == null) {
                entries.remove();
            } else {
                guarded(exchange, OpenExchanges::keepAlive);
            }
        }
    }

    /** Ends all exchanges, and waits for that for up to a second. */
    void endAll() {
        young.forEach(OpenExchanges::end);
        lasting.forEach(OpenExchanges::end);
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (open.get() > 0 && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static void end(Young entry) {
        Exchange exchange = entry.exchange;
        if (exchange != null) {
            guarded(exchange, OpenExchanges::shutDown);
        }
    }

    @Override
    public void close() {
        endAll();
        pulse.close();
        timer.shutdownNow();
        try {
            // Containers look for threads that an application left behind as soon as it has stopped.
            if (!timer.awaitTermination(2, TimeUnit.SECONDS)) {
                log.warn("the timer is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
