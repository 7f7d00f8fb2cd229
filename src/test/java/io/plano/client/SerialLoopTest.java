package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SerialLoopTest {
    private static final int THREADS = 8;
    private static final int SIGNALS = 20_000;
    private static final int ROUNDS = 20;

    @Test
    void runsOnceForOneSignal() {
        AtomicInteger runs = new AtomicInteger();
        SerialLoop loop = new SerialLoop(runs::incrementAndGet);
        loop.signal();
        loop.signal();
        assertThat(runs).hasValue(2);
    }

    @Test
    void aSignalFromWithinMakesItRunOnceMoreAndDoesNotRecurse() {
        List<String> steps = new ArrayList<>();
        AtomicReference<SerialLoop> self = new AtomicReference<>();
        self.set(new SerialLoop(() -> {
            steps.add("in");
            if (steps.size() < 6) {
                self.get().signal();
                self.get().signal();
            }
            steps.add("out");
        }));
        self.get().signal();
        assertThat(steps).containsExactly("in", "out", "in", "out", "in", "out", "in", "out");
    }

    @Test
    void theLastThingRunsOnceAndTheBodyNoMore() {
        List<String> steps = new ArrayList<>();
        SerialLoop loop = new SerialLoop(() -> steps.add("body"));
        loop.signal();
        loop.finish(() -> steps.add("last"));
        loop.signal();
        loop.signal();
        assertThat(steps).containsExactly("body", "last");
    }

    @Test
    void theLastThingWaitsForWhoeverIsInside() {
        List<String> steps = new ArrayList<>();
        AtomicReference<SerialLoop> self = new AtomicReference<>();
        self.set(new SerialLoop(() -> {
            self.get().finish(() -> steps.add("last"));
            steps.add("out of the body");
        }));
        self.get().signal();
        assertThat(steps).containsExactly("out of the body", "last");
    }

    /** What a callback stored before its signal is seen by a run after it; two runs never overlap. */
    @Test
    void noSignalOfManyThreadsIsLostAndNoTwoRunsOverlap() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            signalFromManyThreads();
        }
    }

    private static void signalFromManyThreads() throws Exception {
        AtomicInteger stored = new AtomicInteger();
        int[] taken = new int[1]; // plain on purpose: only the body touches it
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean overlapped = new AtomicBoolean();
        AtomicReference<SerialLoop> self = new AtomicReference<>();
        SerialLoop loop = new SerialLoop(() -> {
            if (!inside.compareAndSet(false, true)) {
                overlapped.set(true);
            }
            int now = stored.get();
            if (now % 7 == 0 && now != taken[0]) {
                self.get().signal();
            }
            taken[0] = now;
            inside.set(false);
        });
        self.set(loop);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
                for (int n = 0; n < SIGNALS; n++) {
                    stored.incrementAndGet();
                    loop.signal();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(overlapped).isFalse();
        assertThat(taken[0]).isEqualTo(THREADS * SIGNALS);
    }

    @Test
    void waitsForTheThreadInside() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        SerialLoop loop = new SerialLoop(() -> {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            left.set(true);
        });
        Thread inside = new Thread(loop::signal);
        inside.start();
        entered.await();
        loop.awaitIdle(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(left).as("the time was over first").isFalse();
        leave.countDown();
        loop.awaitIdle(TimeUnit.SECONDS.toNanos(30));
        assertThat(left).isTrue();
        inside.join();
    }

    @Test
    void doesNotWaitForItself() {
        AtomicReference<SerialLoop> self = new AtomicReference<>();
        AtomicInteger runs = new AtomicInteger();
        self.set(new SerialLoop(() -> {
            runs.incrementAndGet();
            self.get().awaitIdle(Long.MAX_VALUE);
        }));
        self.get().signal();
        assertThat(runs).hasValue(1);
    }

    @Test
    void staysUsableWhateverItsBodyThrows() {
        AtomicInteger runs = new AtomicInteger();
        SerialLoop loop = new SerialLoop(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError();
            }
        });
        assertThat(loop.hasStumbled()).isFalse();
        loop.signal();
        loop.signal();
        assertThat(runs).hasValue(2);
        assertThat(loop.hasStumbled()).isTrue();
    }
}
