package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.ByteSegments;
import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.client.ScheduledInput.AtEnd;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every order in which a client, the memory budget and the end of an exchange can meet over a body that is held: one after
 * the other, before and after the reading starts, and each of them inside every call of the aggregator, on another thread.
 */
@DisplayName("No order of events loses a body that is held, tells of it twice, or takes memory that nobody gave")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BodyAggregatorOrdersTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LENGTH = 5;
    private static final int LIMIT = 250_000;
    private static final int SMALL = 5;
    private static final int LARGE = 100_000;

    /** Whole bodies, which are received if nobody misses a word of the others. */
    private static final List<List<Event>> STORIES = List.of(
            List.of(Event.START, Event.DATA, Event.DATA, Event.END, Event.ROOM),
            List.of(Event.START, Event.DATA, Event.SPLIT_DATA, Event.SPLIT_DATA, Event.ROOM, Event.END),
            List.of(Event.SPLIT_DATA, Event.START, Event.ROOM, Event.SPLIT_DATA, Event.END));

    private enum Event {
        START {
            @Override
            void happen(Run run) {
                run.start();
            }
        },
        /** A few bytes come. */
        DATA {
            @Override
            void happen(Run run) {
                run.arrive(SMALL);
            }
        },
        /** So many come that they take several reads, and more memory than is there at first. */
        SPLIT_DATA {
            @Override
            void happen(Run run) {
                run.arrive(LARGE);
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
                if (!run.input.isOver()) {
                    run.input.breakOff();
                }
            }
        },
        /** There is room, and whoever waits for it gets it. */
        ROOM {
            @Override
            void happen(Run run) {
                run.makeRoom();
                run.budget.serveWaiting(Runnable::run);
            }
        },
        /** Whoever waits for room has waited for too long. */
        NO_ROOM {
            @Override
            void happen(Run run) {
                run.makeRoom();
                run.budget.serveWaiting(task -> {
                    throw new RejectedExecutionException();
                });
            }
        },
        /** The exchange is over. */
        ABORT {
            @Override
            void happen(Run run) {
                run.abort();
            }
        };

        abstract void happen(Run run);
    }

    /** What the client said of the length of its body. */
    private enum Declared {
        EXACTLY,
        TOO_MUCH,
        NOTHING;

        private long length(List<Event> events) {
            long all = 0;
            for (Event event : events) {
                all += event == Event.DATA ? SMALL : event == Event.SPLIT_DATA ? LARGE : 0;
            }
            return switch (this) {
                case EXACTLY -> all;
                case TOO_MUCH -> all + 1;
                case NOTHING -> -1;
            };
        }
    }

    private static boolean isPossible(List<Event> events) {
        Event last = events.get(events.size() - 1);
        List<Event> before = events.subList(0, events.size() - 1);
        boolean isClients = last == Event.DATA || last == Event.SPLIT_DATA || last == Event.END || last == Event.BROKEN;
        boolean isSilent = before.contains(Event.END) || before.contains(Event.BROKEN);
        boolean isOnce = last == Event.START || last == Event.ROOM || last == Event.NO_ROOM || last == Event.ABORT;
        boolean comesTooEarly =
                (last == Event.ROOM || last == Event.NO_ROOM || last == Event.ABORT || last == Event.BROKEN)
                        && !before.contains(Event.START);
        return !(isClients && isSilent) && !(isOnce && before.contains(last)) && !comesTooEarly;
    }

    @Test
    void oneAfterTheOther() {
        int[] orders = {0};
        for (AtEnd atEnd : AtEnd.values()) {
            for (Declared declared : Declared.values()) {
                Orders.upTo(LENGTH, Event.values(), BodyAggregatorOrdersTest::isPossible, order -> {
                    Run run = new Run(atEnd, declared, order);
                    order.forEach(run::happen);
                    run.assertHonest(atEnd + " " + declared + " " + order);
                    orders[0]++;
                });
            }
        }
        assertThat(orders[0]).isGreaterThan(9_000);
    }

    @Test
    void eachInsideEveryCallOfTheAggregator() {
        List<Event> story = List.of(Event.START, Event.DATA, Event.SPLIT_DATA, Event.ROOM, Event.END);
        int[] orders = {0};
        for (AtEnd atEnd : AtEnd.values()) {
            for (Declared declared : List.of(Declared.EXACTLY, Declared.NOTHING)) {
                for (List<Event> others : List.of(
                        List.of(Event.BROKEN),
                        List.of(Event.ROOM),
                        List.of(Event.NO_ROOM),
                        List.of(Event.ABORT),
                        List.of(Event.ROOM, Event.BROKEN),
                        List.of(Event.BROKEN, Event.ROOM),
                        List.of(Event.ROOM, Event.ABORT),
                        List.of(Event.ABORT, Event.NO_ROOM))) {
                    boolean met = true;
                    for (int touch = 0; met; touch++) {
                        Run run = new Run(atEnd, declared, story);
                        run.meetsAt = touch;
                        run.others = others;
                        story.forEach(run::happen);
                        met = run.other != null;
                        run.assertHonest(atEnd + " " + declared + " at call " + touch + ": " + others);
                        orders[0]++;
                    }
                }
            }
        }
        assertThat(orders[0]).isGreaterThan(100);
    }

    @Test
    void theRestInsideEveryCallOfTheAggregator() {
        int orders = 0;
        for (AtEnd atEnd : AtEnd.values()) {
            for (Declared declared : Declared.values()) {
                for (List<Event> story : STORIES) {
                    boolean met = true;
                    for (int touch = 0; met; touch++) {
                        Run run = new Run(atEnd, declared, story);
                        run.meetsAt = touch;
                        met = run.play(story);
                        run.assertHonest(atEnd + " " + declared + " at call " + touch + ": the rest of " + story);
                        orders++;
                    }
                }
            }
        }
        assertThat(orders).isGreaterThan(100);
    }

    /** One aggregator, between a client and a budget that another exchange has used up. */
    private static final class Run implements BodyReceiver {
        private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(4 << 20));
        private final Holding elsewhere = budget.open("192.0.2.1", 0);
        private final Holding holding = budget.open("192.0.2.1", 0);
        private final long spent;
        private final ScheduledInput input;
        private final BodyAggregator aggregator;
        private final long declared;
        private final List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
        private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean roomMade;
        private volatile boolean aborted;
        private boolean started;
        private int touches;
        private int meetsAt = -1;
        private List<Event> others = List.of();
        private volatile @Nullable Thread other;
        private volatile long reserved = -1;
        private volatile int received = -1;

        Run(AtEnd atEnd, Declared said, List<Event> events) {
            spent = 600 << 10;
            assertThat(elsewhere.reserve(spent)).isTrue();
            input = new ScheduledInput(atEnd, this::touched);
            declared = said.length(events);
            aggregator = new BodyAggregator(input, declared, new BodyAggregator.Reserved(holding, 0), LIMIT, this);
        }

        /** At that call, the rest of the story happens on another thread; says whether there was such a call. */
        boolean play(List<Event> story) {
            for (int i = 0; i < story.size() && other == null; i++) {
                others = story.subList(i + 1, story.size());
                happen(story.get(i));
            }
            return other != null;
        }

        void happen(Event event) {
            event.happen(this);
            if (started) {
                input.tellOfEnd();
            }
        }

        void start() {
            try {
                started = true;
                aggregator.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void arrive(int count) {
            if (!input.isOver() && !input.isBroken()) {
                input.arrive(ScheduledInput.bytes(input.arrivedBytes(), count));
            }
        }

        synchronized void makeRoom() {
            if (!roomMade) {
                roomMade = true;
                elsewhere.close();
            }
        }

        synchronized void abort() {
            if (!aborted) {
                aborted = true;
                holding.close();
            }
        }

        @Override
        public void received(ByteSegments body, long more) {
            outcomes.add("received");
            received = (int) body.length();
            reserved = more;
            if (!input.hasSent(body.toByteArray()) || body.length() != input.arrivedBytes()) {
                violations.add("not what was sent");
            }
            if (!input.isOver() && body.length() != declared) {
                violations.add("received before its end");
            }
        }

        @Override
        public void failed(GatewayException failure) {
            outcomes.add(failure.kind().name());
        }

        private void touched() {
            if (Thread.currentThread() == other || touches++ != meetsAt) {
                return;
            }
            Thread running = new Thread(() -> others.forEach(this::happen), "other");
            running.setUncaughtExceptionHandler((thread, failure) -> violations.add("" + failure));
            other = running;
            running.start();
            try {
                running.join(SOON.toMillis()); // nothing in it ever waits
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (running.isAlive()) {
                violations.add("the other thread is " + running.getState());
            }
        }

        void assertHonest(String order) {
            if (started) {
                input.tellOfEnd();
            }
            assertThat(violations).as(order).isEmpty();
            assertThat(input.violations()).as(order).isEmpty();
            assertThat(outcomes).as("told once: " + order).hasSizeLessThanOrEqualTo(1);
            assertMemory(order);
            if (started && !aborted) {
                assertTold(order);
            }
            abort();
            makeRoom();
            assertThat(budget.held()).as("nothing is left: " + order).isZero();
        }

        /** What was reserved is what the body takes, and no byte was read that nothing was reserved for. */
        private void assertMemory(String order) {
            long own = aborted ? 0 : holding.held();
            assertThat(budget.held()).as("held: " + order).isEqualTo(own + (roomMade ? 0 : spent));
            if (!aborted && received >= 0) {
                assertThat(own).as(order).isEqualTo(reserved).isGreaterThanOrEqualTo(received);
            }
            if (!aborted) {
                assertThat(own).as("read: " + order).isGreaterThanOrEqualTo(input.readBytes());
            }
        }

        /** The receiver has heard of whatever there was to hear of. */
        private void assertTold(String order) {
            int sent = input.arrivedBytes();
            if (input.isBroken() && outcomes.isEmpty()) {
                throw new AssertionError("nobody heard of a broken body: " + order);
            }
            if (!input.isOver() || input.isBroken() || !roomMade) {
                return;
            }
            if (sent > LIMIT || declared > LIMIT) {
                assertThat(outcomes).as(order).containsAnyOf("BODY_TOO_LARGE", "OVERLOADED");
            } else if (declared > sent) {
                assertThat(outcomes).as(order).containsAnyOf(FailureKind.CLIENT_GONE.name(), "OVERLOADED");
            } else {
                assertThat(outcomes).as(order).containsAnyOf("received", "OVERLOADED");
            }
        }
    }
}
