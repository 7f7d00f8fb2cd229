package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.budget.Holding;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.proxy.TestClient.End;
import io.plano.route.Asked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The steps of an exchange before anything goes to a provider: open, admit, read the body, gates. */
class RequestStepsTest {
    private static final String JSON = "application/json";

    // 1. open

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = TestClient.chat().failingToOpen(new OutOfMemoryError("in the container"));
            assertThatThrownBy(() -> gateway.serve(client)).isInstanceOf(OutOfMemoryError.class);
            assertThat(gateway.provider().calls()).isEmpty();
            assertThat(gateway.records()).as("it never came to be").isEmpty();
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void anExchangeKeepsTheSnapshotThatItOpenedWith() {
        Later gate = new Later("quota");
        try (TestGateway gateway = TestGateway.with(gate)) {
            TestClient client = gateway.serve(TestClient.chat());
            gateway.snapshots().replace(Admission.NOTHING);
            gate.pass();
            gateway.provider().call(0).answer(200, "{}");
            assertThat(client.status()).isEqualTo(200);
        }
    }

    // 2. admit

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(TestClient.declaring("TRACE", "/v1/chat/completions", 5, JSON), 405),
                Arguments.of(TestClient.declaring("POST", "/v1/../chat", 5, JSON), 400),
                Arguments.of(TestClient.chat().with("x-note", "see sk-first-key"), 403),
                Arguments.of(TestClient.chat().withKey("sk-second-key"), 403),
                Arguments.of(TestClient.chat().with("Connection", "Upgrade").with("Upgrade", "websocket"), 426),
                Arguments.of(TestClient.chat().with("x-large", "x".repeat(70_000)), 431),
                Arguments.of(TestClient.chat().with("Via", "1.1 plano-test"), 508),
                Arguments.of(TestClient.get("/nowhere"), 404));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @DisplayName("A refusal of the head costs no call, reads no body, and is told once")
    void aRefusalOfTheHeadReadsNoBody(TestClient client, int status) {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.serve(client);
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.end()).isEqualTo(End.WHOLE);
            assertThat(client.isRead()).isFalse();
            assertThat(gateway.provider().calls()).isEmpty();
            assertThat(gateway.record().attempts()).isZero();
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void whoeverComesToAFullHouseIsRefusedUntilSomebodyLeaves() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient first = gateway.serve(TestClient.chat());
            TestClient second = gateway.serve(TestClient.chat());
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isEqualTo("1");
            assertThat(second.isRead()).isFalse();

            gateway.provider().call(0).answer(200, "{}");
            assertThat(first.status()).isEqualTo(200);
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void whoeverFindsNoMemoryLeftIsRefusedUnread() {
        try (TestGateway gateway = TestGateway.start()) {
            List<Holding> others = gateway.fillMemory();
            TestClient client = gateway.serve(TestClient.chat());
            assertThat(client.status()).isEqualTo(503);
            assertThat(client.isRead()).isFalse();
            others.forEach(Holding::close);
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void nothingIsServedWithoutAConfiguration() {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.snapshots().replace(Admission.NOTHING);
            assertThat(gateway.serve(TestClient.chat()).status()).isEqualTo(503);
        }
    }

    // 4. readBody

    @Test
    void aBodyThatIsThereGoesOutAsItCame() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat());
            assertThat(gateway.provider().call(0).sent())
                    .isEqualTo("{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
            assertThat(client.end()).isEqualTo(End.OPEN);
        }
    }

    @Test
    void aBodyThatComesInPiecesIsWaitedForWhole() {
        try (TestGateway gateway = TestGateway.start()) {
            String body = "{\"model\":\"gpt-4o\",\"messages\":[]}";
            TestClient client = gateway.serve(TestClient.declaring("POST", "/v1/chat/completions", -1, JSON));
            client.input().arrive(body.substring(0, 10).getBytes(StandardCharsets.UTF_8));
            assertThat(gateway.provider().calls()).isEmpty();
            client.input().arrive(body.substring(10).getBytes(StandardCharsets.UTF_8));
            client.input().end();
            assertThat(gateway.provider().call(0).sent()).isEqualTo(body);
        }
    }

    @Test
    void aBodyThatNobodyHasToReadStreamsThrough() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = TestClient.declaring("POST", "/v1/files", -1, "multipart/form-data; boundary=b")
                    .withKey("sk-own");
            gateway.serve(client);
            TestProvider.Call call = gateway.provider().call(0);
            client.input().arrive("some".getBytes(StandardCharsets.UTF_8));
            assertThat(call.sent()).isEqualTo("some");
            client.input().arrive("more".getBytes(StandardCharsets.UTF_8));
            client.input().end();
            assertThat(call.sent()).isEqualTo("somemore");
            assertThat(call.isSentWhole()).isTrue();
            assertThat(call.request().headers().contains("Content-Length")).isFalse();
        }
    }

    @Test
    void anEncodedBodyIsDecodedOnAWorker() throws IOException {
        try (TestGateway gateway = TestGateway.start()) {
            String body = "{\"model\":\"gpt-4o\",\"messages\":[]}";
            byte[] coded = gzip(body);
            TestClient client = TestClient.declaring("POST", "/v1/chat/completions", coded.length, JSON)
                    .with("Content-Encoding", "gzip");
            client.input().arrive(coded);
            client.input().end();
            gateway.serve(client);
            TestProvider.Call call = gateway.provider().call(0);
            assertThat(call.sent()).isEqualTo(body);
            assertThat(call.request().headers().contains("Content-Encoding")).isFalse();
            call.answer(200, "{}");
            client.awaitEnd();
            gateway.assertNothingIsLeft();
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream coded = new GZIPOutputStream(bytes)) {
            coded.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    @DisplayName("R58: a coding that nobody here knows is refused before a byte of it is read")
    void anUnknownCodingIsRefusedUnread() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat().with("Content-Encoding", "lzw"));
            assertThat(client.status()).isEqualTo(415);
            assertThat(client.isRead()).isFalse();
        }
    }

    @Test
    void aBodyThatCannotBeDecodedIsRefusedOnce() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.chat().with("Content-Encoding", "gzip"));
            assertThat(client.awaitEnd().status()).isEqualTo(400);
            assertThat(gateway.record().attempts()).isZero();
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    @DisplayName("R62: a body over the limit is refused before it is read")
    void aBodyThatIsDeclaredTooLargeIsRefusedUnread() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.declaring("POST", "/v1/chat/completions", 4_000_001, JSON));
            assertThat(client.status()).isEqualTo(413);
            assertThat(client.input().readBytes()).isZero();
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void aBodyThatGrowsTooLargeIsRefused() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.declaring("POST", "/v1/chat/completions", -1, JSON));
            client.input().arrive(new byte[4_000_001]);
            assertThat(client.status()).isEqualTo(413);
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void aClientThatBreaksOffInItsBodyIsTold() {
        try (TestGateway gateway = TestGateway.start()) {
            TestClient client = gateway.serve(TestClient.declaring("POST", "/v1/chat/completions", 100, JSON));
            client.input().breakOff();
            assertThat(client.status()).isEqualTo(499);
            assertThat(gateway.record().end()).isEqualTo("client_gone");
            gateway.assertNothingIsLeft();
        }
    }

    @Test
    void aLongBodyIsReadOnAWorker() {
        try (TestGateway gateway = TestGateway.start()) {
            String body = "{\"messages\":[\"" + "x".repeat(300_000) + "\"],\"model\":\"gpt-4o\"}";
            TestClient client = gateway.serve(TestClient.post("/v1/chat/completions", body));
            TestProvider.Call call = gateway.provider().call(0);
            assertThat(call.sent()).isEqualTo(body);
            call.answer(200, "{}");
            client.awaitEnd();
            gateway.assertNothingIsLeft();
        }
    }

    // 5. gates

    /** A gate that answers when it is told to. */
    private static final class Later implements Gate {
        private final String name;
        private final CompletableFuture<Asked> answer = new CompletableFuture<>();
        private volatile Asked asked;

        private Later(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public CompletionStage<Asked> pass(Asked question) {
            asked = question;
            return answer;
        }

        private void pass() {
            answer.complete(asked);
        }
    }

    private static Gate atOnce(Function<Asked, Asked> change) {
        return new Gate() {
            @Override
            public String name() {
                return "at once";
            }

            @Override
            public CompletionStage<Asked> pass(Asked asked) {
                return CompletableFuture.completedFuture(change.apply(asked));
            }
        };
    }

    private static Asked asking(Asked asked, String model) {
        return new Asked(asked.surface(), asked.dialect(), asked.client(), model, asked.credentials());
    }

    @Test
    void everyGateIsPassedInItsOrderAndInItsTime() {
        Later first = new Later("first");
        Later second = new Later("second");
        try (TestGateway gateway = TestGateway.with(first, second)) {
            gateway.serve(TestClient.chat());
            assertThat(first.asked.model()).isEqualTo("gpt-4o");
            assertThat(second.asked).isNull();
            first.pass();
            assertThat(second.asked.model()).isEqualTo("gpt-4o");
            assertThat(gateway.provider().calls()).isEmpty();
            second.pass();
            assertThat(gateway.provider().calls()).hasSize(1);
        }
    }

    @Test
    void aRefusalAtAGateIsTheAnswerAndNobodyBehindItIsAsked() {
        Later first = new Later("first");
        Later second = new Later("second");
        try (TestGateway gateway = TestGateway.with(first, second)) {
            TestClient client = gateway.serve(TestClient.chat());
            first.answer.completeExceptionally(GatewayException.of(FailureKind.FORBIDDEN, "over your quota"));
            assertThat(client.status()).isEqualTo(403);
            assertThat(client.body()).contains("over your quota");
            assertThat(second.asked).isNull();
            assertThat(gateway.provider().calls()).isEmpty();
            gateway.record();
        }
    }

    @Test
    void aRefusalOrADefectAtOnceIsTheAnswerToo() {
        for (RuntimeException thrown :
                List.of(GatewayException.of(FailureKind.FORBIDDEN, "no"), new IllegalStateException("secret"))) {
            Gate refusing = atOnce(asked -> {
                throw thrown;
            });
            try (TestGateway gateway = TestGateway.with(refusing)) {
                TestClient client = gateway.serve(TestClient.chat());
                assertThat(client.status()).isEqualTo(thrown instanceof GatewayException ? 403 : 500);
                assertThat(client.body()).doesNotContain("secret");
                assertThat(client.end()).isEqualTo(End.WHOLE);
            }
        }
    }

    @Test
    void whatAGateMakesOfTheQuestionIsRouted() {
        try (TestGateway gateway = TestGateway.with(
                atOnce(asked -> asking(asked, "nothing known")), atOnce(asked -> asking(asked, "claude-x")))) {
            gateway.serve(TestClient.chat());
            TestProvider.Call call = gateway.provider().call(0);
            assertThat(call.request().endpoint().port()).isEqualTo(4);
            assertThat(call.request().target()).isEqualTo("/v1/messages");
            assertThat(call.sent()).contains("\"claude-x\"");
        }
    }

    @Test
    void aClientThatLeavesAtAGateIsNotAskedFor() {
        Later gate = new Later("slow");
        try (TestGateway gateway = TestGateway.with(gate)) {
            TestClient client = gateway.serve(TestClient.chat());
            client.leave();
            assertThat(gateway.record().end()).isEqualTo("client_gone");
            gate.pass();
            assertThat(gateway.provider().calls()).isEmpty();
            assertThat(gateway.budget().held()).isZero();
        }
    }

    @Test
    void theGatesAreForWhatGoesToAProvider() {
        Later gate = new Later("never asked");
        try (TestGateway gateway = TestGateway.with(gate)) {
            assertThat(gateway.serve(TestClient.get("/")).status()).isEqualTo(200);
            assertThat(gate.asked).isNull();
        }
    }
}
