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
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that arrive whole: every framing, every size, in the order and at the time in which the upstream sent them. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamingIT {
    private static final int LARGE = 10 << 20;

    /** Two- to four-byte characters, and all three line ends of the event stream grammar. */
    private static final byte[] MIXED =
            "data: {\"t\":\"é€😀\"}\r\n\r\n: ping\n\nevent: x\rdata: ü\r\rdata: [DONE]\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8);

    private Relay relay;
    private RawClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        relay = Relay.start(kind);
        client = relay.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        relay.close();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstEventArrivesBeforeTheSecondIsSentR63(StreamingApi surface) throws Exception {
        Gate second = new Gate();
        relay.upstream()
                .enqueue(Reply.stream()
                        .chunk("data: {\"n\":1}\n\n")
                        .waitFor(second)
                        .chunk("data: {\"n\":2}\n\n")
                        .lastChunk());
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("{\"n\":1}");
        second.open();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("{\"n\":2}");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @ParameterizedTest
    @EnumSource
    void theHeadOfAStreamArrivesBeforeItsFirstEventR63(StreamingApi surface) throws Exception {
        Gate first = new Gate();
        relay.upstream()
                .enqueue(Reply.stream().waitFor(first).chunk("data: 1\n\n").lastChunk());
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.status()).isEqualTo(200);
        first.open();
        assertThat(response.bodyText()).isEqualTo("data: 1\n\n");
    }

    @Test
    void aStreamIsNeitherStoredNorBufferedNorCompressedOnItsWayR71() {
        relay.upstream().enqueue(Reply.sse("data: 1\n\n"));
        RawResponse response =
                StreamingApi.CHAT.ask(client).header("Accept-Encoding", "gzip").exchange();
        assertThat(response.header("Cache-Control")).contains("no-cache");
        assertThat(response.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(response.header("Content-Length")).isNull();
        assertThat(response.header("Content-Encoding")).isNull();
        assertThat(response.bodyText()).isEqualTo("data: 1\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat.sse", "anthropic-messages.sse"})
    void aRecordedStreamArrivesByteForByteR64(String name) {
        byte[] recorded = Bytes.recorded(name);
        relay.upstream().enqueue(Reply.stream().chunk(recorded).lastChunk().inPiecesOf(7));
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.readBody()).isEqualTo(recorded);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    void aStreamSentByteByByteArrivesUnchangedR64() {
        relay.upstream().enqueue(Reply.stream().chunk(MIXED).lastChunk().inPiecesOf(1));
        assertThat(StreamingApi.CHAT.ask(client).exchange().readBody()).isEqualTo(MIXED);
    }

    @Test
    void aStreamSplitAtAnyOffsetArrivesUnchangedR64() {
        for (int split = 0; split <= MIXED.length; split++) {
            byte[] first = Arrays.copyOf(MIXED, split);
            byte[] second = Arrays.copyOfRange(MIXED, split, MIXED.length);
            Reply reply = Reply.stream();
            if (first.length > 0) {
                reply.chunk(first);
            }
            if (second.length > 0) {
                reply.chunk(second);
            }
            relay.upstream().enqueue(reply.lastChunk());
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            assertThat(response.readBody()).as("split at %d", split).isEqualTo(MIXED);
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
        // Not always one: the client may be faster with its next request than the connection is back.
        assertThat(relay.upstream().connectionsAccepted()).isLessThan(MIXED.length / 2);
    }

    @Test
    void chunkExtensionsAndTrailersOfTheUpstreamDoNotReachTheBody() {
        relay.upstream()
                .enqueue(Reply.stream()
                        .bytes("5;ext=\"x\"\r\nhello\r\n")
                        .bytes("006\r\n world\r\n")
                        .lastChunk("X-Checksum: 1"));
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.bodyText()).isEqualTo("hello world");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4095, 4096, 32 << 10, (32 << 10) + 1, 65_535, 65_536, 200_000})
    void aBodyOfDeclaredLengthKeepsItsLength(int length) {
        byte[] body = Bytes.random(length);
        relay.upstream().enqueue(Reply.of(200, "application/octet-stream", body));
        RawResponse response = Relay.download(client).exchange();
        assertThat(response.headers("Content-Length")).containsExactly(String.valueOf(length));
        assertThat(response.header("Transfer-Encoding")).isNull();
        assertThat(response.readBody()).isEqualTo(body);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 32 << 10, 200_000})
    void aChunkedBodyArrivesWhole(int length) {
        byte[] body = Bytes.random(length);
        Reply reply = Reply.script().head(200, "Transfer-Encoding: chunked", "Content-Type: application/json");
        if (length > 0) {
            reply.chunk(body);
        }
        relay.upstream().enqueue(reply.lastChunk());
        RawResponse response = Relay.download(client).exchange();
        assertThat(response.readBody()).isEqualTo(body);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 200_000})
    void aBodyThatEndsWithItsConnectionArrivesWhole(int length) {
        byte[] body = Bytes.random(length);
        relay.upstream()
                .enqueue(Reply.script()
                        .head(200, "Content-Type: application/octet-stream")
                        .bytes(body)
                        .close());
        RawResponse response = Relay.download(client).exchange();
        assertThat(response.readBody()).isEqualTo(body);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(relay.exchange().status()).isEqualTo(200);
    }

    @Test
    void theClientConnectionStaysUsableAfterEveryFraming() {
        relay.upstream().enqueue(Reply.json(200, "{\"n\":1}"));
        assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("{\"n\":1}");
        relay.upstream().enqueue(Reply.sse("data: 2\n\n"));
        assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("data: 2\n\n");
        relay.upstream()
                .enqueue(Reply.script()
                        .head(200, "Content-Type: text/plain")
                        .bytes("3")
                        .close());
        assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("3");
        relay.upstream().enqueue(Reply.json(200, "{\"n\":4}"));
        assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("{\"n\":4}");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutABodyHasNone(int status) {
        relay.upstream().enqueue(Reply.script().head(status, "ETag: \"e\""));
        relay.upstream().enqueue(Reply.json(200, "{}"));
        RawResponse response = Relay.download(client).exchange();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("ETag")).isEqualTo("\"e\"");
        assertThat(response.header("Transfer-Encoding")).isNull();
        if (status == 204) {
            assertThat(response.header("Content-Length")).isNull(); // RFC 9110 §8.6
        }
        assertThat(Relay.download(client).exchange().bodyText()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1234, 100_000})
    void aHeadRequestGetsTheLengthAndNoBody(int length) {
        relay.upstream().enqueue(Reply.script().head(200, "Content-Length: " + length, "Content-Type: text/plain"));
        relay.upstream().enqueue(Reply.json(200, "{}"));
        RawResponse response = client.request("HEAD", "/v1/files/file-1/content")
                .header("Authorization", "Bearer sk-relay-a")
                .exchange();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length")).isEqualTo(String.valueOf(length));
        assertThat(Relay.download(client).exchange().bodyText()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529})
    void anErrorOfTheProviderArrivesVerbatimR73(int status) {
        String body = "{\"error\" : {\"message\":\"nö " + status + "\"}}\n";
        relay.upstream()
                .enqueue(Reply.json(status, body)
                        .header("retry-after", "17")
                        .header("x-ratelimit-remaining-tokens", "0")
                        .header("anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:00Z"));
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.bodyText()).isEqualTo(body);
        assertThat(response.headers("retry-after")).containsExactly("17");
        assertThat(response.headers("x-ratelimit-remaining-tokens")).containsExactly("0");
        assertThat(response.headers("anthropic-ratelimit-tokens-reset")).containsExactly("2026-01-01T00:00:00Z");
        assertThat(relay.upstream().requests()).hasSize(1);
    }

    @Test
    void interimAnswersAreNotTheAnswerR14() {
        relay.upstream()
                .enqueue(Reply.script()
                        .interim(100)
                        .interim(103, "Link: </x>; rel=preload")
                        .head(200, "Content-Length: 2")
                        .bytes("{}"));
        RawResponse response = StreamingApi.CHAT.ask(client).exchange();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo("{}");
    }

    @Test
    void tenMegabytesComeDownUnchanged() {
        byte[] body = Bytes.random(LARGE);
        relay.upstream().enqueue(Reply.of(200, "application/octet-stream", body));
        assertThat(Bytes.sha256(Relay.download(client).exchange().readBody())).isEqualTo(Bytes.sha256(body));
    }

    @Test
    void tenMegabytesInChunksComeDownUnchanged() {
        byte[] body = Bytes.random(LARGE);
        Reply reply = Reply.script().head(200, "Transfer-Encoding: chunked");
        for (int from = 0; from < body.length; from += 100_000) {
            reply.chunk(Arrays.copyOfRange(body, from, Math.min(body.length, from + 100_000)));
        }
        relay.upstream().enqueue(reply.lastChunk());
        assertThat(Bytes.sha256(Relay.download(client).exchange().readBody())).isEqualTo(Bytes.sha256(body));
    }

    @Test
    void tenMegabytesGoUpUnchangedWithTheirLength() throws Exception {
        byte[] body = Bytes.random(LARGE);
        relay.upstream().enqueue(Reply.json(200, "{}"));
        assertThat(Relay.upload(client).body(body).exchange().status()).isEqualTo(200);
        UpstreamRequest request = relay.upstream().takeRequest(Relay.SOON);
        assertThat(request.headers("Content-Length")).containsExactly(String.valueOf(LARGE));
        assertThat(request.headers("Transfer-Encoding")).isEmpty();
        assertThat(Bytes.sha256(request.body())).isEqualTo(Bytes.sha256(body));
    }

    @Test
    void tenMegabytesInChunksGoUpUnchanged() throws Exception {
        byte[] body = Bytes.random(LARGE);
        relay.upstream().enqueue(Reply.json(200, "{}"));
        Relay.upload(client).header("Transfer-Encoding", "chunked").send();
        for (int from = 0; from < body.length; from += 50_000) {
            byte[] part = Arrays.copyOfRange(body, from, Math.min(body.length, from + 50_000));
            client.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
        }
        client.sendLastChunk();
        assertThat(client.readResponse().bodyText()).isEqualTo("{}");
        UpstreamRequest request = relay.upstream().takeRequest(Relay.SOON);
        assertThat(request.headers("Transfer-Encoding")).containsExactly("chunked");
        assertThat(request.headers("Content-Length")).isEmpty();
        assertThat(Bytes.sha256(request.body())).isEqualTo(Bytes.sha256(body));
    }

    @Test
    void aBodyThatMustBeInspectedGoesUpWholeHoweverItArrives() throws Exception {
        String body = "{\"messages\":\"" + "x".repeat(5 << 20) + "\",\"model\":\"gpt-4o\"}";
        relay.upstream().enqueue(Reply.json(200, "{}"));
        client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer sk-relay-a")
                .json(body)
                .exchange()
                .readBody();
        assertThat(relay.upstream().takeRequest(Relay.SOON).bodyText()).isEqualTo(body);
    }

    @Test
    void anUploadReachesTheUpstreamWhileTheClientStillSends() throws Exception {
        relay.upstream()
                .enqueue(Reply.stream()
                        .beforeRequestBody()
                        .chunk("data: early\n\n")
                        .lastChunk());
        Relay.upload(client).header("Transfer-Encoding", "chunked").send();
        client.sendChunk("first");
        UpstreamRequest request = relay.upstream().takeRequest(Relay.SOON);
        assertThat(request.target()).isEqualTo("/v1/files");
        RawResponse response = client.readResponse();
        assertThat(response.readEvent(Duration.ofSeconds(10)).orElseThrow().data())
                .isEqualTo("early");
    }
}
