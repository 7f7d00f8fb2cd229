package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.SseTail;
import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.client.ScheduledContainer.End;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.ResponseHead.Delivery;
import io.plano.http.WholeAnswer;
import io.plano.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every order in which the client, the provider, the clock and a stopping application can meet an answer that is under way:
 * one after the other, and each of them inside every call that the bridge makes into its container, on another thread.
 */
@DisplayName("R66, R96: no order of events makes a broken answer look whole")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ResponseEndingsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String FIRST = "data: 1\n\n";
    private static final String LAST = "data: [DONE]\n\n";
    private static final String INSTEAD = "{\"error\":\"stopping\"}";
    private static final String LAST_WORDS = "data: {\"error\":\"stopping\"}\n\n";
    private static final int READS_EVERYTHING = Integer.MAX_VALUE;

    /** The answers that differ in how they are framed, held back and flushed. */
    private enum Answer {
        EVENTS(ResponseHead.UNKNOWN_LENGTH, Delivery.EVENTS),
        UNFRAMED(ResponseHead.UNKNOWN_LENGTH, Delivery.WHOLE),
        HELD_BACK((FIRST + LAST).length(), Delivery.WHOLE),
        SIZED(ResponseLoop.HOLD_LIMIT + 1L, Delivery.WHOLE);

        private final ResponseHead head;
        private final String first;

        Answer(long length, Delivery delivery) {
            head = new ResponseHead(200, Headers.builder().build(), length, delivery);
            first = length > ResponseLoop.HOLD_LIMIT ? "x".repeat((int) length - LAST.length()) : FIRST;
        }

        String body() {
            return first + LAST;
        }
    }

    /** What may happen to it. */
    private enum Event {
        /** The servlet is destroyed. */
        STOPPED {
            @Override
            void happen(Run run) {
                run.shutDown();
            }
        },
        /** The container takes the request back, its client being there. */
        TIMED_OUT {
            @Override
            void happen(Run run) {
                run.container.timeOut(run.notices);
            }
        },
        /** The connection failed in the container's hands. */
        FAILED {
            @Override
            void happen(Run run) {
                run.container.fail(run.notices);
            }
        },
        /** The standalone server saw the client go; or it has closed only its own side, and reads on. */
        GONE {
            @Override
            void happen(Run run) {
                run.bridge.clientGone();
            }
        },
        /** The patience with a slow client is over. */
        CUT {
            @Override
            void happen(Run run) {
                run.bridge.cut(reason());
            }
        },
        /** The provider broke off; there is nothing to say instead. */
        UPSTREAM_FAILED {
            @Override
            void happen(Run run) {
                run.bridge.fail(reason(), null, null);
            }
        },
        /** The client's connection is gone, which only a write meets. */
        WRITE_FAILS {
            @Override
            void happen(Run run) {
                run.container.breakAtNextWrite();
            }
        },
        /** The stream was silent for too long. */
        KEEP_ALIVE {
            @Override
            void happen(Run run) {
                run.bridge.keepAlive();
            }
        },
        /** The client has read what there was. */
        WRITABLE {
            @Override
            void happen(Run run) {
                run.container.drain();
                run.notices.writable();
            }
        };

        abstract void happen(Run run);
    }

    @Test
    void oneAfterTheOther() {
        int orders = 0;
        for (Answer answer : Answer.values()) {
            for (int pieces : List.of(READS_EVERYTHING, 1, 0)) {
                for (List<Event> events : sequences()) {
                    for (List<Step> order : merged(answer, events)) {
                        Run run = new Run(answer, pieces);
                        order.forEach(step -> step.play(run));
                        run.assertHonest(answer + " " + pieces + " " + order, events);
                        orders++;
                    }
                }
            }
        }
        assertThat(orders).isGreaterThan(10_000);
    }

    @Test
    void eachInsideEveryCallIntoTheContainer() {
        int orders = 0;
        for (Answer answer : Answer.values()) {
            for (int pieces : List.of(READS_EVERYTHING, 1)) {
                for (List<Event> events : sequences()) {
                    boolean reached = true;
                    for (int touch = 0; reached; touch++) {
                        Run run = new Run(answer, pieces);
                        reached = run.playWith(touch, events);
                        run.assertHonest(
                                answer + " " + pieces + " at call " + touch + ": " + events,
                                reached ? events : List.of());
                        orders++;
                    }
                }
            }
        }
        assertThat(orders).isGreaterThan(2_000);
    }

    /** Every event alone, and every two of them. */
    private static List<List<Event>> sequences() {
        List<List<Event>> all = new ArrayList<>();
        for (Event first : Event.values()) {
            all.add(List.of(first));
            for (Event second : Event.values()) {
                all.add(List.of(first, second));
            }
        }
        return all;
    }

    /** One step of either side. */
    private record Step(String name, java.util.function.Consumer<Run> action) {
        void play(Run run) {
            action.accept(run);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Step> producer(Answer answer) {
        return List.of(
                new Step("commit", run -> run.bridge.commit(answer.head)),
                new Step("first", run -> run.deliver(answer.first)),
                new Step("last", run -> run.deliver(LAST)),
                new Step("end", Run::end));
    }

    private static List<List<Step>> merged(Answer answer, List<Event> events) {
        List<List<Step>> orders = new ArrayList<>();
        List<Step> happenings = events.stream()
                .map(event -> new Step(event.name(), event::happen))
                .toList();
        merge(producer(answer), happenings, List.of(), orders);
        return orders;
    }

    private static void merge(List<Step> left, List<Step> right, List<Step> before, List<List<Step>> orders) {
        if (left.isEmpty() && right.isEmpty()) {
            orders.add(before);
            return;
        }
        if (!left.isEmpty()) {
            merge(left.subList(1, left.size()), right, with(before, left.get(0)), orders);
        }
        if (!right.isEmpty()) {
            merge(left, right.subList(1, right.size()), with(before, right.get(0)), orders);
        }
    }

    private static List<Step> with(List<Step> steps, Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return longer;
    }

    private static GatewayException reason() {
        return GatewayException.of(FailureKind.OVERLOADED, "stopping");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One bridge in one container, with its owner. */
    private static final class Run implements ResponseOwner {
        private final Answer answer;
        private final ScheduledContainer container;
        private final ResponseBridge bridge;
        private final ContainerNotices notices;
        private final List<Boolean> outcomes = new ArrayList<>();
        private boolean ended;
        private int touches;
        private int meetsAt = -1;
        private List<Event> others = List.of();
        private @Nullable Thread other;
        private final Holding holding = new MemoryBudget(BudgetLimits.ofTotal(64 << 20)).open("192.0.2.1", 0);

        Run(Answer answer, int pieces) {
            this.answer = answer;
            container = new ScheduledContainer(pieces, this::touched);
            bridge = new ResponseBridge(container, container, null, holding);
            notices = new ContainerNotices(bridge, container, this);
            notices.begin();
            notices.writable();
        }

        void deliver(String text) {
            bridge.data(bytes(text));
            bridge.deliver();
        }

        void end() {
            ended = true;
            bridge.end();
        }

        void shutDown() {
            ResponseHead head = new ResponseHead(503, Headers.builder().build(), INSTEAD.length(), Delivery.WHOLE);
            bridge.fail(reason(), new WholeAnswer(head, bytes(INSTEAD)), bytes(LAST_WORDS));
        }

        @Override
        public void withdrawn() {
            shutDown();
        }

        @Override
        public void closed(@Nullable GatewayException failure) {
            touched();
            outcomes.add(failure == null);
        }

        /**
         * Plays the answer; at that call into the container the events happen on another thread, which is let go as far
         * as it comes by itself.
         *
         * @return whether there were so many calls
         */
        boolean playWith(int touch, List<Event> events) {
            meetsAt = touch;
            others = events;
            producer(answer).forEach(step -> step.play(this));
            Thread started = other;
            if (started == null) {
                return false;
            }
            Await.until(SOON, () -> "the other thread does not end", () -> !started.isAlive());
            return true;
        }

        private void touched() {
            if (Thread.currentThread() == other || touches++ != meetsAt) {
                return;
            }
            Thread started = new Thread(() -> others.forEach(event -> event.happen(this)), "container");
            started.setUncaughtExceptionHandler(
                    (thread, failure) -> container.violations().add("" + failure));
            other = started;
            started.start();
            Await.until(
                    SOON,
                    () -> "the other thread is " + started.getState(),
                    () -> !started.isAlive() || started.getState() == Thread.State.TIMED_WAITING);
        }

        void assertHonest(String order, List<Event> events) {
            if (container.hasThrown()) {
                if (container.end() == End.OPEN) {
                    container.fail(notices); // as containers do, on a thread of their own
                }
                assertThat(container.end()).as("the end: " + order).isNotEqualTo(End.OPEN);
                assertThat(bridge.handover().isOver()).as("over: " + order).isTrue();
            }
            assertThat(container.violations()).as(order).isEmpty();
            assertThat(outcomes).as("outcomes: " + order).hasSizeLessThanOrEqualTo(1);
            if (container.end() == End.WHOLE) {
                assertThat(outcomes).as(order).hasSize(1);
                assertWhole(order);
            }
            boolean reads = container.reads()
                    && List.of(Event.WRITABLE, Event.KEEP_ALIVE).containsAll(events);
            if (reads && ended) {
                assertThat(container.end()).as("the end: " + order).isEqualTo(End.WHOLE);
            }
            boolean endsAtOnce = events.contains(Event.TIMED_OUT)
                    || events.contains(Event.FAILED)
                    || events.contains(Event.CUT)
                    || events.contains(Event.GONE);
            if (endsAtOnce) {
                assertThat(container.end()).as("the end: " + order).isNotEqualTo(End.OPEN);
                assertThat(bridge.handover().isOver()).as("over: " + order).isTrue();
            }
        }

        private String bodyWithoutComments() {
            return container.body().replace(new String(SseTail.keepAlive(), StandardCharsets.UTF_8), "");
        }

        private void assertWhole(String order) {
            if (container.status() == 503) {
                assertThat(container.body()).as(order).isEqualTo(INSTEAD);
                assertThat(outcomes).as(order).containsExactly(false);
            } else {
                assertThat(ended)
                        .as("a clean end without the end of the answer: " + order)
                        .isTrue();
                assertThat(bodyWithoutComments()).as(order).isEqualTo(answer.body());
            }
        }
    }
}
