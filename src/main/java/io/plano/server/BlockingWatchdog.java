package io.plano.server;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a thread that must not block does: a selector that has not come back to its sockets, or a connection task
 * run inline, for longer than the limit. Each such stay is logged once, with the thread's stack: names of classes and
 * methods, never data.
 *
 * <p>Threads at work mark themselves through a {@link Watch}, which costs two volatile writes; a daemon thread looks at
 * the marks four times a second.
 */
final class BlockingWatchdog implements AutoCloseable {
    static final Duration DEFAULT_LIMIT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(BlockingWatchdog.class);

    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final long limitNanos;
    private final long roundNanos;
    private final long roundMillis;
    private final Pulse pulse;
    private final Thread thread;

    private BlockingWatchdog(Duration limit, Vitals vitals) {
        pulse = vitals.pulse("plano-watchdog");
        limitNanos = limit.toNanos();
        roundNanos = limitNanos / 4;
        roundMillis = Duration.ofNanos(roundNanos).toMillis();
        thread = new Thread(pulse.guard(this::look), "plano-watchdog");
        thread.setDaemon(true);
    }

    static BlockingWatchdog start(Duration limit) {
        return start(limit, Vitals.UNWATCHED);
    }

    /** As the other; the vitals watch the watchdog itself. */
    static BlockingWatchdog start(Duration limit, Vitals vitals) {
        BlockingWatchdog watchdog = new BlockingWatchdog(limit, vitals);
        watchdog.thread.start();
        return watchdog;
    }

    /** A mark for one selector, or for one thread that runs tasks inline. */
    Watch newWatch() {
        Watch watch = new Watch();
        watches.add(watch);
        return watch;
    }

    @Override
    public void close() {
        pulse.close();
        thread.interrupt();
    }

    /** Called on the watchdog's thread. */
    private void look() {
        try {
            long before = System.nanoTime();
            while (true) {
                Thread.sleep(roundMillis);
                pulse.beat();
                long now = System.nanoTime();
                round(now - before, now);
                before = now;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong with it, such as the memory for a line, there is a next one. */
    private void round(long slept, long now) {
        try {
            // Overslept: the whole process stood still (collector, suspended machine), so no thread is to blame.
            if (slept < 2 * roundNanos) {
                watches.forEach(watch -> check(watch, now));
            }
            watches.removeIf(Watch::isAbandoned);
        } catch (Throwable defect) {
            // Who could be told of it could be told of the thread.
        }
    }

    private void check(Watch watch, long now) {
        long since = watch.since;
        Thread watched = watch.thread;
        if (since == Watch.IDLE || since == watch.reported || now - since < limitNanos || watched == null) {
            return;
        }
        StackTraceElement[] stack = watched.getStackTrace();
        if (watch.since == since) {
            watch.reported = since;
            LOG.warn(
                    "{} blocks: {} ms without returning to its sockets. Every connection that it serves waits."
                            + " -Dplano.server.inline=false moves the work to other threads.{}",
                    watched.getName(),
                    (now - since) / 1_000_000,
                    print(stack));
        }
    }

    private static String print(StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : stack) {
            text.append(System.lineSeparator()).append("\tat ").append(frame);
        }
        return text.toString();
    }

    /** Since when a thread has been at work. Written by that thread alone. */
    static final class Watch {
        private static final long IDLE = 0;

        private volatile long since = IDLE;
        private volatile @Nullable Thread thread;
        /** Belongs to the watchdog's thread. */
        private long reported = IDLE;

        private Watch() {}

        void begin() {
            Thread current = Thread.currentThread();
            if (thread != current) {
                thread = current;
            }
            // Odd, so that it is never mistaken for IDLE.
            since = System.nanoTime() | 1;
        }

        void end() {
            since = IDLE;
        }

        boolean isBusy() {
            return since != IDLE;
        }

        private boolean isAbandoned() {
            Thread last = thread;
            return last != null && !last.isAlive();
        }
    }
}
