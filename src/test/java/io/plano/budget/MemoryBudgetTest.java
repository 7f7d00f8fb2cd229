package io.plano.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBudgetTest {
    private static final long MB = 1 << 20;

    private long now;
    private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(160 * MB), () -> now);

    /** Says what it hears. */
    private static final class Told implements MemoryBudget.Waiter {
        private final List<String> words = new ArrayList<>();

        @Override
        public void granted() {
            words.add("granted");
        }

        @Override
        public void refused() {
            words.add("refused");
        }
    }

    @Test
    void holdsWhatIsReservedUntilTheExchangeIsOver() {
        Holding holding = budget.open("192.0.2.1", 2000);
        assertThat(budget.held()).isEqualTo(2000);
        assertThat(holding.reserve(3 * MB)).isTrue();
        assertThat(holding.reserve(MB)).isTrue();
        holding.release(MB);
        assertThat(budget.held()).isEqualTo(2000 + 3 * MB).isEqualTo(holding.held());

        holding.close();

        assertThat(budget.held()).isZero();
        assertThat(budget.heldBy("192.0.2.1")).isZero();
    }

    @Test
    void writesNothingDownForASmallExchangeWhileLittleIsHeld() {
        Holding holding = budget.open("192.0.2.1", 60_000);

        assertThat(budget.heldBy("192.0.2.1")).isZero();
        holding.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void takesNothingForAnExchangeThatIsOver() {
        Holding holding = budget.open("192.0.2.1", 2000);
        holding.close();

        assertThat(holding.reserve(1)).isFalse();
        assertThat(holding.enter()).isFalse();
        holding.release(1);
        assertThat(budget.held()).isZero();
    }

    @Test
    void letsNoClientHoldMoreThanAQuarter() {
        List<Holding> holdings = new ArrayList<>();
        Holding next = budget.open("192.0.2.1", 8000);
        while (next.reserve(MB)) {
            holdings.add(next);
            next = budget.open("192.0.2.1", 8000);
        }
        holdings.add(next);

        assertThat(budget.held()).isBetween(20 * MB, 40 * MB);
        Holding other = budget.open("192.0.2.2", 8000);
        assertThat(other.reserve(10 * MB)).as("somebody else").isTrue();

        while (next.isAdmitted()) {
            next = budget.open("192.0.2.1", 60_000);
            holdings.add(next);
        }
        assertThat(budget.held() - other.held())
                .as("small ones have the last eighth")
                .isBetween(28 * MB, 40 * MB);
        other.close();
        holdings.forEach(Holding::close);
        assertThat(budget.held()).isZero();
    }

    @Test
    void keepsTheLastEighthForSmallExchanges() {
        List<Holding> holdings = new ArrayList<>();
        for (int client = 0; client < 20; client++) {
            Holding large = budget.open("192.0.2." + client, 8000);
            holdings.add(large);
            while (large.reserve(MB)) {}
        }
        assertThat(budget.held()).isBetween(138 * MB, 141 * MB);

        Holding small = budget.open("198.51.100.1", 8000);
        assertThat(small.isAdmitted()).isTrue();
        assertThat(small.held()).isEqualTo(8000);
        assertThat(small.reserve(50_000)).isTrue();
        assertThat(small.reserve(MB)).isFalse();
        small.close();
        holdings.forEach(Holding::close);
        assertThat(budget.held()).isZero();
    }

    @Test
    void grantsWhoeverWaitsAsSoonAsThereIsRoom() {
        Holding full = budget.open("192.0.2.1", 8000);
        assertThat(full.reserve(26 * MB)).isTrue();
        Holding waiting = budget.open("192.0.2.1", 8000);
        Told told = new Told();
        assertThat(waiting.reserve(2 * MB)).isFalse();
        waiting.await(2 * MB, told);

        budget.serveWaiting(Runnable::run);
        assertThat(told.words).isEmpty();
        full.close();
        budget.serveWaiting(Runnable::run);
        budget.serveWaiting(Runnable::run);

        assertThat(told.words).containsExactly("granted");
        assertThat(waiting.held()).isEqualTo(2 * MB + 8000);
        waiting.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void refusesWhoeverHasWaitedASecond() {
        Holding full = budget.open("192.0.2.1", 8000);
        assertThat(full.reserve(26 * MB)).isTrue();
        Told told = new Told();
        Holding waiting = budget.open("192.0.2.1", 8000);
        waiting.await(2 * MB, told);

        now = TimeUnit.MILLISECONDS.toNanos(999);
        budget.serveWaiting(Runnable::run);
        assertThat(told.words).isEmpty();
        now = TimeUnit.MILLISECONDS.toNanos(1000);
        budget.serveWaiting(Runnable::run);
        full.close();
        budget.serveWaiting(Runnable::run);

        assertThat(told.words).containsExactly("refused");
        waiting.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void forgetsWhoeverHasGoneWhileWaiting() {
        Holding full = budget.open("192.0.2.1", 8000);
        assertThat(full.reserve(26 * MB)).isTrue();
        Told told = new Told();
        Holding waiting = budget.open("192.0.2.1", 8000);
        waiting.await(2 * MB, told);
        waiting.close();
        full.close();

        budget.serveWaiting(Runnable::run);
        assertThat(told.words).isEmpty();
        assertThat(budget.held()).isZero();
    }

    @Test
    void refusesWhereNobodyCanGoOnWithIt() {
        Told told = new Told();
        Holding waiting = budget.open("192.0.2.1", 8000);
        waiting.await(2 * MB, told);

        budget.serveWaiting(task -> {
            throw new RejectedExecutionException();
        });

        assertThat(told.words).containsExactly("refused");
        assertThat(waiting.held()).isEqualTo(8000);
        waiting.close();
    }

    @Test
    void givesNothingBackBeforeTheLastOneIsOut() {
        Holding holding = budget.open("192.0.2.1", 2000);
        assertThat(holding.reserve(MB)).isTrue();
        assertThat(holding.enter()).isTrue();
        holding.close();

        assertThat(holding.isOver()).isTrue();
        assertThat(budget.held()).isEqualTo(2000 + MB);
        assertThat(holding.reserve(MB)).as("for the work that is going on").isTrue();
        assertThat(holding.enter()).isFalse();
        holding.leave();
        assertThat(budget.held()).isZero();
        assertThat(holding.reserve(MB)).isFalse();
    }

    @Test
    void appliesNewLimitsAtOnce() {
        budget.limit(BudgetLimits.ofTotal(8 * MB));
        Holding holding = budget.open("192.0.2.1", 8000);

        assertThat(holding.canEverReserve(3 * MB)).isFalse();
        assertThat(holding.reserve(3 * MB)).isFalse();
        holding.close();
    }

    @Test
    void whoLeavesLastWhileTheExchangeEndsGivesBackOnce() throws Exception {
        MemoryBudget shared = new MemoryBudget(BudgetLimits.ofTotal(32 * MB));
        Holding holding = shared.open("192.0.2.1", 15_000);
        assertThat(holding.enter()).isTrue();
        Thread closing = new Thread(holding::close);
        synchronized (holding) {
            closing.start();
            while (!holding.isOver() || closing.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            holding.leave();
        }
        closing.join();
        assertThat(shared.held()).isZero();
    }

    @Test
    void comesBackToNothingWhicheverWayExchangesEnd() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        MemoryBudget shared = new MemoryBudget(BudgetLimits.ofTotal(32 * MB));
        CountDownLatch done = new CountDownLatch(4);
        for (int worker = 0; worker < 4; worker++) {
            String client = "192.0.2." + worker % 2;
            threads.execute(() -> {
                for (int round = 0; round < 3000; round++) {
                    oneExchange(shared, client, threads);
                }
                done.countDown();
            });
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(shared.held()).isZero();
        assertThat(shared.heldBy("192.0.2.0")).isZero();
        assertThat(shared.heldBy("192.0.2.1")).isZero();
    }

    /** Its end meets a reservation and a worker on another thread. */
    private static void oneExchange(MemoryBudget shared, String client, ExecutorService threads) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Holding holding = shared.open(client, random.nextInt(70_000));
        threads.execute(() -> {
            if (holding.enter()) {
                if (holding.reserve(100_000)) {
                    holding.release(50_000);
                }
                holding.leave();
            }
            boolean ignored = holding.reserve(1000);
        });
        if (random.nextBoolean() && holding.reserve(200_000)) {
            holding.release(random.nextInt(200_000));
        }
        holding.close();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1",
        "2001:db8:1:2:3:4:5:6,2001:db8:1:2:",
        "[2001:db8:1:2:9::1],2001:db8:1:2:",
        "::1,''"
    })
    void takesAnIpv6NetworkForOneClient(String address, String client) {
        assertThat(ClientAddress.clientOf(address)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({"64,16", "256,96", "512,224", "1024,480", "2048,992", "8192,4064"})
    void takesAShareOfTheHeap(long heap, long share) {
        assertThat(BudgetLimits.shareOf(heap * MB)).isEqualTo(share * MB);
    }
}
