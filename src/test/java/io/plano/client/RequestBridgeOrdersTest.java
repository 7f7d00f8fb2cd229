package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.client.ScheduledInput.AtEnd;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.upstream.RequestOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every order in which a client, a provider's connection and the end of an exchange can meet over a body that streams: one
 * after the other, and each of them inside every call of the bridge, on another thread.
 */
@DisplayName("No order of events loses, repeats or holds a byte of a body that streams")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RequestBridgeOrdersTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LENGTH = 5;

    /** Whole bodies, whose bytes all arrive if nobody misses a word of the others. */
    private static final List<List<Event>> STORIES = List.of(
            List.of(Event.LARGE_DEMAND, Event.DATA, Event.SPLIT_DATA, Event.END),
            List.of(Event.DATA, Event.LARGE_DEMAND, Event.DATA, Event.END),
            List.of(Event.DEMAND, Event.DATA, Event.DEMAND, Event.SPLIT_DATA, Event.LARGE_DEMAND, Event.END),
            List.of(Event.SPLIT_DATA, Event.END, Event.DEMAND, Event.DEMAND, Event.LARGE_DEMAND));

    private enum Event {
        /** A few bytes come. */
        DATA {
            @Override
            void happen(Run run) {
                run.arrive(5);
            }
        },
        /** So many come that they take several reads. */
        SPLIT_DATA {
            @Override
            void happen(Run run) {
                run.arrive(RequestBridge.BUFFER_SIZE + 7);
            }
        },
        END {
            @Override
            void happen(Run run) {
                if (!run.input.isBroken()) {
                    run.input.end();
                }
            }
        },
        /** The client's connection breaks. */
        BROKEN {
            @Override
            void happen(Run run) {
                if (!run.input.isOver() && !run.input.isBroken()) {
                    run.input.breakOff();
                }
            }
        },
        /** The provider takes a few bytes, and then pauses. */
        DEMAND {
            @Override
            void happen(Run run) {
                run.output.makeRoom(3);
            }
        },
        /** The provider takes all that there is and will be. */
        LARGE_DEMAND {
            @Override
            void happen(Run run) {
                run.output.makeRoom(1 << 20);
            }
        },
        /** The exchange is over. */
        ABORT {
            @Override
            void happen(Run run) {
                run.over = true;
                run.bridge.abandon();
            }
        },
        /** The attempt is over, with its connection or without. */
        ATTEMPT_OVER {
            @Override
            void happen(Run run) {
                run.over = true;
                run.output.close();
            }
        };

        abstract void happen(Run run);
    }

    /** A client says nothing behind its end, and what is over is not over again. */
    private static boolean isPossible(List<Event> events) {
        Event last = events.get(events.size() - 1);
        List<Event> before = events.subList(0, events.size() - 1);
        boolean isClients = last == Event.DATA || last == Event.SPLIT_DATA || last == Event.END || last == Event.BROKEN;
        boolean isSilent = before.contains(Event.END) || before.contains(Event.BROKEN);
        boolean isLast = last == Event.ABORT || last == Event.ATTEMPT_OVER;
        return !(isClients && isSilent) && !(isLast && before.contains(last));
    }

    @Test
    void oneAfterTheOther() {
        int[] orders = {0};
        for (AtEnd atEnd : AtEnd.values()) {
            Orders.upTo(LENGTH, Event.values(), RequestBridgeOrdersTest::isPossible, order -> {
                Run run = new Run(atEnd);
                run.start();
                order.forEach(run::happen);
                run.assertHonest(atEnd + " " + order);
                orders[0]++;
            });
        }
        assertThat(orders[0]).isGreaterThan(20_000);
    }

    @Test
    void eachInsideEveryCallOfTheBridge() {
        int[] orders = {0};
        for (AtEnd atEnd : AtEnd.values()) {
            Orders.upTo(2, Event.values(), RequestBridgeOrdersTest::isPossible, others -> {
                for (int touch = 0; playWith(atEnd, touch, others); touch++) {
                    orders[0]++;
                }
            });
        }
        assertThat(orders[0]).isGreaterThan(1_000);
    }

    @Test
    void theRestInsideEveryCallOfTheBridge() {
        int orders = 0;
        for (AtEnd atEnd : AtEnd.values()) {
            for (List<Event> story : STORIES) {
                boolean met = true;
                for (int touch = 0; met; touch++) {
                    Run run = new Run(atEnd);
                    run.meetsAt = touch;
                    run.start();
                    met = run.play(story);
                    run.assertHonest(atEnd + " at call " + touch + ": the rest of " + story);
                    orders++;
                }
            }
        }
        assertThat(orders).isGreaterThan(100);
    }

    private static boolean playWith(AtEnd atEnd, int touch, List<Event> others) {
        Run run = new Run(atEnd);
        run.meetsAt = touch;
        run.others = others;
        run.start();
        List.of(Event.DEMAND, Event.DATA, Event.SPLIT_DATA, Event.LARGE_DEMAND, Event.END)
                .forEach(run::happen);
        boolean met = run.hasMet();
        run.assertHonest(atEnd + " at call " + touch + ": " + others);
        return met;
    }

    /** One bridge between a client and a provider's connection. */
    private static final class Run {
        private final ScheduledInput input;
        private final Output output = new Output();
        private final List<FailureKind> failures = Collections.synchronizedList(new ArrayList<>());
        private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        private final RequestBridge bridge;
        private volatile boolean over;
        private int touches;
        private int meetsAt = -1;
        private List<Event> others = List.of();
        private volatile @Nullable Thread other;
        private int mostHeld;

        Run(AtEnd atEnd) {
            input = new ScheduledInput(atEnd, this::touched);
            bridge = new RequestBridge(input, this::brokenOff);
        }

        void start() {
            bridge.start();
            output.turn();
        }

        private void brokenOff(GatewayException failure) {
            failures.add(failure.kind());
        }

        void arrive(int count) {
            if (!input.isOver() && !input.isBroken()) {
                input.arrive(ScheduledInput.bytes(input.arrivedBytes(), count));
            }
        }

        /** At that call, the rest of the story happens on another thread; says whether there was such a call. */
        boolean play(List<Event> story) {
            for (int i = 0; i < story.size() && !hasMet(); i++) {
                others = story.subList(i + 1, story.size());
                happen(story.get(i));
            }
            return hasMet();
        }

        void happen(Event event) {
            event.happen(this);
            input.tellOfEnd();
            output.turn();
        }

        /** At that call the others happen on another thread, which is let go as far as it comes by itself. */
        private void touched() {
            mostHeld = Math.max(mostHeld, input.readBytes() - output.taken());
            if (Thread.currentThread() == other || touches++ != meetsAt) {
                return;
            }
            Thread started = new Thread(() -> others.forEach(this::happen), "other");
            started.setUncaughtExceptionHandler((thread, failure) -> violations.add("" + failure));
            other = started;
            started.start();
            try {
                started.join(SOON.toMillis()); // nothing in it ever waits
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (started.isAlive()) {
                violations.add("the other thread is " + started.getState());
            }
        }

        boolean hasMet() {
            return other != null;
        }

        void assertHonest(String order) {
            // Whatever was still asked for is done.
            input.tellOfEnd();
            output.turn();
            assertThat(violations).as(order).isEmpty();
            assertThat(input.violations()).as(order).isEmpty();
            assertThat(input.hasSent(output.bytes.toByteArray()))
                    .as("what came is what was sent: " + order)
                    .isTrue();
            assertThat(output.ends).as("ends: " + order).isLessThanOrEqualTo(1);
            assertThat(mostHeld).as("held: " + order).isLessThanOrEqualTo(RequestBridge.BUFFER_SIZE);
            if (output.ends == 1) {
                assertThat(input.isOver()).as("ends with its client: " + order).isTrue();
                assertThat(output.taken()).as(order).isEqualTo(input.arrivedBytes());
            }
            if (input.isBroken()) {
                assertThat(failures).as(order).containsExactly(FailureKind.CLIENT_GONE);
            } else {
                assertThat(failures).as(order).isEmpty();
            }
            if (over) {
                assertThat(output.isLeftOpen())
                        .as("the connection of a body that nobody ends is closed: " + order)
                        .isFalse();
            } else if (!input.isBroken()) {
                assertAllHasGone(order);
            }
        }

        /** Nothing lies anywhere that somebody could move. */
        private void assertAllHasGone(String order) {
            int expected = Math.min(input.arrivedBytes(), output.granted());
            assertThat(output.taken()).as("moved: " + order).isEqualTo(expected);
            if (input.isOver() && output.taken() == input.arrivedBytes() && output.hasBegun()) {
                assertThat(output.ends).as("ended: " + order).isOne();
            }
        }

        /** A provider's connection: asks the body for more when it is told to, and at every turn where the body says so. */
        private final class Output implements RequestOutput {
            private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            private int room;
            private int granted;
            private int ends;
            private boolean inside;
            private boolean again;
            private volatile boolean requested;
            private boolean begun;
            private volatile boolean closed;
            private boolean released;

            synchronized int taken() {
                return bytes.size();
            }

            synchronized int granted() {
                return granted;
            }

            /** Whether a provider waits there for a body that nobody will send. */
            synchronized boolean isLeftOpen() {
                return begun && room > 0 && ends == 0 && !closed;
            }

            boolean hasBegun() {
                return begun;
            }

            void makeRoom(int more) {
                synchronized (this) {
                    room += more;
                    granted += more;
                }
                turn();
            }

            /** One thread serves a connection: what comes while it does makes it look once more. */
            void turn() {
                synchronized (this) {
                    again = true;
                    if (inside) {
                        return;
                    }
                    inside = true;
                }
                while (isWanted()) {
                    produce();
                }
            }

            private synchronized boolean isWanted() {
                boolean wanted = again && (requested || bridge.isReady()) && room > 0 && !closed && ends == 0;
                again = false;
                inside = wanted;
                return wanted;
            }

            private void produce() {
                requested = false;
                begun = true;
                boolean inVain = over;
                try {
                    bridge.produce(this);
                    if (inVain) {
                        violations.add("a body without an exchange is asked in vain");
                    }
                } catch (IOException refused) {
                    if (!over) {
                        violations.add("refused: " + refused);
                    }
                    close();
                }
            }

            void close() {
                closed = true;
                bridge.release();
                released = true;
            }

            @Override
            public int write(ByteBuffer source) throws IOException {
                if (released) {
                    violations.add("written to after the attempt was over");
                }
                touched();
                synchronized (this) {
                    if (closed) {
                        throw new IOException("closed");
                    }
                    int count = Math.min(room, source.remaining());
                    byte[] taken = new byte[count];
                    source.get(taken);
                    bytes.writeBytes(taken);
                    room -= count;
                    return count;
                }
            }

            @Override
            public void requestOutput() {
                touched();
                requested = true;
            }

            @Override
            public void end() throws IOException {
                touched();
                if (closed) {
                    throw new IOException("closed");
                }
                ends++;
            }
        }
    }
}
