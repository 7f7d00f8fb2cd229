package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.budget.Holding;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.proxy.TestClient.End;
import io.plano.route.AttemptPlan;
import io.plano.upstream.UpstreamListener.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An attempt whose host, plan or client's container fails in every callback: that exchange ends, and the thread lives on. */
@DisplayName(
        "9.1: a defect in a callback of an attempt ends its exchange and never reaches the thread of the connection")
class AttemptTest {
    private static final String QUESTION = "{\"model\":\"gpt-4o\",\"max_tokens\":10,\"stream\":%s,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String HELLO = "data: {\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
            + "\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private static final Headers EVENTS = Headers.of("Content-Type", "text/event-stream");
    private static final Headers JSON = Headers.of("Content-Type", "application/json");

    static List<Supplier<Throwable>> defects() {
        return List.of(
                StackOverflowError::new,
                OutOfMemoryError::new,
                NoClassDefFoundError::new,
                () -> new IllegalStateException("sk-secret"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable defect) throws T {
        throw (T) defect;
    }

    /** A gateway around an attempt, of which something can be made to fail. */
    private static final class Host implements AttemptHost {
        private final Runnable onAnswer;
        private final Executor workers;
        private final List<AttemptPlan> next = new ArrayList<>();
        private final List<FailureKind> failures = new ArrayList<>();

        private Host(Runnable onAnswer, Executor workers) {
            this.onAnswer = onAnswer;
            this.workers = workers;
        }

        private static Host healthy() {
            return new Host(() -> {}, Runnable::run);
        }

        @Override
        public String pseudonym() {
            return "plano-test";
        }

        @Override
        public Executor workers() {
            return workers;
        }

        @Override
        public void onAnswer(Attempt attempt) {
            onAnswer.run();
        }

        @Override
        public void onFailure(Attempt attempt, FailureKind kind) {
            failures.add(kind);
        }

        @Override
        public void goOn(Exchange exchange, AttemptPlan plan) {
            next.add(plan);
        }
    }

    /** A pool that runs so many tasks, and then fails. */
    private static Executor failingAfter(int tasks, Throwable defect) {
        int[] run = {0};
        return task -> {
            if (run[0]++ >= tasks) {
                sneak(defect);
            }
            task.run();
        };
    }

    private static TestExchange translated(boolean stream) throws Exception {
        return TestExchange.of(TestClient.messages(stream), QUESTION.formatted(stream));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertEnded(TestExchange test, int status, End end) {
        assertThat(test.client().status()).isEqualTo(status);
        assertThat(test.client().end()).isEqualTo(end);
        assertThat(test.client().ends()).isOne();
        assertThat(test.client().body()).doesNotContain("sk-secret");
        assertThat(test.timesClosed()).isOne();
        assertThat(test.aborts()).isPositive();
        assertThat(test.budget().held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inTheHost(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = translated(true)) {
            Attempt attempt =
                    test.attempt(new Host(() -> sneak(defect.get()), Runnable::run), AttemptPlan.Rule.NEVER_ASKED);
            attempt.head(200, EVENTS, Content.DELIMITED);
            assertEnded(test, 500, End.WHOLE);
            assertTakesTheRest(attempt);
            assertEnded(test, 500, End.WHOLE);
        }
    }

    /** Whatever a connection still has for an attempt that is over. */
    private static void assertTakesTheRest(Attempt attempt) {
        ByteBuffer late = bytes(HELLO);
        assertThatCode(() -> {
                    attempt.data(late);
                    attempt.paused();
                    attempt.windowSpent(increment -> {});
                    attempt.end();
                    attempt.failed(GatewayException.of(FailureKind.UPSTREAM_TRUNCATED, "late"));
                })
                .doesNotThrowAnyException();
        assertThat(late.hasRemaining()).as("all bytes are taken").isFalse();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inThePlanOfAnAnswer(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(false))) {
            Attempt attempt = test.attempt(Host.healthy(), failing(defect));
            attempt.head(200, JSON, Content.DELIMITED);
            assertEnded(test, 500, End.WHOLE);
            assertTakesTheRest(attempt);
        }
    }

    private static AttemptPlan.Rule failing(Supplier<Throwable> defect) {
        return outcome -> {
            sneak(defect.get());
            return true;
        };
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inThePlanOfAFailure(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(false))) {
            Attempt attempt = test.attempt(Host.healthy(), failing(defect));
            attempt.failed(GatewayException.of(FailureKind.UPSTREAM_UNREACHABLE, "no"));
            assertEnded(test, 500, End.WHOLE);
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inTheContainerThatIsAskedForALargeHead(Supplier<Throwable> defect) throws Exception {
        for (boolean isTranslated : List.of(false, true)) {
            TestClient client = (isTranslated ? TestClient.messages(true) : TestClient.chat()).taking(fields -> {
                sneak(defect.get());
                return true;
            });
            try (TestExchange test = TestExchange.of(client, QUESTION.formatted(true))) {
                Attempt attempt = test.attempt(Host.healthy(), AttemptPlan.Rule.NEVER_ASKED);
                attempt.head(200, EVENTS, Content.DELIMITED);
                assertEnded(test, 500, End.WHOLE);
                assertTakesTheRest(attempt);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inDataBeforeAndBehindTheHead(Supplier<Throwable> defect) throws Exception {
        for (boolean isCommitted : List.of(false, true)) {
            try (TestExchange test = translated(true)) {
                Host host = new Host(() -> {}, failingAfter(0, defect.get()));
                Attempt attempt = test.attempt(host, AttemptPlan.Rule.NEVER_ASKED);
                attempt.head(200, EVENTS, Content.DELIMITED);
                if (isCommitted) {
                    attempt.data(bytes(HELLO));
                    attempt.paused();
                }
                ByteBuffer tooLongForThisThread = bytes("data: " + "x".repeat(300_000));
                attempt.data(tooLongForThisThread);
                assertThat(tooLongForThisThread.hasRemaining()).isFalse();
                assertEnded(test, isCommitted ? 200 : 500, isCommitted ? End.CUT : End.WHOLE);
                assertTakesTheRest(attempt);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inPaused(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = translated(true)) {
            Host host = new Host(() -> {}, failingAfter(1, defect.get()));
            Attempt attempt = test.attempt(host, AttemptPlan.Rule.NEVER_ASKED);
            attempt.head(200, EVENTS, Content.DELIMITED);
            attempt.data(bytes("data: " + "x".repeat(300_000)));
            attempt.paused();
            assertEnded(test, 500, End.WHOLE);
            assertTakesTheRest(attempt);
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inTheWindow(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = translated(true)) {
            Attempt attempt = test.attempt(Host.healthy(), AttemptPlan.Rule.NEVER_ASKED);
            attempt.head(200, EVENTS, Content.DELIMITED);
            attempt.data(bytes("data: half an ev"));
            attempt.windowSpent(increment -> sneak(defect.get()));
            assertEnded(test, 500, End.WHOLE);
            assertTakesTheRest(attempt);
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inTheWindowOfAStreamThatGoesOnAsItComes(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(true))) {
            Attempt attempt = test.attempt(Host.healthy(), AttemptPlan.Rule.NEVER_ASKED);
            attempt.head(200, EVENTS, Content.DELIMITED);
            attempt.data(bytes(HELLO));
            attempt.windowSpent(increment -> sneak(defect.get()));
            assertEnded(test, 200, End.CUT);
            assertTakesTheRest(attempt);
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void inTheEnd(Supplier<Throwable> defect) throws Exception {
        try (TestExchange test = translated(false)) {
            Host host = new Host(() -> {}, failingAfter(0, defect.get()));
            Attempt attempt = test.attempt(host, AttemptPlan.Rule.NEVER_ASKED);
            attempt.head(200, JSON, Content.DELIMITED);
            attempt.data(bytes("{\"choices\":[" + "1,".repeat(20_000) + "1]}"));
            Holding others = test.budget().open("192.0.2.1", 0);
            while (others.reserve(1 << 10)) {} // so that the end has to wait, on a worker
            attempt.end();
            others.close();
            assertEnded(test, 500, End.WHOLE);
            assertTakesTheRest(attempt);
        }
    }

    @Test
    void aHeadForWhichThereIsNoRoomEndsTheAttemptByItsRefusal() throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(true))) {
            Attempt attempt = test.attempt(Host.healthy(), AttemptPlan.Rule.NEVER_ASKED);
            attempt.headGrew(1 << 10);
            assertThat(test.budget().held()).isEqualTo(2 << 10);
            assertThatThrownBy(() -> attempt.headGrew(1 << 30))
                    .isInstanceOf(GatewayException.class)
                    .extracting(refusal -> ((GatewayException) refusal).kind())
                    .isEqualTo(FailureKind.OVERLOADED);
        }
    }

    @Test
    void anAbortThatComesBeforeItsCallIsNotLost() throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(true))) {
            Attempt attempt = test.attempt(Host.healthy(), AttemptPlan.Rule.NEVER_ASKED);
            attempt.abort();
            int[] aborts = {0};
            attempt.began(() -> aborts[0]++);
            assertThat(aborts[0]).isOne();
        }
    }

    @Test
    void whoKnowsOfEndpointsHearsOfAFailureOnce() throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(true))) {
            Host host = Host.healthy();
            Attempt attempt = test.attempt(host, AttemptPlan.Rule.NEVER_ASKED);
            attempt.failed(GatewayException.of(FailureKind.UPSTREAM_TIMEOUT, "no answer"));
            assertThat(host.failures).containsExactly(FailureKind.UPSTREAM_TIMEOUT);
            assertThat(host.next).isEmpty();
            assertThat(test.client().status()).isEqualTo(504);
        }
    }

    @Test
    void anAnswerThatIsNotAcceptedIsAbortedAndGoesOnOnce() throws Exception {
        try (TestExchange test = TestExchange.of(TestClient.chat(), QUESTION.formatted(true))) {
            Host host = Host.healthy();
            Attempt attempt = test.attempt(host, outcome -> true);
            attempt.head(500, JSON, Content.DELIMITED);
            assertThat(test.aborts()).isOne();
            assertThat(host.next).hasSize(1);
            assertTakesTheRest(attempt);
            assertThat(host.next).hasSize(1);
            assertThat(test.client().status()).isZero();
            assertThat(test.timesClosed()).isZero();
        }
    }
}
