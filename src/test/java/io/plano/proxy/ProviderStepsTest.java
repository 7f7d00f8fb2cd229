package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSource;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.proxy.TestClient.End;
import io.plano.route.AttemptPlan;
import io.plano.route.Outcome;
import io.plano.route.Route;
import io.plano.route.Router;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The steps between the gates and the client: route, resolve the credential, translate, build, dispatch, judge, relay, close. */
class ProviderStepsTest {
    private static final String ANSWER = "{\"answer\":\"of the second\"}";

    private static AttemptPlan.Rule after(int status) {
        return outcome -> outcome instanceof Outcome.Answered answered && answered.status() == status;
    }

    // 6. route

    @Test
    void aRouteMayComeLater() {
        CompletableFuture<String> later = new CompletableFuture<>();
        try (TestGateway gateway =
                TestGateway.with((snapshot, asked) -> later.thenApply(known -> Router.route(snapshot, asked)))) {
            gateway.serve(TestClient.chat());
            assertThat(gateway.provider().calls()).isEmpty();
            later.complete("known");
            assertThat(gateway.provider().call(0).request().endpoint().port()).isEqualTo(1);
        }
    }

    @Test
    void aRouteThatComesToNothingIsTheAnswer() {
        CompletableFuture<Route> later = new CompletableFuture<>();
        try (TestGateway gateway = TestGateway.with((snapshot, asked) -> later)) {
            TestClient client = gateway.serve(TestClient.chat());
            later.completeExceptionally(GatewayException.of(FailureKind.MODEL_NOT_FOUND, "no such model"));
            assertThat(client.status()).isEqualTo(404);
            gateway.assertClosedOnce(client);
        }
    }

    // 7. resolveCredential

    /** A source that has to be asked. */
    private static final class Elsewhere implements CredentialSource {
        private final CompletableFuture<Credential> answer = new CompletableFuture<>();
        private int asked;

        @Override
        public @Nullable Credential atHand() {
            return null;
        }

        @Override
        public CompletionStage<Credential> fetch() {
            asked++;
            return answer;
        }
    }

    private static Credential bearer(String key) {
        return Objects.requireNonNull(Credential.bearer(key));
    }

    @Test
    void aCredentialMayComeLater() {
        Elsewhere source = new Elsewhere();
        try (TestGateway gateway = TestGateway.with(source)) {
            TestClient client = gateway.serve(TestClient.chat());
            assertThat(gateway.provider().calls()).isEmpty();
            source.answer.complete(bearer("sk-fetched"));
            TestProvider.Call call = gateway.provider().call(0);
            assertThat(call.request().headers().first("Authorization")).isEqualTo("Bearer sk-fetched");
            call.answer(200, "{}");
            assertThat(client.status()).isEqualTo(200);
            assertThat(gateway.record().credentialSource()).isEqualTo("access_key");
        }
    }

    @Test
    void aCredentialThatCannotBeHadIsTheAnswerAndNothingIsSent() {
        for (Throwable failure : new Throwable[] {
            GatewayException.of(FailureKind.UPSTREAM_UNREACHABLE, "nobody gives credentials"),
            new IllegalStateException("token endpoint at 10.0.0.7"),
            new StackOverflowError()
        }) {
            Elsewhere source = new Elsewhere();
            try (TestGateway gateway = TestGateway.with(source)) {
                TestClient client = gateway.serve(TestClient.chat());
                source.answer.completeExceptionally(failure);
                assertThat(client.status()).isEqualTo(failure instanceof GatewayException ? 502 : 500);
                assertThat(client.body()).doesNotContain("10.0.0.7");
                assertThat(gateway.provider().calls()).isEmpty();
                gateway.assertClosedOnce(client);
            }
        }
    }

    @Test
    @DisplayName("R43: another provider gets its own credential, asked for anew")
    void everyAttemptResolvesItsOwnCredential() {
        Elsewhere source = new Elsewhere();
        try (TestGateway gateway = TestGateway.with(source)) {
            source.answer.complete(bearer("sk-fetched"));
            gateway.serve(TestClient.chat());
            gateway.provider().call(0).fail(FailureKind.UPSTREAM_UNREACHABLE);
            TestProvider.Call second = gateway.provider().call(1);
            assertThat(second.request().headers().first("Authorization")).isEqualTo("Bearer sk-second-key");
            assertThat(source.asked).isOne();
        }
    }

    // 8 and 9. translate, build

    @Test
    void aClientOfAnotherApiIsTranslated() {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.serve(TestClient.messages(false));
            TestProvider.Call call = gateway.provider().call(0);
            assertThat(call.request().target()).isEqualTo("/v1/chat/completions");
            assertThat(call.request().headers().first("Authorization")).isEqualTo("Bearer sk-first-key");
            assertThat(call.request().headers().contains("anthropic-version")).isFalse();
            assertThat(call.sent()).contains("\"messages\"").contains("\"gpt-4o\"");
        }
    }

    @Test
    void whatCannotBeTranslatedIsRefusedAndNothingIsSent() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.post("/v1/messages", "{\"model\":\"gpt-4o\",\"messages\":7}"));
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.body()).contains("\"type\":\"error\"");
            assertThat(gateway.provider().calls()).isEmpty();
            gateway.assertClosedOnce(client);
        }
    }

    // 10. dispatch

    @Test
    void aSenderThatThrowsEndsThatExchangeAlone() {
        for (Throwable defect : new Throwable[] {new IllegalStateException("secret"), new StackOverflowError()}) {
            try (TestGateway gateway = TestGateway.start()) {
                gateway.provider().onCall(call -> sneak(defect));
                TestClient client = gateway.serve(TestClient.chat());
                assertThat(client.status()).isEqualTo(500);
                assertThat(client.body()).doesNotContain("secret");
                gateway.assertClosedOnce(client);
                gateway.records().clear();
                gateway.assertNothingIsLeft();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable defect) throws T {
        throw (T) defect;
    }

    @Test
    void anAttemptThatFailsWhileItIsSentIsFollowedByTheNext() {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.provider().onCall(call -> {
                if (call.request().endpoint().port() == 1) {
                    call.fail(FailureKind.UPSTREAM_CONNECT_TIMEOUT);
                } else {
                    call.answer(200, ANSWER);
                }
            });
            TestClient client = gateway.serve(TestClient.chat());
            assertThat(client.body()).isEqualTo(ANSWER);
            assertThat(gateway.record().attempts()).isEqualTo(2);
        }
    }

    @Test
    void aClientThatLeftWhileItsRequestWasSentIsNotAnswered() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = TestClient.chat();
            gateway.provider().onCall(call -> client.leave());
            gateway.serve(client);
            assertThat(gateway.provider().call(0).isAborted()).isTrue();
            assertThat(gateway.record().end()).isEqualTo("client_gone");
        }
    }

    // 10. the verdict

    @Test
    void afterAFailureTheNextOneIsAskedTheSame() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat());
            TestProvider.Call first = gateway.provider().call(0);
            String asked = first.sent();
            first.fail(FailureKind.UPSTREAM_TLS);
            TestProvider.Call second = gateway.provider().call(1);
            assertThat(second.sent()).isEqualTo(asked);
            assertThat(second.request().endpoint().port()).isEqualTo(2);
            second.answer(200, ANSWER);
            assertThat(client.body()).isEqualTo(ANSWER);
            assertThat(gateway.record().provider()).isEqualTo("groq/gpt-4o");
        }
    }

    @Test
    void whenNobodyIsLeftTheLastFailureIsTold() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat());
            gateway.provider().call(0).fail(FailureKind.UPSTREAM_UNREACHABLE);
            gateway.provider().call(1).fail(FailureKind.UPSTREAM_CONNECT_TIMEOUT);
            assertThat(client.status()).isEqualTo(504);
            assertThat(gateway.provider().calls()).hasSize(2);
            gateway.assertClosedOnce(client);
        }
    }

    @Test
    void nobodySeesAnythingOfAnAnswerThatWasNotAccepted() {
        try (TestGateway gateway = TestGateway.with(after(429))) {
            TestClient client = gateway.serve(TestClient.chat());
            TestProvider.Call first = gateway.provider().call(0);
            first.head(429, "Content-Type", "application/json", "x-request-id", "of-the-first", "Retry-After", "7");
            assertThat(first.isAborted()).isTrue();
            assertThat(client.status()).isZero();
            TestProvider.Call second = gateway.provider().call(1);

            // What was on its way already.
            first.data("{\"error\":\"of the first\"}");
            first.end();
            first.fail(FailureKind.UPSTREAM_TRUNCATED);
            assertThat(client.status()).isZero();
            assertThat(gateway.provider().calls()).hasSize(2);

            second.answer(200, ANSWER);
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.body()).isEqualTo(ANSWER);
            assertThat(client.header("Retry-After")).isNull();
            assertThat(client.header("x-request-id")).isNotEqualTo("of-the-first");
            assertThat(gateway.record().status()).isEqualTo(200);
            gateway.assertClosedOnce(client);
        }
    }

    @Test
    void anAnswerThatIsAcceptedIsTheLastWord() {
        try (TestGateway gateway = TestGateway.with(after(429))) {
            TestClient client = gateway.serve(TestClient.chat());
            gateway.provider().call(0).head(429, "Content-Type", "application/json");
            gateway.provider().call(1).answer(429, "{}");
            assertThat(client.status()).isEqualTo(429);
            assertThat(gateway.provider().calls()).hasSize(2);
        }
    }

    @Test
    @DisplayName("R72: what streamed through is not sent again")
    void aBodyThatStreamedIsNotSentAgain() {
        try (TestGateway gateway = TestGateway.with(outcome -> true)) {
            TestClient client =
                    gateway.serve(TestClient.declaring("POST", "/v1/files", -1, "multipart/form-data; boundary=b")
                            .withKey("sk-own"));
            gateway.provider().call(0).fail(FailureKind.UPSTREAM_UNREACHABLE);
            assertThat(client.status()).isEqualTo(502);
            assertThat(gateway.provider().calls()).hasSize(1);
        }
    }

    // 11 to 13. commit, relay, close

    @Test
    void bytesGoOnAsTheyCome() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat());
            TestProvider.Call call = gateway.provider().call(0);
            call.head(200, "Content-Type", "text/event-stream");
            call.listener().paused();
            assertThat(client.status()).as("the head of a stream goes at once").isEqualTo(200);
            call.data("data: 1\n\n");
            assertThat(client.body()).isEqualTo("data: 1\n\n");
            call.data("data: [DONE]\n\n");
            call.end();
            assertThat(client.end()).isEqualTo(End.WHOLE);
            assertThat(client.body()).isEqualTo("data: 1\n\ndata: [DONE]\n\n");
            assertThat(gateway.record().end()).isEqualTo("complete");
            gateway.assertClosedOnce(client);
            gateway.records().clear();
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void aSlowClientHoldsTheWindowShutAndGetsEverything() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat().stopped());
            TestProvider.Call call = gateway.provider().call(0);
            call.head(200, "Content-Type", "text/event-stream");
            int[] credit = {0};
            call.data("data: 1\n\n");
            call.spend(increment -> credit[0] += increment);
            assertThat(credit[0]).isZero();
            client.readOn();
            assertThat(client.body()).isEqualTo("data: 1\n\n");
            assertThat(credit[0]).isEqualTo("data: 1\n\n".length());
        }
    }

    @Test
    @DisplayName("R65: a client that leaves ends the call, and is told of once")
    void aClientThatLeavesEndsTheCall() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat());
            TestProvider.Call call = gateway.provider().call(0);
            call.head(200, "Content-Type", "text/event-stream");
            call.data("data: 1\n\n");
            client.leave();
            assertThat(call.isAborted()).isTrue();
            call.data("data: 2\n\n");
            call.fail(FailureKind.UPSTREAM_TRUNCATED);
            assertThat(client.body()).isEqualTo("data: 1\n\n");
            assertThat(gateway.record().end()).isEqualTo("client_gone");
            gateway.records().clear();
            gateway.assertNothingIsLeft();
        }
    }
}
