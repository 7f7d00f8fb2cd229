package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class LeakWatchTest {
    private final LeakWatch watch = LeakWatch.start(Duration.ofMillis(100), List.of("ignored-"));
    private final CountDownLatch end = new CountDownLatch(1);

    private Thread started(String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private void stop(Thread thread) throws InterruptedException {
        end.countDown();
        thread.join();
    }

    @Test
    void isContentWithATestThatLeavesNothing() {
        try (FakeUpstream upstream = FakeUpstream.start();
                RawClient client = RawClient.connect(upstream.port())) {
            upstream.enqueue(Reply.json(200, "{}"));
            client.request("GET", "/").exchange();
        }
        assertThatCode(watch::end).doesNotThrowAnyException();
    }

    @Test
    void findsAConnectionThatWasLeftOpen() {
        FakeUpstream upstream = FakeUpstream.start();
        try (RawClient client = RawClient.connect(upstream.port())) {
            upstream.enqueue(Reply.json(200, "{}"));
            client.request("GET", "/").exchange();
            upstream.close();
        }
        assertThatThrownBy(watch::end)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 open connections at port " + upstream.port());
    }

    @Test
    void findsAnUpstreamThatWasNotClosed() {
        FakeUpstream upstream = FakeUpstream.start();
        assertThatThrownBy(watch::end)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the upstream at port " + upstream.port() + " was not closed");
    }

    @Test
    void letsARunningGatewayKeepIdleConnectionsButNoBusyOnes() throws Exception {
        try (GatewayContainer running = GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", "");
                RawClient idle = pooled(Reply.json(200, "{}"));
                RawClient busy = pooled(Reply.stream().stall())) {
            assertThatThrownBy(watch::end)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 busy connections")
                    .hasMessageNotContaining("open connections");
        }
    }

    private static RawClient pooled(Reply reply) {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            RawClient client = RawClient.connect(upstream.port());
            upstream.enqueue(reply);
            client.request("GET", "/").exchange();
            return client;
        }
    }

    @Test
    void findsMemoryThatAGatewayStillHolds() {
        MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(100_000_000));
        try (Holding left = budget.open("192.0.2.1", 1234)) {
            assertThat(left.isAdmitted()).isTrue();
            LeakWatch.closed(budget);
        }
        LeakWatch.closed(budget);

        assertThatThrownBy(watch::end)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("left behind: [1234 bytes of the memory budget]");
    }

    @Test
    void findsANonDaemonThread() throws Exception {
        Thread left = started("left-over");
        assertThatThrownBy(watch::end).isInstanceOf(AssertionError.class).hasMessageContaining("left-over");
        stop(left);
    }

    @Test
    void overlooksTheThreadsThatItWasToldToIgnore() throws Exception {
        Thread left = started("ignored-1");
        assertThatCode(watch::end).doesNotThrowAnyException();
        stop(left);
    }

    @Test
    void findsAnUncaughtException() throws Exception {
        Thread failing = new Thread(() -> {
            throw new IllegalStateException("nobody catches me");
        });
        failing.start();
        failing.join();
        assertThatThrownBy(watch::end)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("uncaught exceptions: 1")
                .satisfies(failure -> assertThatThrownBy(() -> {
                            throw failure.getSuppressed()[0];
                        })
                        .hasRootCauseMessage("nobody catches me"));
    }
}
