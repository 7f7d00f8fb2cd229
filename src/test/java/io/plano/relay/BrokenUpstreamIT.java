package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upstreams that break off. What the client gets is either an error in its own dialect or a response that it cannot take
 * for a whole one (R24, R25, R66, R74).
 */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BrokenUpstreamIT {
    private static final String EVENT = "data: {\"n\":1}\n\n";

    private Relay relay;
    private RawClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        relay = Relay.start(kind);
        client = relay.connect();
    }

    @AfterEach
    void stop() {
        try {
            assertThat(relay.exchange().status()).as("afterwards").isEqualTo(200);
            relay.awaitIdle();
        } finally {
            client.close();
            relay.close();
        }
    }

    private void assertErrorBody(RawResponse response, int status, StreamingApi surface) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.header("Proxy-Status")).startsWith("plano; error=");
        String body = response.bodyText();
        assertThat(body)
                .startsWith(surface.errorBodyStart())
                .doesNotContain("127.0.0.1")
                .doesNotContain(String.valueOf(relay.upstream().port()))
                .doesNotContain("Exception")
                .doesNotContain("java.");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    static Stream<Reply> deathsBeforeAHead() {
        return Stream.of(
                Reply.script().close(),
                Reply.script().reset(),
                Reply.json(200, "{}").closeAfter(1),
                Reply.json(200, "{}").closeAfter(20),
                Reply.json(200, "{}").resetAfter(20),
                Reply.script()
                        .bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-st")
                        .close(),
                Reply.script().interim(103).close());
    }

    @ParameterizedTest
    @MethodSource("deathsBeforeAHead")
    void anUpstreamThatDiesBeforeItsHeadIsABadGatewayR74(Reply reply) throws Exception {
        for (StreamingApi surface : StreamingApi.values()) {
            relay.upstream().enqueue(reply);
            assertErrorBody(surface.ask(client).exchange(), 502, surface);
            relay.upstream().takeRequest(Relay.SOON);
        }
        assertThat(relay.upstream().requests()).as("never repeated (R72)").hasSize(2);
    }

    static Stream<Reply> noHttp() {
        return Stream.of(
                Reply.garbage("SSH-2.0-OpenSSH_9.6\r\n"),
                Reply.garbage("HTTP/1.1 abc OK\r\n\r\n"),
                Reply.garbage("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
                Reply.garbage("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
                Reply.garbage("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(70_000) + "\r\n\r\n"),
                Reply.garbage("HTTP/1.1 200 OK\r\n" + "X: 1\r\n".repeat(600) + "\r\n"),
                Reply.garbage("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                Reply.garbage("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
                Reply.garbage("\u0000\u0001\u0002\u0003".repeat(100)).close());
    }

    @ParameterizedTest
    @MethodSource("noHttp")
    void anUpstreamThatSpeaksNoHttpIsABadGatewayR25R74(Reply reply) {
        for (StreamingApi surface : StreamingApi.values()) {
            relay.upstream().enqueue(reply);
            assertErrorBody(surface.ask(client).exchange(), 502, surface);
        }
        relay.awaitIdle();
    }

    static Stream<Reply> smallBodiesCutShort() {
        return Stream.of(
                Reply.json(200, "{\"n\":\"" + "x".repeat(1000) + "\"}").closeAfter(200),
                Reply.json(200, "{\"n\":\"" + "x".repeat(1000) + "\"}").resetAfter(200),
                Reply.script().head(200, "Content-Length: 1").close(),
                Reply.script().head(200, "Content-Length: 100000").close(),
                Reply.script().head(200, "Transfer-Encoding: chunked").close(),
                Reply.script().head(200, "Transfer-Encoding: chunked").bytes("xyz\r\nhello\r\n0\r\n\r\n"),
                Reply.script().head(200, "Transfer-Encoding: chunked").bytes("-5\r\nhello\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("smallBodiesCutShort")
    void aBodyThatBreaksBeforeAnyOfItWentOutIsABadGatewayR24R25(Reply reply) {
        for (StreamingApi surface : StreamingApi.values()) {
            relay.upstream().enqueue(reply);
            assertErrorBody(surface.ask(client).exchange(), 502, surface);
        }
    }

    /** How an upstream breaks off in the middle of an answer. */
    private record Cut(String name, UnaryOperator<Reply> script) {
        @Override
        public String toString() {
            return name;
        }
    }

    private void assertNeverWhole(RawResponse response, StreamingApi surface) {
        if (response.status() == 200) {
            assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        } else {
            assertErrorBody(response, 502, surface);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 20_000, 100_000, 199_999})
    void aBodyShorterThanItsDeclaredLengthIsAbortedR24(int sent) {
        for (StreamingApi surface : StreamingApi.values()) {
            relay.upstream()
                    .enqueue(Reply.script()
                            .head(200, "Content-Length: 200000")
                            .bytes(new byte[sent])
                            .close());
            try (RawClient own = relay.connect()) {
                RawResponse response = surface.ask(own).exchange();
                if (sent > 32 << 10) {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.awaitBytes(sent)).hasSize(sent);
                }
                assertNeverWhole(response, surface);
            }
            relay.upstream()
                    .enqueue(Reply.script()
                            .head(200, "Content-Length: 200000")
                            .bytes(new byte[sent])
                            .reset());
            try (RawClient own = relay.connect()) {
                assertNeverWhole(surface.ask(own).exchange(), surface);
            }
        }
    }

    static Stream<Cut> cutsInsideChunkedBodies() {
        return Stream.of(
                new Cut("FIN", Reply::close),
                new Cut("RST", Reply::reset),
                new Cut("FIN inside a chunk", reply -> reply.bytes("5\r\nhel").close()),
                new Cut(
                        "FIN behind a chunk's data",
                        reply -> reply.bytes("5\r\nhello").close()),
                new Cut("FIN inside a chunk's size", reply -> reply.bytes("5").close()),
                new Cut("no chunk size", reply -> reply.bytes("xyz\r\n")),
                new Cut("empty chunk size", reply -> reply.bytes("\r\n\r\n")),
                new Cut("overflowing chunk size", reply -> reply.bytes("ffffffffffffffffffff\r\n")),
                new Cut("negative chunk size", reply -> reply.bytes("-5\r\nhello\r\n0\r\n\r\n")),
                new Cut("more data than the size", reply -> reply.bytes("5\r\nhelloworld\r\n0\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource("cutsInsideChunkedBodies")
    void aChunkedBodyThatBreaksIsAbortedR24R25(Cut cut) {
        for (StreamingApi surface : StreamingApi.values()) {
            Gate received = new Gate();
            relay.upstream()
                    .enqueue(cut.script()
                            .apply(Reply.script()
                                    .head(200, "Transfer-Encoding: chunked")
                                    .chunk("some")
                                    .waitFor(received)));
            try (RawClient own = relay.connect()) {
                RawResponse response = surface.ask(own).exchange();
                assertThat(response.awaitBytes(4)).isEqualTo("some".getBytes(StandardCharsets.US_ASCII));
                received.open();
                assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
                assertThat(response.bodyText()).isIn("some", "somehel", "somehello");
            }
        }
    }

    static Stream<Cut> cutsBetweenEvents() {
        return Stream.of(
                new Cut("FIN", Reply::close),
                new Cut("RST", Reply::reset),
                new Cut("no chunk size", reply -> reply.bytes("zz\r\n")),
                new Cut(
                        "FIN behind a chunk's size",
                        reply -> reply.bytes("5\r\n").close()));
    }

    private RawResponse cutBehindFirstEvent(Reply head, String partial, Cut cut, RawClient own, StreamingApi surface) {
        Gate received = new Gate();
        relay.upstream().enqueue(cut.script().apply(head.waitFor(received)));
        RawResponse response = surface.ask(own).exchange();
        assertThat(response.readEvent().orElseThrow().raw()).isEqualTo(EVENT);
        assertThat(response.awaitBytes(partial.length())).isEqualTo(partial.getBytes(StandardCharsets.UTF_8));
        received.open();
        return response;
    }

    private void assertSaysSoAndIsAborted(RawResponse response, StreamingApi surface) {
        assertThat(response.readEvent().orElseThrow().raw()).startsWith(surface.errorEventStart());
        assertThat(response.readEvent()).isEmpty();
        assertThat(response.readBody()).isEmpty();
        assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
    }

    @ParameterizedTest
    @MethodSource("cutsBetweenEvents")
    void aStreamThatBreaksBetweenEventsSaysSoInAnEventAndIsAbortedR66(Cut cut) {
        for (StreamingApi surface : StreamingApi.values()) {
            try (RawClient own = relay.connect()) {
                Reply head = Reply.stream().chunk(EVENT);
                assertSaysSoAndIsAborted(cutBehindFirstEvent(head, "", cut, own, surface), surface);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "X-Framing: none"})
    void aStreamInAnyFramingThatBreaksBetweenEventsSaysSoInAnEventAndIsAbortedR66(String framing) {
        for (StreamingApi surface : StreamingApi.values()) {
            try (RawClient own = relay.connect()) {
                Reply head = Reply.script()
                        .head(200, "Content-Type: text/event-stream", framing)
                        .bytes(EVENT);
                assertSaysSoAndIsAborted(
                        cutBehindFirstEvent(head, "", new Cut("FIN", Reply::close), own, surface), surface);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatBreaksBeforeItsFirstEventSaysSoInAnEventR66(StreamingApi surface) {
        Gate received = new Gate();
        relay.upstream().enqueue(Reply.stream().waitFor(received).close());
        try (RawClient own = relay.connect()) {
            RawResponse response = surface.ask(own).exchange();
            received.open();
            assertSaysSoAndIsAborted(response, surface);
        }
    }

    static Stream<Cut> cutsInsideAnEvent() {
        return Stream.of(
                new Cut("FIN", Reply::close),
                new Cut("RST", Reply::reset),
                new Cut("no chunk size", reply -> reply.bytes("zz\r\n")));
    }

    @ParameterizedTest
    @MethodSource("cutsInsideAnEvent")
    void aStreamThatBreaksInsideAnEventIsAbortedWithoutAWordR66(Cut cut) {
        for (StreamingApi surface : StreamingApi.values()) {
            for (String partial : List.of("data: {\"n\"", "data: 2\n", "event: error\n", "data: [DON", ": com")) {
                try (RawClient own = relay.connect()) {
                    Reply head = Reply.stream().chunk(EVENT).chunk(partial);
                    RawResponse response = cutBehindFirstEvent(head, partial, cut, own, surface);
                    assertThat(response.bodyText()).isEqualTo(partial);
                    assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
                }
            }
        }
    }

    @Test
    void aStreamWithoutFramingThatEndsInsideAnEventIsAbortedWithoutAWordR66() {
        for (StreamingApi surface : StreamingApi.values()) {
            try (RawClient own = relay.connect()) {
                String partial = "event: x\ndata: {";
                Reply head = Reply.script()
                        .head(200, "Content-Type: text/event-stream")
                        .bytes(EVENT + partial);
                RawResponse response = cutBehindFirstEvent(head, partial, new Cut("FIN", Reply::close), own, surface);
                assertThat(response.bodyText()).isEqualTo(partial);
                assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
            }
        }
    }

    @Test
    void aStreamWithoutFramingIsWholeWhenItsLastEventSaysSo() {
        relay.upstream()
                .enqueue(Reply.script()
                        .head(200, "Content-Type: text/event-stream")
                        .bytes(EVENT + "data: [DONE]\n\n")
                        .close());
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.bodyText()).isEqualTo(EVENT + "data: [DONE]\n\n");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    static Stream<Reply> answersWithMoreThanTheyDeclared() {
        return Stream.of(
                Reply.json(200, "{\"n\":1}").bytes("EXTRA"),
                Reply.json(200, "{\"n\":1}").bytes("\r\n"),
                Reply.json(200, "{\"n\":1}").bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL"),
                Reply.json(200, "{\"n\":1}").bytes("x".repeat(100_000)),
                Reply.script()
                        .head(200, "Transfer-Encoding: chunked")
                        .chunk("{\"n\":1}")
                        .lastChunk()
                        .bytes("EXTRA"));
    }

    @ParameterizedTest
    @MethodSource("answersWithMoreThanTheyDeclared")
    void bytesBehindAnAnswerAreDroppedAndItsConnectionIsNotUsedAgainR23(Reply reply) throws Exception {
        relay.upstream().enqueue(reply);
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.bodyText()).isEqualTo("{\"n\":1}");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                .isTrue();
        assertThat(relay.exchange().status()).isEqualTo(200);
        assertThat(relay.upstream().connectionsAccepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"EXTRA", "\r\n", "H", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL", "HTTP/1.1 200 OK\r\n"})
    void bytesOnAWaitingConnectionEndItR23(String extra) throws Exception {
        Gate answered = new Gate();
        relay.upstream().enqueue(Reply.json(200, "{\"n\":1}").waitFor(answered).bytes(extra));
        assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("{\"n\":1}");
        answered.open();
        assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                .isTrue();
        assertThat(relay.exchange().status()).isEqualTo(200);
        assertThat(relay.upstream().connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void aRequestThatWasSentIsNeverRepeatedEvenOnAReusedConnectionR72() throws Exception {
        int requests = 0;
        UpstreamRequest last;
        do { // the connection may come back a moment after its answer
            assertThat(relay.exchange().status()).isEqualTo(200);
            relay.upstream().takeRequest(Relay.SOON);
            relay.upstream().enqueue(Reply.script().close());
            assertErrorBody(StreamingApi.CHAT.ask(client).exchange(), 502, StreamingApi.CHAT);
            last = relay.upstream().takeRequest(Relay.SOON);
            requests += 2;
        } while (last.index() == 0 && requests < 100);
        assertThat(last.index()).as("number of the request on its connection").isPositive();
        assertThat(relay.exchange().status()).isEqualTo(200);
        assertThat(relay.upstream().requests()).hasSize(requests + 1);
    }

    @Test
    void aWaitingConnectionThatTheUpstreamClosedIsReplacedSilently() throws Exception {
        for (int i = 0; i < 50; i++) {
            relay.upstream().enqueue(Reply.json(200, "{\"n\":" + i + "}").close());
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("{\"n\":" + i + "}");
            relay.upstream().awaitConnectionClosed(i, Relay.SOON);
        }
        assertThat(relay.upstream().requests()).hasSize(50);
    }

    @Test
    void anAnswerThatEndsItsConnectionIsNeverFollowedByAnotherRequestOnIt() {
        for (int i = 0; i < 50; i++) {
            relay.upstream().enqueue(Reply.json(200, "{\"n\":" + i + "}").header("Connection", "close"));
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("{\"n\":" + i + "}");
        }
        assertThat(relay.upstream().connectionsAccepted()).isEqualTo(50);
    }
}
