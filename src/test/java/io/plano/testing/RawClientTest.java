package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeakChecked
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RawClientTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final FakeUpstream server = FakeUpstream.start();
    private final RawClient client = RawClient.connect(server.port());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void writesARequestLiterally() throws Exception {
        server.enqueue(Reply.json(200, "{}"));
        client.request("POST", "/a b")
                .version("HTTP/9.9")
                .withoutHost()
                .header("AUTHORIZATION", "Bearer A")
                .header("Authorization", "Bearer B")
                .line("no colon here")
                .json("{}")
                .send()
                .readResponse();

        assertThat(new String(server.takeRequest(SOON).rawBytes(), StandardCharsets.UTF_8))
                .isEqualTo("POST /a b HTTP/9.9\r\nAUTHORIZATION: Bearer A\r\nAuthorization: Bearer B\r\n"
                        + "no colon here\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void addsNoLineThatWasGiven() {
        byte[] bytes = client.request("POST", "/")
                .header("host", "other")
                .header("content-length", "+5")
                .body("12345")
                .bytes();

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo("POST / HTTP/1.1\r\nhost: other\r\ncontent-length: +5\r\n\r\n12345");
    }

    @Test
    void sendsExactBytesAndReadsSeveralResponsesOfOneConnection() {
        server.enqueue(Reply.json(200, "1")).enqueue(Reply.json(404, "2"));
        client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(client.readResponse().bodyText()).isEqualTo("1");
        RawResponse second = client.readResponse();
        assertThat(second.statusLine()).isEqualTo("HTTP/1.1 404 Not Found");
        assertThat(second.bodyText()).isEqualTo("2");
        assertThat(client.receivedText()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n2");
    }

    @Test
    void streamsAChunkedBodyAsItGoes() throws Exception {
        server.enqueue(Reply.json(200, "{}"));
        client.request("POST", "/").header("Transfer-Encoding", "chunked").send();
        client.sendChunk("a").sendChunk("bc").sendLastChunk();

        assertThat(server.takeRequest(SOON).bodyText()).isEqualTo("abc");
    }

    @Test
    void readsTheHeadInItsOrderAndCase() {
        server.enqueue(Reply.script().head(200, "X-A: 1", "x-a: 2", "Content-Length: 0"));
        RawResponse response = client.request("GET", "/").exchange();

        assertThat(response.headerLines()).extracting(HeaderLine::name).containsExactly("X-A", "x-a", "Content-Length");
        assertThat(response.headers("X-a")).containsExactly("1", "2");
    }

    @Test
    void readsEventsHoweverTheyAreSplitAndEnded() {
        server.enqueue(Reply.sse("event: ping\ndata: ä\ndata:b\n\n: comment\r\n\r\n", "data: 3\n", "\n", "rest")
                .inPiecesOf(1));
        RawResponse response = client.request("GET", "/").exchange();

        SseEvent first = response.readEvent().orElseThrow();
        assertThat(first.type()).isEqualTo("ping");
        assertThat(first.data()).isEqualTo("ä\nb");
        SseEvent comment = response.readEvent().orElseThrow();
        assertThat(comment.raw()).isEqualTo(": comment\r\n\r\n");
        assertThat(comment.type()).isNull();
        assertThat(response.readEvent()).contains(new SseEvent("data: 3\n\n"));
        assertThat(response.readEvent()).isEmpty();
        assertThat(response.bodyText()).isEqualTo("rest");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    void goesOnWhereATimeOutStoppedIt() {
        Gate gate = new Gate();
        server.enqueue(Reply.stream().bytes("1").waitFor(gate).bytes("0\r\ndata: 1234567\n\n\r\n0\r\nX-T: 1\r\n\r\n"));
        RawResponse response = client.request("GET", "/").exchange();

        assertThatThrownBy(() -> response.readEvent(Duration.ofMillis(50))).isInstanceOf(AssertionError.class);
        gate.open();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("1234567");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(response.trailers()).containsExactly(new HeaderLine("X-T", "1"));
    }

    @Test
    void waitsForSoManyBytesAndKeepsThem() {
        server.enqueue(
                Reply.script().head(200, "Content-Length: 6").bytes("abcdef").inPiecesOf(1));
        RawResponse response = client.request("GET", "/").exchange();

        assertThat(response.awaitBytes(4)).startsWith('a', 'b', 'c', 'd');
        assertThat(response.bodyText()).isEqualTo("abcdef");
    }

    @Test
    void countsABodyThatItDoesNotKeep() {
        byte[] large = new byte[40 << 20];
        server.enqueue(Reply.of(200, "application/octet-stream", large));
        RawResponse response = client.request("GET", "/").exchange();

        assertThat(response.discardBody()).isEqualTo(large.length);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    void expectsNoBodyAfterHead() {
        server.enqueue(Reply.script().head(200, "Content-Length: 100")).enqueue(Reply.json(200, "{}"));

        assertThat(client.request("HEAD", "/").exchange().readBody()).isEmpty();
        assertThat(client.request("GET", "/").exchange().bodyText()).isEqualTo("{}");
    }

    @Test
    void canStillReadAfterItsFin() {
        Gate gate = new Gate();
        server.enqueue(Reply.stream().chunk("data: 1\n\n").waitFor(gate));
        RawResponse response = client.request("GET", "/").exchange();
        client.finish();

        assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
    }

    @Test
    void failsWhenThePeerDoesNotClose() {
        assertThatThrownBy(() -> client.awaitPeerClosed(Duration.ofMillis(50))).isInstanceOf(AssertionError.class);
    }
}
