package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.proxy.TestClient.End;
import io.plano.upstream.UpstreamListener.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client sees of an answer in its own format that breaks off, is an error, or is too large. */
class IdentityAnswerTest {
    private static final String EVENTS = "text/event-stream";
    private static final String JSON = "application/json";
    private static final String FIRST = "data: {\"n\":1}\n\n";

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void isOverOnce() {
        assertThat(gateway.records()).as("told once").hasSize(1);
        gateway.records().clear();
        gateway.assertNothingIsLeft();
        gateway.close();
    }

    private TestProvider.Call asked(TestClient client) {
        gateway.serve(client);
        return gateway.provider().call(0);
    }

    @Test
    void aFailureBeforeTheHeadHasAStatus() {
        TestClient client = TestClient.chat();
        asked(client).fail(FailureKind.UPSTREAM_TIMEOUT);
        assertThat(client.status()).isEqualTo(504);
        assertThat(client.header("Proxy-Status")).isEqualTo("plano; error=http_response_timeout");
        assertThat(client.body()).contains("\"error\":{");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aFailureBetweenTheHeadAndItsFirstByteHasAStatusUntilTheHeadIsOut() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", EVENTS);
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.status()).isEqualTo(502);
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    @DisplayName("R66: once the head of a stream is out, a failure is an event, and then an abort")
    void aFailureBehindTheHeadOfAStreamIsAnEventAndAnAbort() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", EVENTS);
        call.listener().paused();
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.body()).startsWith("data: {\"error\":");
        assertThat(client.end()).isEqualTo(End.CUT);
    }

    @Test
    void aFailureBetweenTwoEventsIsAnEventAndAnAbort() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", EVENTS);
        call.data(FIRST);
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.body()).startsWith(FIRST + "data: {\"error\":");
        assertThat(client.end()).isEqualTo(End.CUT);
    }

    @Test
    void aFailureInsideAnEventIsAnAbortAlone() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", EVENTS);
        call.data(FIRST + "data: {\"n\"");
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.body()).isEqualTo(FIRST + "data: {\"n\"");
        assertThat(client.end()).isEqualTo(End.CUT);
    }

    @Test
    void aShortDocumentThatBreaksOffHasAStatus() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", JSON, "Content-Length", "100");
        call.data("{\"half\":");
        assertThat(client.status()).as("held back").isZero();
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.status()).isEqualTo(502);
        assertThat(client.body()).doesNotContain("half");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aLongDocumentThatBreaksOffIsAborted() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", JSON, "Content-Length", "100000");
        call.data("{\"half\":");
        call.fail(FailureKind.UPSTREAM_TRUNCATED);
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.body()).isEqualTo("{\"half\":");
        assertThat(client.end()).isEqualTo(End.CUT);
    }

    @Test
    void aStreamThatEndsWithItsConnectionIsWholeIfItSaysSo() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(Content.UNTIL_CLOSE, 200, "Content-Type", EVENTS);
        call.data(FIRST);
        call.data("data: [DONE]\n\n");
        call.end();
        assertThat(client.body()).isEqualTo(FIRST + "data: [DONE]\n\n");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aStreamThatEndsWithItsConnectionIsTruncatedIfItDoesNot() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(Content.UNTIL_CLOSE, 200, "Content-Type", EVENTS);
        call.data(FIRST);
        call.end();
        assertThat(client.body()).startsWith(FIRST + "data: {\"error\":");
        assertThat(client.end()).isEqualTo(End.CUT);
        assertThat(gateway.record().end()).isEqualTo("upstream_truncated");
    }

    @Test
    @DisplayName("R90: of an error, what is the gateway's own is masked, wherever the bytes are split")
    void theGatewaysKeyInAnErrorIsMasked() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        String body = "{\"error\":\"no such key: sk-first-key\"}";
        call.head(401, "Content-Type", JSON, "Content-Length", "" + body.length(), "x-key", "sk-first-key");
        for (char each : body.toCharArray()) {
            call.data("" + each);
        }
        call.end();
        assertThat(client.status()).isEqualTo(401);
        assertThat(client.body()).hasSize(body.length()).startsWith("{\"error\":\"no such key: *");
        assertThat(client.body()).doesNotContain("first");
        assertThat(client.header("x-key")).doesNotContain("first");
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void anErrorThatCameCompressedIsDecodedToBeMasked() throws IOException {
        TestClient client = TestClient.chat().with("Accept-Encoding", "gzip");
        TestProvider.Call call = asked(client);
        call.head(403, "Content-Type", JSON, "Content-Encoding", "gzip");
        call.data(gzip("{\"error\":\"sk-first-key is blocked\"}"));
        assertThat(client.status()).as("nothing goes before it is known").isZero();
        call.end();
        assertThat(client.status()).isEqualTo(403);
        assertThat(client.header("Content-Encoding")).isNull();
        assertThat(client.body()).contains("is blocked").doesNotContain("first");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream coded = new GZIPOutputStream(bytes)) {
            coded.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void anErrorThatCannotBeReadIsReplaced() {
        TestClient client = TestClient.chat().with("Accept-Encoding", "gzip");
        TestProvider.Call call = asked(client);
        call.head(403, "Content-Type", JSON, "Content-Encoding", "gzip");
        call.data("no gzip: sk-first-key");
        call.end();
        assertThat(client.status()).isEqualTo(403);
        assertThat(client.body()).contains("could not read").doesNotContain("first");
    }

    @Test
    void whatIsHeldBackOfAnErrorIsCreditedAllTheSame() {
        TestClient client = TestClient.chat().with("Accept-Encoding", "gzip");
        TestProvider.Call call = asked(client);
        call.head(403, "Content-Type", JSON, "Content-Encoding", "gzip");
        call.data("0123456789");
        int[] credit = {0};
        call.spend(increment -> credit[0] += increment);
        assertThat(credit[0]).isEqualTo(10);
        call.end();
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }

    @Test
    void aHeadThatTheContainerCannotSendIsA502AndTheRestIsIgnored() {
        TestClient client = TestClient.chat().taking(fields -> !fields.contains("x-huge"));
        TestProvider.Call call = asked(client);
        call.head(200, "Content-Type", EVENTS, "x-huge", "1");
        call.data(FIRST);
        call.end();
        assertThat(client.status()).isEqualTo(502);
        assertThat(client.body()).contains("head that is too large").doesNotContain("\"n\":1");
        assertThat(client.end()).isEqualTo(End.WHOLE);
        assertThat(call.isAborted()).isTrue();
    }

    @Test
    void anAnswerWithoutABodyIsWhole() {
        TestClient client = TestClient.chat();
        TestProvider.Call call = asked(client);
        call.head(Content.NONE, 204);
        call.end();
        assertThat(client.status()).isEqualTo(204);
        assertThat(client.body()).isEmpty();
        assertThat(client.end()).isEqualTo(End.WHOLE);
    }
}
