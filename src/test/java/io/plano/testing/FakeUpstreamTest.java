package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeakChecked
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FakeUpstreamTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final FakeUpstream upstream = FakeUpstream.start();
    private final RawClient client = RawClient.connect(upstream.port());

    @AfterEach
    void close() {
        client.close();
        upstream.close();
    }

    private RawResponse get(Reply reply) {
        upstream.enqueue(reply);
        return client.request("GET", "/").exchange();
    }

    @Test
    void remembersHeaderLinesInOrderAndInTheirCase() throws Exception {
        upstream.enqueue(Reply.json(200, "{}"));
        client.request("POST", "/v1/messages?beta=true")
                .line("x-API-Key: A")
                .line("X-Odd :b")
                .line("X-Api-Key:C ")
                .body("hello")
                .exchange();

        UpstreamRequest request = upstream.takeRequest(SOON);
        assertThat(request.requestLine()).isEqualTo("POST /v1/messages?beta=true HTTP/1.1");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/v1/messages?beta=true");
        assertThat(request.headerLines())
                .extracting(HeaderLine::name)
                .containsExactly("Host", "x-API-Key", "X-Odd ", "X-Api-Key", "Content-Length");
        assertThat(request.headers("X-API-KEY")).containsExactly("A", "C");
        assertThat(request.header("content-length")).isEqualTo("5");
        assertThat(request.header("x-absent")).isNull();
        assertThat(request.bodyText()).isEqualTo("hello");
        assertThat(new String(request.rawBytes(), StandardCharsets.UTF_8))
                .isEqualTo(request.rawHead() + "hello")
                .contains("\r\nX-Odd :b\r\n");
    }

    @Test
    void takesAChunkedRequestBodyApart() throws Exception {
        upstream.enqueue(Reply.json(200, "{}"));
        client.request("POST", "/").chunkedBody("one ", "two").exchange();

        UpstreamRequest request = upstream.takeRequest(SOON);
        assertThat(request.bodyText()).isEqualTo("one two");
        assertThat(request.bodyLength()).isEqualTo(7);
        assertThat(new String(request.rawBytes(), StandardCharsets.UTF_8)).endsWith("3\r\ntwo\r\n0\r\n\r\n");
        assertThat(request.isComplete()).isTrue();
    }

    @Test
    void countsConnectionsAndTheRequestsOnEach() throws Exception {
        upstream.onRequest(request -> Reply.json(200, "\"" + request.connection() + "." + request.index() + "\""));

        assertThat(client.request("GET", "/").exchange().bodyText()).isEqualTo("\"0.0\"");
        assertThat(client.request("GET", "/").exchange().bodyText()).isEqualTo("\"0.1\"");
        try (RawClient other = RawClient.connect(upstream.port())) {
            assertThat(other.request("GET", "/").exchange().bodyText()).isEqualTo("\"1.0\"");
            assertThat(upstream.connectionsAccepted()).isEqualTo(2);
            assertThat(upstream.openConnections()).isEqualTo(2);
        }
        assertThat(upstream.requests()).hasSize(3);
        assertThat(upstream.awaitConnectionClosed(1, SOON).how()).isEqualTo(ConnectionEnd.How.PEER_CLOSED);
        assertThat(upstream.openConnections()).isEqualTo(1);
    }

    @Test
    void letsARequestWaitForItsReply() throws Exception {
        client.request("GET", "/").send();
        upstream.takeRequest(SOON);
        assertThat(upstream.busyConnections()).isEqualTo(1);

        upstream.enqueue(Reply.json(200, "1"));

        assertThat(client.readResponse().bodyText()).isEqualTo("1");
        Await.until(SOON, () -> "it is still busy", () -> upstream.busyConnections() == 0);
    }

    @Test
    void failsWhenNoRequestArrives() {
        assertThatThrownBy(() -> upstream.takeRequest(A_MOMENT)).isInstanceOf(AssertionError.class);
    }

    @Test
    void streamsAsFarAsTheGateIsOpen() throws Exception {
        Gate gate = new Gate();
        RawResponse response = get(Reply.stream()
                .chunk("data: 1\n\n")
                .waitFor(gate)
                .chunk("data: 2\n\n")
                .lastChunk());

        assertThat(response.readEvent()).contains(new SseEvent("data: 1\n\n"));
        gate.awaitReached(SOON);
        assertThat(response.isSilentFor(A_MOMENT)).isTrue();
        gate.open();
        assertThat(response.readEvent()).contains(new SseEvent("data: 2\n\n"));
        assertThat(response.readEvent()).isEmpty();
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    void keepsTheConnectionAfterAStreamWrittenByteByByte() {
        RawResponse response = get(Reply.sse("data: ä\n\n", "data: [DONE]\n\n").inPiecesOf(1));

        assertThat(response.bodyText()).isEqualTo("data: ä\n\ndata: [DONE]\n\n");
        assertThat(get(Reply.json(200, "{}")).bodyText()).isEqualTo("{}");
        assertThat(upstream.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void waitsAnywhereInTheBytesOfAReply() {
        Gate gate = new Gate();
        upstream.enqueue(Reply.json(200, "{}").waitAfter(20, gate));
        client.patience(Duration.ofMillis(200)).request("GET", "/").send();

        assertThatThrownBy(client::readResponse).isInstanceOf(AssertionError.class);
        assertThat(client.received()).hasSize(20);
        gate.open();
        assertThat(client.patience(SOON).readResponse().bodyText()).isEqualTo("{}");
    }

    @Test
    void noticesAtOnceThatTheClientOfAStalledStreamLeft() throws Exception {
        RawResponse response = get(Reply.stream().chunk("data: 1\n\n").stall());
        response.readEvent();

        long left = System.nanoTime();
        client.close();

        ConnectionEnd end = upstream.awaitConnectionClosed(0, SOON);
        assertThat(end.how()).isEqualTo(ConnectionEnd.How.PEER_CLOSED);
        assertThat(end.byPeer()).isTrue();
        assertThat(end.after(left)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void tellsAResetFromAClose() throws Exception {
        get(Reply.stream().stall());
        client.reset();
        assertThat(upstream.awaitConnectionClosed(0, SOON).how()).isEqualTo(ConnectionEnd.How.PEER_RESET);
        upstream.awaitNoOpenConnections(SOON);
    }

    @Test
    void failsWhenAConnectionStaysOpen() {
        assertThatThrownBy(() -> upstream.awaitConnectionClosed(0, A_MOMENT)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> upstream.awaitNoOpenConnections(A_MOMENT)).isInstanceOf(AssertionError.class);
    }

    @Test
    void closesBeforeTheHead() {
        upstream.enqueue(Reply.script().close());
        client.request("GET", "/").send();
        assertThatThrownBy(client::readResponse)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("closed the connection instead");
    }

    @Test
    void resetsBeforeTheHead() {
        upstream.enqueue(Reply.json(200, "{}").resetAfter(0));
        client.request("GET", "/").send();
        assertThatThrownBy(client::readResponse)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("Connection reset");
    }

    @Test
    void closesWithinTheHead() {
        upstream.enqueue(Reply.json(200, "{}").closeAfter(30));
        client.request("GET", "/").send();
        assertThatThrownBy(client::readResponse).isInstanceOf(UncheckedIOException.class);
        assertThat(client.received()).hasSize(30);
    }

    @Test
    void cutsABodyInEachWay() {
        for (Reply cut : List.of(
                Reply.stream().chunk("data: 1\n\n").close(),
                Reply.stream().chunk("data: 1\n\n").reset(),
                Reply.stream().bytes("5\r\nab").close(),
                Reply.stream().chunk("data: 1\n\n").bytes("zz\r\n").close(),
                Reply.script().head(200, "Content-Length: 10").bytes("short").close())) {
            upstream.enqueue(cut);
            try (RawClient own = RawClient.connect(upstream.port())) {
                RawResponse response = own.request("GET", "/").exchange();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
            }
        }
    }

    @Test
    void writesMoreThanItsContentLength() {
        RawResponse response = get(
                Reply.script().head(200, "Content-Length: 2").bytes("{}extra").close());
        assertThat(response.bodyText()).isEqualTo("{}");
        client.awaitPeerClosed(SOON);
        assertThat(client.receivedText()).endsWith("\r\n\r\n{}extra");
    }

    @Test
    void answersGarbage() {
        upstream.enqueue(Reply.garbage("SSH-2.0-nonsense\r\n").close());
        client.request("GET", "/").send().awaitPeerClosed(SOON);
        assertThat(client.receivedText()).isEqualTo("SSH-2.0-nonsense\r\n");
    }

    @Test
    void sendsInterimResponsesFirst() {
        RawResponse response = get(Reply.script()
                .interim(103, "Link: </a>")
                .interim(100)
                .head(200, "Content-Length: 0")
                .header("request-id", "r1"));
        assertThat(response.interimStatuses()).containsExactly(103, 100);
        assertThat(response.header("Request-Id")).isEqualTo("r1");
    }

    @Test
    void closesAfterConnectionClose() {
        RawResponse response = get(Reply.json(200, "{}").header("Connection", "close"));
        assertThat(response.bodyText()).isEqualTo("{}");
        client.awaitPeerClosed(SOON);
        assertThat(upstream.busyConnections()).as("our FIN awaits the peer's").isEqualTo(1);
    }

    @Test
    void closesWhenTheRequestSaysSo() {
        upstream.enqueue(Reply.json(200, "{}"));
        client.request("GET", "/").header("connection", "Close").exchange();
        client.awaitPeerClosed(SOON);
    }

    @Test
    void endsABodyByClosing() {
        RawResponse response = get(Reply.script()
                .head(200, "Content-Type: text/event-stream")
                .bytes("data: 1\n\n")
                .close());
        assertThat(response.bodyText()).isEqualTo("data: 1\n\n");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    void answersBeforeTheRequestBodyIsThere() throws Exception {
        upstream.enqueue(Reply.json(413, "{}").beforeRequestBody());
        client.request("POST", "/").body("a long body").sendHead();

        assertThat(client.readResponse().status()).isEqualTo(413);
        UpstreamRequest request = upstream.takeRequest(SOON);
        client.send("a long body");
        assertThat(request.bodyText()).isEqualTo("a long body");
    }

    @Test
    void tellsThatARequestWasCutOff() throws Exception {
        client.request("POST", "/").body("0123456789").sendHead().send("01234").close();

        UpstreamRequest request = upstream.takeRequest(SOON);
        assertThat(request.isComplete()).isFalse();
        assertThat(request.bodyText()).isEqualTo("01234");
    }

    @Test
    void readsNoBodyBeforeItsGateOpens() throws Exception {
        Gate gate = new Gate();
        upstream.readBodiesAfter(gate).enqueue(Reply.json(200, "{}"));
        client.request("POST", "/").body("body").send();

        gate.awaitReached(SOON);
        assertThat(upstream.requests()).isEmpty();
        gate.open();
        assertThat(upstream.takeRequest(SOON).bodyText()).isEqualTo("body");
    }

    @Test
    void holdsUpAPeerWhoseBodyItDoesNotRead() throws Exception {
        Gate gate = new Gate();
        AtomicLong sent = new AtomicLong();
        try (FakeUpstream small = FakeUpstream.startWithReceiveBuffer(8 << 10).readBodiesAfter(gate);
                RawClient peer = RawClient.connect(small.port())) {
            peer.request("POST", "/").header("Content-Length", "8388608").send();
            Thread uploading = new Thread(() -> {
                for (; sent.get() < 8 << 20; sent.addAndGet(8 << 10)) {
                    peer.send(new byte[8 << 10]);
                }
            });
            uploading.start();
            gate.awaitReached(SOON);
            assertThat(Await.holds(Duration.ofMillis(200), () -> sent.get() == 8 << 20))
                    .isFalse();

            small.enqueue(Reply.json(200, "{}"));
            gate.open();
            uploading.join();
            assertThat(small.takeRequest(SOON).bodyLength()).isEqualTo(8 << 20);
        }
    }

    @Test
    void writesNoMoreThanASlowReaderTakes() throws Exception {
        upstream.enqueue(Reply.stream().endlessChunks(new byte[4096]));
        try (RawClient slow = RawClient.connectWithReceiveBuffer(upstream.port(), 8 << 10)) {
            slow.request("GET", "/").exchange();

            long written = upstream.awaitWritesStalled(Duration.ofMillis(200), SOON);

            assertThat(written).isBetween(8L << 10, 1L << 20);
            assertThat(upstream.bytesWritten()).isEqualTo(written);
        }
        assertThat(upstream.awaitConnectionClosed(1, SOON).byPeer()).isTrue();
    }

    @Test
    void endsItsConnectionsWhenItCloses() throws Exception {
        RawResponse response = get(Reply.stream().stall());
        try (FakeUpstream other = FakeUpstream.start();
                RawClient toOther = RawClient.connect(other.port())) {
            toOther.request("GET", "/").send();
            other.takeRequest(SOON);
        }
        client.finish();
        upstream.close();
        assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        assertThat(upstream.openConnections()).isZero();
    }
}
