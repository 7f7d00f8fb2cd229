package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.proxy.TestClient.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client of Anthropic's Messages sees of an answer in OpenAI's format: whole, broken at every place, or an error. */
class TranslatedAnswerTest {
    private static final String JSON = "application/json";
    private static final String DOCUMENT = "{\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
    private static final String HELLO = event("{\"content\":\"Hello\"}", "null");
    private static final String STOP = event("{}", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";

    private final TestGateway gateway = TestGateway.start();

    private static String event(String delta, String finish) {
        return "data: {\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private int exchanges;

    @AfterEach
    void eachIsOverOnce() {
        gateway.assertNothingIsLeft();
        assertThat(gateway.records()).hasSize(exchanges + 1);
        gateway.close();
    }

    private TestProvider.Call asked(TestClient client) {
        gateway.serve(client);
        return gateway.provider().call(exchanges++);
    }

    private TestProvider.Call streaming(TestClient client) {
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", "text/event-stream");
        call.listener().paused();
        return call;
    }

    @Test
    void aDocumentIsTranslatedWhole() {
        TestClient client = TestClient.messages(false);
        asked(client).answer(200, DOCUMENT);
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.body()).contains("\"type\":\"message\"").contains("\"text\":\"Hello\"");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aStreamIsTranslatedEventByEvent() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        assertThat(client.status()).as("the head waits for the first event").isZero();
        call.data(HELLO);
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.body()).contains("event: message_start").contains("\"text\":\"Hello\"");
        call.data(STOP);
        call.data(DONE);
        call.end();
        assertThat(client.body()).contains("event: message_stop").doesNotContain("event: error");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aFailureBeforeTheHeadHasAStatusInTheClientsWords() {
        TestClient client = TestClient.messages(true);
        asked(client).fail(FailureKind.UPSTREAM_TIMEOUT);
        assertError(client, 504);
    }

    private static void assertError(TestClient client, int status) {
        assertThat(client.status()).isEqualTo(status);
        assertThat(client.body()).startsWith("{\"type\":\"error\"");
        assertThat(client.end()).isEqualTo(End.WHOLE);
        assertThat(client.ends()).isOne();
    }

    @Test
    void aFailureBetweenTheHeadAndTheFirstEventHasAStatus() {
        TestClient client = TestClient.messages(true);
        streaming(client).fail(FailureKind.UPSTREAM_TRUNCATED);
        assertError(client, 502);
    }

    @Test
    void aFailureInsideTheFirstEventHasAStatus() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data(HELLO.substring(0, 20));
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertError(client, 502);
    }

    @Test
    @DisplayName("R66: at every byte of a stream, a failure is the client's own error event, and then an abort")
    void aFailureInMidStreamIsAnEventAndAnAbort() {
        for (int at = 0; at < STOP.length() - 1; at++) {
            TestClient client = TestClient.messages(true);
            TestProvider.Call call = streaming(client);
            call.data(HELLO);
            call.data(STOP.substring(0, at));
            call.fail(FailureKind.UPSTREAM_TRUNCATED);
            assertThat(client.end()).as("at " + at).isEqualTo(End.CUT);
            assertThat(client.body())
                    .as("at " + at)
                    .contains("event: error")
                    .doesNotContain("message_stop")
                    .endsWith("\n\n");
        }
    }

    @Test
    void aStreamThatEndsWithoutItsLastEventIsTruncated() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data(HELLO);
        call.end();
        assertThat(client.body()).contains("event: error");
        assertThat(client.end()).isEqualTo(End.CUT);
        assertThat(gateway.record().end()).isEqualTo("upstream_truncated");
    }

    @Test
    void aFailureOfTheTransportBehindTheLastEventSaysNothing() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data(HELLO + STOP + DONE);
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.body()).contains("event: message_stop").doesNotContain("event: error");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void anErrorOfTheProviderBeforeTheFirstEventHasAStatus() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n");
        assertThat(client.status()).isGreaterThanOrEqualTo(400);
        assertThat(client.body()).startsWith("{\"type\":\"error\"").contains("overloaded");
        assertThat(client.end()).isEqualTo(End.WHOLE);
        assertThat(call.isAborted()).isTrue();
    }

    @Test
    void anErrorOfTheProviderInMidStreamIsAnEventAndAnAbort() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data(HELLO);
        call.data("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n");
        assertThat(client.body()).contains("event: error").contains("overloaded");
        assertThat(client.end()).isEqualTo(End.CUT);
        assertThat(call.isAborted()).isTrue();
    }

    @Test
    @DisplayName("R73, R74, R90: an error keeps its status and its Retry-After, in the client's shape, without our key")
    void anErrorIsTranslated() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = asked(client);
        call.head(429, "Content-Type", JSON, "Retry-After", "7");
        call.data("{\"error\":{\"message\":\"sk-first-key is limited\",\"type\":\"rate_limit\"}}");
        call.end();
        assertError(client, 429);
        assertThat(client.header("Retry-After")).isEqualTo("7");
        assertThat(client.body()).contains("is limited").doesNotContain("first");
    }

    @Test
    void anErrorThatBreaksOffIsAFailure() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = asked(client);
        call.head(429, "Content-Type", JSON);
        call.data("{\"error\":");
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertError(client, 502);
    }

    @Test
    void whatIsNoAnswerAtAllIsA502() {
        TestClient client = TestClient.messages(false);
        asked(client).answer(200, "<html>");
        assertError(client, 502);
    }

    @Test
    void anAnswerThatIsCompressedUnaskedIsA502() {
        TestClient client = TestClient.messages(false);
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", JSON, "Content-Encoding", "gzip");
        call.data("whatever");
        call.end();
        assertError(client, 502);
        assertThat(call.isAborted()).isTrue();
    }

    @Test
    void aHeadThatTheContainerCannotSendIsA502() {
        TestClient client = TestClient.messages(false).taking(fields -> !fields.contains("x-huge"));
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", JSON, "x-huge", "1");
        call.data(DOCUMENT);
        call.end();
        assertError(client, 502);
    }

    @Test
    void aLongDocumentIsTranslatedOnAWorkerAndNothingOvertakesIt() {
        TestClient client = TestClient.messages(false);
        TestProvider.Call call = asked(client);
        String document = DOCUMENT.replace("Hello", "Hello " + "x".repeat(300_000));
        call.head(200, "Content-Type", JSON);
        for (int at = 0; at < document.length(); at += 50_000) {
            call.data(document.substring(at, Math.min(document.length(), at + 50_000)));
        }
        call.end();
        assertThat(client.awaitEnd().end()).isEqualTo(End.WHOLE);
        assertThat(client.body()).contains("Hello " + "x".repeat(300_000));
    }

    @Test
    void aFailureBehindStepsOfAWorkerComesBehindThem() {
        TestClient client = TestClient.messages(true);
        TestProvider.Call call = streaming(client);
        call.data(HELLO);
        call.data(event("{\"content\":\"" + "x".repeat(300_000) + "\"}", "null"));
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.awaitEnd().end()).isEqualTo(End.CUT);
        assertThat(client.body()).contains("x".repeat(300_000)).contains("event: error");
    }

    @Test
    @DisplayName("R69: a provider may send more once what was made of its bytes has been written")
    void theWindowIsCreditedWhenTheClientHasRead() {
        TestClient client = TestClient.messages(true).stopped();
        TestProvider.Call call = streaming(client);
        int[] credit = {0};
        call.data(HELLO);
        call.spend(increment -> credit[0] += increment);
        assertThat(credit[0]).isZero();
        client.readOn();
        assertThat(credit[0]).isEqualTo(HELLO.length());
        client.leave();
    }
}
