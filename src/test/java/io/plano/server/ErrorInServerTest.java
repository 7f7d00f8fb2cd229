package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.Vitals;
import io.plano.hostile.Failings;
import io.plano.hostile.FaultyLog;
import io.plano.process.DescriptorBudget;
import io.plano.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("9.1: an error in the server's own work ends that piece of work, and nothing waits for it")
class ErrorInServerTest {
    /** Runs what it is given when it is told to; can fail to take anything. */
    private static final class ManualScheduler extends AbstractLifeCycle implements Scheduler {
        private final List<Runnable> tasks = new ArrayList<>();
        private Failings failing;

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit unit) {
            if (failing != null) {
                throw failing.get();
            }
            tasks.add(task);
            return () -> tasks.remove(task);
        }

        private void run() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }

    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicInteger closed = new AtomicInteger();

    private LingeringClose lingering() {
        LingeringClose lingering = new LingeringClose(scheduler);
        lingering.tell(channel -> closed.incrementAndGet());
        return lingering;
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatCannotLingerIsClosed(Failings error) {
        for (String method : List.of("shutdownOutput", "read")) {
            FaultyChannel channel = new FaultyChannel(method, 1, error);
            lingering().close(channel);
            assertThat(channel.isOpen()).as(method).isFalse();
        }
        assertThat(closed).hasValue(2);
        assertThat(scheduler.tasks).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatLingersIsClosedWhenItCannotGoOn(Failings error) {
        FaultyChannel channel = new FaultyChannel("read", 2, error);
        FaultyChannel other = new FaultyChannel("none", 1, error);
        LingeringClose lingering = lingering();
        lingering.close(channel);
        lingering.close(other);
        assertThat(channel.isOpen()).isTrue();
        scheduler.run();

        assertThat(channel.isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
        assertThat(scheduler.tasks).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatNobodyWouldLookAtAgainIsClosed(Failings error) {
        scheduler.failing = error;
        FaultyChannel channel = new FaultyChannel("none", 1, error);
        lingering().close(channel);
        assertThat(channel.isOpen()).isFalse();

        FaultyChannel surplus = new FaultyChannel("none", 1, error);
        new SurplusClients(scheduler, Vitals.UNWATCHED, lingering()).answer(surplus);
        assertThat(surplus.isOpen()).isFalse();
        assertThat(closed).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatPausesIsNotForgotten(Failings error) throws Exception {
        LingeringClose lingering = lingering();
        ClientConnections full = new ClientConnections(
                new DescriptorBudget(600, 0, 0), lingering, new SurplusClients(scheduler, Vitals.UNWATCHED, lingering));
        AcceptGate gate = new AcceptGate(full, most -> 0, scheduler);
        try (Selector selector = Selector.open();
                ServerSocketChannel port = ServerSocketChannel.open()) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port.configureBlocking(false);
            SelectionKey key = port.register(gate.watched(selector), SelectionKey.OP_ACCEPT);
            scheduler.failing = error;

            assertThat(gate.accept(port)).isNull();
            assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_ACCEPT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLookAtSlowHeadsComesBack(Failings error) throws Exception {
        try (Vitals vitals = Vitals.start();
                HeadDeadline deadline = new HeadDeadline(scheduler, List.of(), Duration.ofSeconds(30))) {
            deadline.start(vitals);
            scheduler.failing = error;
            scheduler.run();
            assertThat(scheduler.tasks).isEmpty();
            scheduler.failing = null;

            Await.until(Duration.ofSeconds(10), () -> "nobody looks", () -> scheduler.tasks.size() == 1);
            assertThat(vitals.complaint()).isNull();
        }
    }

    @Test
    void theWatchdogTellsOfTheNextThreadThoughItCouldNotTellOfOne() throws Exception {
        try (FaultyLog log = FaultyLog.of(BlockingWatchdog.class);
                Vitals vitals = Vitals.start();
                BlockingWatchdog watchdog = BlockingWatchdog.start(Duration.ofMillis(50), vitals)) {
            for (int i = 0; i <= FaultyLog.faults(); i++) {
                int lines = log.lines().size();
                BlockingWatchdog.Watch watch = watchdog.newWatch();
                watch.begin();
                Await.until(
                        Duration.ofSeconds(10),
                        () -> "not told",
                        () -> log.lines().size() > lines);
                watch.end();
            }
            vitalsHear(vitals);
            assertThat(vitals.complaint()).isNull();
        }
    }

    /** One more round. */
    private static void vitalsHear(Vitals vitals) {
        AtomicInteger rounds = new AtomicInteger();
        vitals.pulse("test", () -> rounds.incrementAndGet() > 0);
        Await.until(Duration.ofSeconds(10), () -> "no round", () -> rounds.get() > 1);
    }

    /** A connection whose reading throws. */
    private static final class FaultyEndPoint extends ByteArrayEndPoint {
        private final Failings error;

        private FaultyEndPoint(Failings error) {
            this.error = error;
        }

        @Override
        public int fill(ByteBuffer buffer) {
            throw error.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatCannotBeWatchedCountsAsGoneAndNobodyWaitsForTheWatch(Failings error) {
        FaultyEndPoint endPoint = new FaultyEndPoint(error);
        endPoint.onOpen();
        AtomicInteger gone = new AtomicInteger();
        Connection.UpgradeTo connection = buffer -> {};
        SocketWatch watch = new SocketWatch(endPoint, connection);
        watch.watch(gone::incrementAndGet);
        endPoint.getFillInterest().fillable();

        assertThat(gone).hasValue(1);
        watch.release(); // returns
        endPoint.close();
    }

    @ParameterizedTest
    @EnumSource
    void aPipelinedRequestThatCannotBeHandedOverEndsTheExchangeBeforeIt(Failings error) {
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
        endPoint.onOpen();
        AtomicInteger gone = new AtomicInteger();
        Connection.UpgradeTo connection = buffer -> {
            throw error.get();
        };
        SocketWatch watch = new SocketWatch(endPoint, connection);
        watch.watch(gone::incrementAndGet);
        endPoint.addInput("G");
        endPoint.getFillInterest().fillable();

        assertThat(gone).hasValue(1);
        watch.release();
        endPoint.close();
    }
}
