package io.plano.proxy;

import io.plano.budget.Holding;
import io.plano.client.Handover;
import io.plano.failure.Guard;
import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.observe.ExchangeListener;
import io.plano.process.OwnThreads;
import io.plano.proxy.answer.Causes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
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
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(2);

    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<Entry> young = new ConcurrentLinkedQueue<>();
    private final Set<Entry> lasting = ConcurrentHashMap.newKeySet();
    private final ExchangeListener listener;
    private final Runnable onTick;
    private final Pulse pulse;
    private volatile boolean ending;
    private final OwnThreads timerThreads = new OwnThreads("plano-timer");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(timerThreads);

    @SuppressWarnings("FutureReturnValueIgnored") // the task catches what it throws
    OpenExchanges(ExchangeListener listener, Runnable onTick, Vitals vitals) {
        this.listener = listener;
        this.onTick = onTick;
        this.pulse = vitals.pulse("plano-timer");
        timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A place for an exchange that is open; emptied when it ends, so that nothing of it is kept. */
    private static final class Entry {
        private volatile long since = System.nanoTime();
        private volatile @Nullable Exchange exchange;
        private @Nullable Exchange opened; // until its owner has it
    }

    /**
     * Opens an exchange. If that fails, nothing has been counted and nothing is held.
     *
     * @param opener opens its client's side
     */
    Exchange open(Exchange.Opening opening, ClientOpener opener) throws IOException {
        Entry entry = new Entry();
        try {
            opener.open(opening.holding(), client -> {
                Exchange exchange = new Exchange(opening, client, ended -> {
                    entry.exchange = null;
                    closed(ended);
                });
                entry.opened = exchange;
                entry.exchange = exchange;
                young.add(entry);
                open.incrementAndGet();
                return exchange;
            });
            Exchange exchange = Objects.requireNonNull(entry.opened, "opened");
            entry.opened = null;
            return exchange;
        } catch (Throwable failure) {
            forget(entry, opening.holding());
            throw failure;
        }
    }

    /** It never came to be; a container that has begun with it may still say that it ends. */
    private void forget(Entry entry, Holding holding) {
        Exchange made = entry.opened;
        entry.exchange = null;
        entry.opened = null;
        if (made == null) {
            holding.close();
        } else if (made.abandon()) {
            open.decrementAndGet();
        }
    }

    private void closed(Exchange exchange) {
        open.decrementAndGet();
        try {
            listener.closed(exchange.toRecord());
        } catch (Throwable defect) { // whoever hears of an exchange has no say in it
            Guard.quietly(() -> log.error("an exchange could not be told of: {}", Causes.describe(defect)));
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
            onTick.run();
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
            exchange.breakDown(defect);
            return true;
        }
    }

    private void watchGrown() {
        long limit = System.nanoTime() - WATCH_AFTER_NANOS;
        for (Entry entry = young.peek(); entry != null && entry.since - limit < 0; entry = young.peek()) {
            Exchange exchange = entry.exchange;
            if (exchange != null) {
                // Into its new place before it leaves the old one, so that no look at both misses it.
                if (guarded(exchange, Exchange::watchClient)) {
                    lasting.add(entry);
                } else {
                    entry.since = System.nanoTime();
                    young.add(entry);
                }
            }
            young.poll();
        }
    }

    /** An ended exchange leaves here and not by itself: its end costs nothing then, and comes at most a tick before. */
    private void keepStreamsAlive() {
        for (Iterator<Entry> entries = lasting.iterator(); entries.hasNext(); ) {
            Exchange exchange = entries.next().exchange;
            if (exchange == null) {
                entries.remove();
            } else {
                guarded(exchange, OpenExchanges::keepAlive);
            }
        }
    }

    /** Whether exchanges that begin now have to end at once. Asked after an exchange has become known here. */
    boolean isEnding() {
        return ending;
    }

    /** Exchanges may begin again. */
    void resume() {
        ending = false;
    }

    /**
     * Ends all exchanges, and returns when their containers have done with them, as far as they say so within a second:
     * what they still run of the application must find its classes. What a client does not take within another second
     * before that is cut.
     */
    void endAll() {
        ending = true;
        List<Exchange> ended = known();
        ended.forEach(exchange -> guarded(exchange, OpenExchanges::shutDown));
        if (!awaitAll(ended, Handover::isOver)) {
            ended.forEach(Exchange::cut);
        }
        awaitAll(ended, end -> end.isOver() && end.isReleased());
    }

    private List<Exchange> known() {
        List<Exchange> exchanges = new ArrayList<>();
        for (Collection<Entry> entries : List.of(young, lasting)) {
            for (Entry entry : entries) {
                Exchange exchange = entry.exchange;
                if (exchange != null) {
                    exchanges.add(exchange);
                }
            }
        }
        return exchanges;
    }

    private static boolean awaitAll(List<Exchange> exchanges, Predicate<Handover> condition) {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        for (Exchange exchange : exchanges) {
            while (!condition.test(exchange.client.response().handover())) {
                if (System.nanoTime() - limit >= 0) {
                    return false;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        return true;
    }

    @Override
    public void close() {
        endAll();
        pulse.close();
        timer.shutdownNow();
        if (!timerThreads.awaitEnd(THREADS_END_WITHIN)) {
            log.warn("the timer is still busy");
        }
    }
}
