package io.plano.upstream.connect;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.reactor.IOWorkerSelector;
import org.apache.hc.core5.reactor.IOWorkerStats;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the reactor: makes them, says which one gets the next connection (each in its turn), and knows whether
 * they live. One that ends takes the reactor with it at the next connection, so its end is reported; one that turns shows
 * it by the time of its last look at its sockets, at most half a second apart. That time is known from the first
 * connection on, before which there is nothing that could block. Safe for every thread.
 */
final class ReactorWorkers implements ThreadFactory, IOWorkerSelector, AutoCloseable {
    private final Vitals vitals;
    private final List<Pulse> pulses = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile IOWorkerStats @Nullable [] workers;

    ReactorWorkers(Vitals vitals) {
        this.vitals = vitals;
    }

    @Override
    public synchronized Thread newThread(Runnable body) {
        int number = pulses.size();
        String name = "plano-upstream-" + (number + 1);
        long[] last = {0};
        Pulse pulse = vitals.pulse(name, () -> hasTurned(number, last));
        pulses.add(pulse);
        Thread thread = new Thread(pulse.guard(body), name);
        thread.setDaemon(true);
        return thread;
    }

    private boolean hasTurned(int number, long[] last) {
        IOWorkerStats[] known = workers;
        if (known == null || number >= known.length) {
            return true;
        }
        long latest = known[number].lastSelectMilli();
        boolean turned = latest != last[0];
        last[0] = latest;
        return turned;
    }

    @Override
    public int select(IOWorkerStats[] known) {
        workers = known;
        return Math.floorMod(turn.getAndIncrement(), known.length);
    }

    /** They are about to end because they are told to. */
    @Override
    public synchronized void close() {
        pulses.forEach(Pulse::close);
    }
}
