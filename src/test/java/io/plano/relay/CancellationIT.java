package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.CapturedLogs;
import io.plano.testing.ConnectionEnd;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that leave: nobody generates, or bills, for them any more (R65). A servlet learns of it when it writes, so the
 * time is counted from the first write that meets a closed connection.
 */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CancellationIT {
    private static final byte[] EVENT = "data: {\"n\":1}\n\n".getBytes(StandardCharsets.US_ASCII);

    private CapturedLogs logs;
    private Relay relay;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        logs = CapturedLogs.startKeepingAtInfo("org", "io");
        relay = Relay.start(kind);
    }

    @AfterEach
    void stop() {
        try {
            assertThat(relay.exchange().status()).as("afterwards").isEqualTo(200);
            awaitEveryExchangeEnded();
        } finally {
            relay.close();
            logs.close();
        }
    }

    /** The access log has one line for each exchange, at its end. */
    private List<String> ended() {
        return logs.entriesOf("io.plano.access").stream()
                .flatMap(entry -> entry.text().lines())
                .filter(line -> line.contains(" end="))
                .distinct()
                .toList();
    }

    private void awaitEveryExchangeEnded() {
        relay.awaitIdle();
        Await.until(
                Relay.SOON,
                () -> "exchanges ended: " + ended(),
                () -> ended().size() >= relay.upstream().requests().size());
    }

    private void awaitEnd(String end) {
        Await.until(
                Relay.SOON,
                () -> "no exchange ended as " + end + ": " + ended(),
                () -> ended().stream().anyMatch(line -> line.contains(" end=" + end)));
    }

    /** How a client leaves. */
    private record Leave(String name, Consumer<RawClient> way) {
        void by(RawClient client) {
            way.accept(client);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Leave> leaves() {
        return Stream.of(new Leave("FIN", RawClient::close), new Leave("RST", RawClient::reset));
    }

    private void assertUpstreamClosedWithinASecond(int connection, Duration since) throws Exception {
        ConnectionEnd end = relay.upstream().awaitConnectionClosed(connection, Relay.SOON);
        assertThat(end.byPeer()).isTrue();
        assertThat(end.after(since.toNanos())).isLessThan(Duration.ofSeconds(1));
    }

    private static Duration now() {
        return Duration.ofNanos(System.nanoTime());
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesEndsAStreamOnAFreshConnectionR65(Leave leave) throws Exception {
        Gate left = new Gate();
        relay.upstream().enqueue(Reply.stream().chunk(EVENT).waitFor(left).endlessChunks(EVENT));
        RawClient client = relay.connect();
        assertThat(StreamingApi.CHAT.ask(client).exchange().readEvent()).isPresent();
        leave.by(client);
        Duration since = now();
        left.open();
        assertUpstreamClosedWithinASecond(0, since);
        awaitEnd("client_gone");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesEndsAStreamOnAReusedConnectionTrap2R65(Leave leave) throws Exception {
        for (int tries = 0; tries < 50; tries++) {
            assertThat(relay.exchange().status()).isEqualTo(200);
            relay.upstream().takeRequest(Relay.SOON);
            Gate left = new Gate();
            relay.upstream().enqueue(Reply.stream().chunk(EVENT).waitFor(left).endlessChunks(EVENT));
            RawClient client = relay.connect();
            assertThat(StreamingApi.MESSAGES.ask(client).exchange().readEvent()).isPresent();
            UpstreamRequest request = relay.upstream().takeRequest(Relay.SOON);
            leave.by(client);
            Duration since = now();
            left.open();
            assertUpstreamClosedWithinASecond(request.connection(), since);
            if (request.index() > 0) {
                return; // else the connection came back a moment too late
            }
        }
        throw new AssertionError("no connection was reused");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesWhileTheGatewayWaitsForItToReadEndsTheStreamR65(Leave leave) throws Exception {
        relay.upstream().enqueue(Reply.stream().endlessChunks(new byte[1000]));
        RawClient client = relay.connectWithReceiveBuffer(4096);
        StreamingApi.CHAT.ask(client).exchange();
        relay.upstream().awaitWritesStalled(Duration.ofMillis(300), Relay.SOON);
        Duration since = now();
        leave.by(client);
        assertUpstreamClosedWithinASecond(0, since);
        awaitEnd("client_gone");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesInsideALargeDownloadEndsItR65(Leave leave) throws Exception {
        relay.upstream()
                .enqueue(
                        Reply.script().head(200, "Content-Length: 100000000000").endless(new byte[10_000]));
        RawClient client = relay.connect();
        Relay.download(client).exchange().awaitBytes(1_000_000);
        Duration since = now();
        leave.by(client);
        assertUpstreamClosedWithinASecond(0, since);
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesBeforeTheHeadEndsTheStreamAtItsFirstEventsR65(Leave leave) throws Exception {
        Gate left = new Gate();
        relay.upstream()
                .enqueue(Reply.script()
                        .waitFor(left)
                        .head(200, "Content-Type: text/event-stream", "Transfer-Encoding: chunked")
                        .endlessChunks(EVENT));
        RawClient client = relay.connect();
        StreamingApi.CHAT.ask(client).send();
        left.awaitReached(Relay.SOON);
        leave.by(client);
        Duration since = now();
        left.open();
        assertUpstreamClosedWithinASecond(0, since);
        awaitEnd("client_gone");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesBeforeAShortAnswerCostsNothingElse(Leave leave) throws Exception {
        Gate left = new Gate();
        relay.upstream()
                .enqueue(Reply.script()
                        .waitFor(left)
                        .head(200, "Content-Length: 2")
                        .bytes("{}"));
        RawClient client = relay.connect();
        StreamingApi.CHAT.ask(client).send();
        left.awaitReached(Relay.SOON);
        leave.by(client);
        left.open();
        awaitEveryExchangeEnded();
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesInsideAStreamedUploadEndsItR65(Leave leave) throws Exception {
        relay.upstream().enqueue(Reply.json(200, "{}"));
        RawClient client = relay.connect();
        Relay.upload(client).header("Content-Length", "1000000").send();
        client.send(new byte[100_000]);
        awaitUpstreamConnection();
        Duration since = now();
        leave.by(client);
        assertUpstreamClosedWithinASecond(0, since);
        assertThat(relay.upstream().takeRequest(Relay.SOON).isComplete()).isFalse();
        awaitEnd("client_gone");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesInsideAChunkedUploadEndsItWithoutALastChunkR65(Leave leave) throws Exception {
        relay.upstream().enqueue(Reply.json(200, "{}"));
        RawClient client = relay.connect();
        Relay.upload(client).header("Transfer-Encoding", "chunked").send();
        client.sendChunk("some");
        awaitUpstreamConnection();
        leave.by(client);
        assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                .isTrue();
        assertThat(relay.upstream().takeRequest(Relay.SOON).isComplete()).isFalse();
        awaitEnd("client_gone");
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void aClientThatLeavesInsideABodyThatMustBeInspectedCostsNoConnection(Leave leave) {
        RawClient client = relay.connect();
        client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer sk-relay-a")
                .header("Content-Type", "application/json")
                .header("Content-Length", "1000000")
                .send();
        client.send(new byte[100_000]);
        assertThat(relay.exchange().status()).isEqualTo(200);
        leave.by(client);
        awaitEnd("client_gone");
        assertThat(relay.upstream().requests()).hasSize(1);
    }

    private void awaitUpstreamConnection() {
        Await.until(
                Relay.SOON,
                () -> "no request reached the upstream",
                () -> relay.upstream().busyConnections() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatEndsItsSideInsideItsBodyIsNotToldThatAllIsWell(StreamingApi surface) {
        try (RawClient client = relay.connect()) {
            client.request("POST", surface.path())
                    .header("Authorization", "Bearer sk-relay-a")
                    .header("Content-Type", "application/json")
                    .header("Content-Length", "1000")
                    .send();
            client.send("{\"model\":").finish();
            assertNoSuccess(client);
        }
    }

    @Test
    void aClientThatEndsItsSideInsideItsUploadIsNotToldThatAllIsWell() throws Exception {
        relay.upstream().enqueue(Reply.json(200, "{}"));
        try (RawClient client = relay.connect()) {
            Relay.upload(client).header("Content-Length", "1000").send();
            client.send("some");
            awaitUpstreamConnection();
            client.finish();
            assertNoSuccess(client);
            assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                    .isTrue();
        }
    }

    /** Either an error, or no answer at all. */
    private static void assertNoSuccess(RawClient client) {
        client.awaitPeerClosed(Relay.SOON);
        assertThat(client.receivedText()).doesNotContain("HTTP/1.1 200");
    }

    @Test
    void aClientThatEndsOnlyItsSideAfterTheRequestGetsItsWholeStream() {
        Gate finished = new Gate();
        relay.upstream()
                .enqueue(Reply.stream()
                        .chunk(EVENT)
                        .waitFor(finished)
                        .chunk(EVENT)
                        .lastChunk());
        try (RawClient client = relay.connect()) {
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            assertThat(response.readEvent()).isPresent();
            client.finish();
            finished.open();
            assertThat(response.readEvent()).isPresent();
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }
}
