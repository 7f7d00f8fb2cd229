package io.plano.failure;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether the threads live without which the gateway cannot go on: reactors, selectors, timers, watchers, writers.
 *
 * <p>A daemon thread, {@code plano-vitals}, listens to every {@link Pulse} once a second. Silence is counted in these
 * rounds and not by the clock, so that a process that stood still as a whole (a suspended machine, a long collection)
 * blames nobody. A thread that has ended unasked, or been silent for {@value #SILENT_ROUNDS} rounds, makes {@link
 * #complaint} say so, which is what {@code /healthz} shows. What cannot come back makes {@link #lost} complete: a thread
 * that has ended, or an event loop, which nothing may block, silent for {@value #LOST_ROUNDS} rounds. Safe for every
 * thread; {@link #complaint} allocates next to nothing when all is well.
 */
public final class Vitals implements AutoCloseable {
    static final int SILENT_ROUNDS = 30;
    static final int LOST_ROUNDS = 120;

    /** Of those that nobody listens to. */
    public static final Vitals UNWATCHED = new Vitals();

    private static final long ROUND_MILLIS = 1000;

    private final List<Pulse> pulses = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private @Nullable Thread keeper;
    private volatile boolean closed;

    private Vitals() {}

    /** Starts to listen, until {@link #close}. */
    public static Vitals start() {
        Vitals vitals = new Vitals();
        Thread thread = new Thread(vitals::keep, "plano-vitals");
        thread.setDaemon(true);
        vitals.keeper = thread;
        thread.start();
        return vitals;
    }

    /** For a thread that beats by itself, at least every few seconds. */
    public Pulse pulse(String name) {
        return add(new Pulse(name, null));
    }

    /**
     * For an event loop.
     *
     * @param ask called once a round on the keeper's thread; true if it knows that the loop has turned since, otherwise it
     *     makes the loop {@linkplain Pulse#beat beat}, and does not wait for it
     */
    public Pulse pulse(String name, BooleanSupplier ask) {
        return add(new Pulse(name, ask));
    }

    private Pulse add(Pulse pulse) {
        if (this != UNWATCHED) {
            pulses.add(pulse);
        }
        return pulse;
    }

    private void keep() {
        while (!closed) {
            try {
                Thread.sleep(ROUND_MILLIS);
            } catch (InterruptedException e) {
                continue; // it is being closed
            }
            try {
                listen();
            } catch (Throwable defect) {
                // The next round may have the means that this one lacked.
            }
        }
    }

    /** One round. */
    void listen() {
        pulses.removeIf(Pulse::isClosed);
        for (Pulse pulse : pulses) {
            int silence = pulse.listen();
            if (pulse.hasEnded() || (pulse.isAsked() && silence >= LOST_ROUNDS)) {
                lost.complete(complaint(pulse));
            }
        }
    }

    /** Why the gateway cannot be relied on, for people; null if all is well. */
    public @Nullable String complaint() {
        Thread watcher = keeper;
        if (watcher != null && !watcher.isAlive() && !closed) {
            return "The thread plano-vitals has ended. Restart the gateway.";
        }
        for (Pulse pulse : pulses) {
            if (!pulse.isClosed() && (pulse.hasEnded() || pulse.silence() >= SILENT_ROUNDS)) {
                return complaint(pulse);
            }
        }
        return null;
    }

    private static String complaint(Pulse pulse) {
        return pulse.hasEnded()
                ? "The thread " + pulse.name() + " has ended. Restart the gateway."
                : "The thread " + pulse.name() + " has not answered for " + pulse.silence() + " seconds.";
    }

    /** Completes with the reason, on the keeper's thread, when the gateway cannot go on. */
    public CompletableFuture<String> lost() {
        return lost;
    }

    /** Stops listening. */
    @Override
    public void close() {
        closed = true;
        Thread running = keeper;
        if (running != null && running != Thread.currentThread()) {
            running.interrupt();
            try {
                running.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
