package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two readers could understand differently. The container refuses most of them; whatever it lets through
 * reaches the upstream with one framing, and never as two requests (R16 to R22).
 */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SmugglingIT {
    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String SMUGGLED = "GET /v1/smuggled HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\n\r\n";

    private Relay relay;
    private FakeUpstream upstream;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        relay = Relay.start(kind);
        upstream = relay.upstream().onRequest(request -> Reply.json(200, "{\"fine\":true}"));
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    /** A request head on the chat surface, with these lines behind the first three, and what follows it. */
    private static String post(String lines, String body) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-relay-a\r\n" + lines + "\r\n"
                + body;
    }

    /** Sends this, says that nothing more comes, and gives all that came back. */
    private String answersTo(String raw) {
        try (RawClient client = relay.connect()) {
            client.send(raw.getBytes(StandardCharsets.ISO_8859_1)).finish();
            client.awaitPeerClosed(Relay.SOON);
            return client.receivedText();
        }
    }

    private void assertRefused(String raw) {
        assertThat(answersTo(raw)).startsWith("HTTP/1.1 400 ");
        assertThat(upstream.requests()).isEmpty();
        assertThat(upstream.connectionsAccepted()).isZero();
    }

    /** At most one request arrived, with at most one framing, which is right. */
    private void assertNothingSmuggled() {
        assertThat(upstream.requests()).hasSizeLessThanOrEqualTo(1).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/v1/chat/completions");
            assertThat(request.bodyText()).isEqualTo(BODY);
            assertThat(request.headers("Content-Length")).containsExactly("18");
            assertThat(request.headerLines())
                    .noneMatch(line -> line.name().toLowerCase(Locale.ROOT).startsWith("transfer"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 18\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 18\r\n",
                "Content-Length: 18, 5\r\n"
            })
    void twoLengthsThatDifferAreRefusedR17(String lines) {
        assertRefused(post(lines, BODY + SMUGGLED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+18", "-18", "0x12", "18a", "1 8", "18.0", "99999999999999999999", "''"})
    void aLengthThatIsNoNumberIsRefusedR18(String length) {
        assertRefused(post("Content-Length: " + length + "\r\n", BODY + SMUGGLED));
    }

    @Test
    void aLengthAndAnEncodingAreRefusedOrTheEncodingWinsR16() {
        String chunked = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
        for (String lines : new String[] {
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
        }) {
            try (RawClient client = relay.connect()) {
                assertThat(client.send(post(lines, chunked)).readResponse().status())
                        .isIn(200, 400);
            }
        }
        assertThat(upstream.requests()).allSatisfy(request -> {
            assertThat(request.bodyText()).isEqualTo(BODY);
            assertThat(request.headers("Transfer-Encoding")).isEmpty();
            assertThat(request.headers("Content-Length")).containsExactly("18");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: gzip\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: \u000bchunked\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding\t: chunked\r\n",
                " Transfer-Encoding: chunked\r\n",
                "X: y\r\n Transfer-Encoding: chunked\r\n",
                "X: y\nTransfer-Encoding: chunked\r\n",
                "Transfer_Encoding: chunked\r\n"
            })
    void anEncodingInDisguiseSmugglesNothingR16R20(String lines) {
        answersTo(post("Content-Length: 18\r\n" + lines, BODY));
        assertNothingSmuggled();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: ,chunked\r\n"
            })
    void anOddEncodingAloneSmugglesNothing(String lines) {
        answersTo(post(lines, "12\r\n" + BODY + "\r\n0\r\n\r\n"));
        assertNothingSmuggled();
    }

    static Stream<String> brokenChunks() {
        return Stream.of(
                "xyz\r\n" + BODY + "\r\n0\r\n\r\n",
                "-12\r\n" + BODY + "\r\n0\r\n\r\n",
                "0x12\r\n" + BODY + "\r\n0\r\n\r\n",
                "ffffffffffffffff12\r\n" + BODY + "\r\n0\r\n\r\n",
                "\r\n12\r\n" + BODY + "\r\n0\r\n\r\n",
                "12\r\n" + BODY + "0\r\n\r\n",
                "12\r\n" + BODY + "XX0\r\n\r\n",
                "5\r\n" + BODY + "\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void aBrokenChunkIsNotTakenForARequest(String chunks) {
        String answers = answersTo(post("Transfer-Encoding: chunked\r\n", chunks + SMUGGLED));
        assertThat(answers).doesNotContain("HTTP/1.1 200");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void aBrokenChunkOfAStreamedUploadIsNeverACompleteRequest(String chunks) {
        answersTo("POST /v1/files HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-relay-a\r\n"
                + "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        upstream.awaitNoOpenConnections(Relay.SOON);
        assertThat(upstream.requests()).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/v1/files");
            assertThat(request.isComplete()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Name : value\r\n", "X Name: value\r\n", ": value\r\n", "X-Name\r\n", "X-N\u0000: v\r\n"})
    void aMalformedHeaderNameIsRefusedR20(String line) {
        assertRefused(post("Content-Length: 18\r\n" + line, BODY));
    }

    @Test
    void aFoldedLineIsRefusedOrOneLineR20() {
        String answers = answersTo(post("Content-Length: 18\r\nX-Fold: a\r\n X-Injected: b\r\n", BODY));
        if (!answers.startsWith("HTTP/1.1 400 ")) {
            assertThat(upstream.requests()).hasSize(1);
            UpstreamRequest request = upstream.requests().get(0);
            assertThat(request.header("X-Injected")).isNull();
            assertThat(request.rawHead()).doesNotContain("\r\n X").doesNotContain("\r\nX-Injected");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\rb", "a\rX-Injected: b"})
    void aControlCharacterInAValueIsRefusedR19(String value) {
        String answers = answersTo(post("Content-Length: 18\r\nX-Name: " + value + "\r\n", BODY));
        assertThat(answers).startsWith("HTTP/1.1 400 ");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aMissingHostIsRefusedR21() {
        assertRefused(
                "POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer sk-relay-a\r\nContent-Length: 18\r\n\r\n"
                        + BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: h\r\n", "Host: other\r\n", "HOST: h\r\n"})
    void aSecondHostIsRefusedR21(String line) {
        assertRefused(post("Content-Length: 18\r\n" + line, BODY));
    }

    @Test
    void theHostOfAnAbsoluteTargetHasNoEffectR22() {
        String raw = "POST http://evil.example:1/v1/chat/completions HTTP/1.1\r\nHost: evil.example:1\r\n"
                + "Authorization: Bearer sk-relay-a\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n"
                + BODY;
        assertThat(answersTo(raw)).startsWith("HTTP/1.1 200 ");
        UpstreamRequest request = upstream.requests().get(0);
        assertThat(request.target()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers("Host")).containsExactly("127.0.0.1:" + upstream.port());
        assertThat(request.rawHead()).doesNotContain("evil");
    }

    @Test
    void aBodyThatLooksLikeARequestStaysABody() {
        String body = "{\"model\":\"gpt-4o\",\"x\":\"\r\n\r\n" + SMUGGLED.replace("\r\n", "\\r\\n") + "\"}";
        String valid = "{\"model\":\"gpt-4o\",\"x\":\"" + SMUGGLED.replace("\r\n", "\\r\\n") + "\"}";
        answersTo(post("Content-Length: " + body.length() + "\r\n", body));
        answersTo(post("Content-Length: " + valid.length() + "\r\n", valid));
        assertThat(upstream.requests()).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/v1/chat/completions");
            assertThat(request.bodyText()).isIn(body, valid);
        });
    }

    @Test
    void aGetWithABodyDoesNotLeaveItBehindAsTheNextRequest() {
        String get = "GET /v1/files/f HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-relay-a\r\nContent-Length: "
                + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED;
        String answers = answersTo(get + get);
        assertThat(answers.split("HTTP/1\\.1 200", -1)).hasSize(3);
        assertThat(upstream.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.target()).isEqualTo("/v1/files/f"));
    }

    @Test
    void twoRequestsInOnePacketGetTheirOwnAnswersInOrder() {
        upstream.onRequest(request -> Reply.json(200, "{\"echo\":" + request.bodyText() + "}"));
        String one = "{\"model\":\"gpt-4o\",\"n\":1}";
        String two = "{\"model\":\"gpt-4o\",\"n\":2}";
        String answers = answersTo(post("Content-Length: " + one.length() + "\r\n", one)
                + post("Content-Length: " + two.length() + "\r\n", two));
        assertThat(answers.indexOf("\"n\":1")).isPositive().isLessThan(answers.indexOf("\"n\":2"));
    }

    @Test
    void aBodyThatIsChangedGetsItsOwnLengthAndLosesWhatDescribedTheOldOneR26() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        String body = "{\"model\":\"nick\",\"messages\":[\"é\"]}";
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        try (RawClient client = relay.connect()) {
            RawResponse response = client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer sk-relay-a")
                    .header("Content-Encoding", "gzip")
                    .header("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==")
                    .header("Digest", "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=")
                    .header("Content-Digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")
                    .body(packed.toByteArray())
                    .exchange();
            assertThat(response.status()).isEqualTo(200);
        }
        UpstreamRequest request = upstream.takeRequest(Relay.SOON);
        String sent = body.replace("nick", "gpt-4o");
        assertThat(request.bodyText()).isEqualTo(sent);
        assertThat(request.headers("Content-Length"))
                .containsExactly(String.valueOf(sent.getBytes(StandardCharsets.UTF_8).length));
        assertThat(request.header("Content-Encoding")).isNull();
        assertThat(request.header("Content-MD5")).isNull();
        assertThat(request.header("Digest")).isNull();
        assertThat(request.header("Content-Digest")).isNull();
    }
}
