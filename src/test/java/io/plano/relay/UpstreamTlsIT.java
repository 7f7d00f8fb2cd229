package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers behind TLS, as nearly all are: whom the gateway believes, and that streams are the same there. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamTlsIT {
    private static final byte[] EVENT = "data: 1\n\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final GatewayContainer.Kind kind;
    private SSLContext defaultContext;
    private TlsKeys keys;
    private TlsServerSocket serverSocket;
    private FakeUpstream upstream;

    UpstreamTlsIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        defaultContext = SSLContext.getDefault();
        keys = TlsKeys.make(folder);
        serverSocket = new TlsServerSocket(keys.server());
        upstream = FakeUpstream.startOn(serverSocket);
    }

    @AfterEach
    void stop() {
        SSLContext.setDefault(defaultContext);
        upstream.close(); // once more does nothing
    }

    /** What {@code -Djavax.net.ssl.trustStore} does to a JVM at its start. */
    private void trustTheUpstream() throws Exception {
        SSLContext.setDefault(keys.client());
    }

    private Relay relayTo(String host) {
        return Relay.start(kind, upstream, "300s", "https://" + host + ":" + upstream.port());
    }

    private void assertRefused(Relay relay) {
        for (StreamingApi surface : StreamingApi.values()) {
            try (RawClient client = relay.connect()) {
                RawResponse response = surface.ask(client).exchange();
                assertThat(response.status()).isEqualTo(502);
                assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=tls_protocol_error");
                assertThat(response.bodyText())
                        .startsWith(surface.errorBodyStart())
                        .doesNotContain("PKIX")
                        .doesNotContain("localhost")
                        .doesNotContain("127.0.0.1");
            }
        }
        assertThat(upstream.requests()).isEmpty();
        upstream.awaitNoOpenConnections(Relay.SOON);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() {
        try (Relay relay = relayTo("localhost")) {
            assertRefused(relay);
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("127.0.0.1")) {
            assertRefused(relay);
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsRefused() throws Exception {
        trustTheUpstream();
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Relay relay = Relay.start(kind, upstream, "300s", "https://localhost:" + plain.getLocalPort());
                RawClient client = relay.connect()) {
            StreamingApi.CHAT.ask(client).send();
            try (Socket socket = plain.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(502);
                assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=tls_protocol_error");
                assertThat(response.bodyText()).startsWith(StreamingApi.CHAT.errorBodyStart());
            }
        }
    }

    @Test
    void aTrustedServerIsAskedAndOnlyHttp11IsOffered() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost")) {
            RawResponse response = relay.exchange();
            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.takeRequest(Relay.SOON).headers("Authorization"))
                    .containsExactly("Bearer sk-relay-a");
            assertThat(serverSocket.offers()).noneMatch(offered -> offered.contains("h2"));
        }
    }

    @Test
    void aConnectionServesManyExchanges() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost")) {
            upstream.onRequest(request -> Reply.sse("data: " + request.index() + "\n\n"));
            for (int i = 0; i < 50; i++) {
                try (RawClient client = relay.connect()) {
                    assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText())
                            .startsWith("data: ");
                }
            }
            assertThat(upstream.connectionsAccepted()).isLessThan(25);
        }
    }

    @Test
    void anEventArrivesBeforeTheNextIsSentR63() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost");
                RawClient client = relay.connect()) {
            Gate second = new Gate();
            upstream.enqueue(
                    Reply.stream().chunk(EVENT).waitFor(second).chunk(EVENT).lastChunk());
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            assertThat(response.readEvent()).isPresent();
            second.open();
            assertThat(response.readEvent()).isPresent();
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    @Test
    void largeBodiesPassUnchangedInBothDirections() throws Exception {
        trustTheUpstream();
        byte[] body = Bytes.random(5 << 20);
        try (Relay relay = relayTo("localhost");
                RawClient client = relay.connect()) {
            upstream.enqueue(Reply.of(200, "application/octet-stream", body));
            assertThat(Bytes.sha256(Relay.upload(client).body(body).exchange().readBody()))
                    .isEqualTo(Bytes.sha256(body));
            assertThat(Bytes.sha256(upstream.takeRequest(Relay.SOON).body())).isEqualTo(Bytes.sha256(body));
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheUpstreamR69() throws Exception {
        trustTheUpstream();
        byte[] body = Bytes.random(12 << 20);
        try (Relay relay = relayTo("localhost");
                RawClient client = relay.connectWithReceiveBuffer(8 << 10)) {
            upstream.enqueue(Reply.of(200, "application/octet-stream", body).inPiecesOf(16 << 10));
            RawResponse response = Relay.download(client).exchange();
            assertThat(upstream.awaitWritesStalled(Duration.ofMillis(500), Relay.SOON))
                    .isLessThan(4L << 20);
            client.patience(Duration.ofSeconds(30));
            assertThat(Bytes.sha256(response.readBody())).isEqualTo(Bytes.sha256(body));
        }
    }

    @Test
    void aClientThatLeavesEndsTheStreamR65() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost")) {
            Gate left = new Gate();
            upstream.enqueue(Reply.stream().chunk(EVENT).waitFor(left).endlessChunks(EVENT));
            RawClient client = relay.connect();
            assertThat(StreamingApi.CHAT.ask(client).exchange().readEvent()).isPresent();
            client.close();
            long since = System.nanoTime();
            left.open();
            assertThat(upstream.awaitConnectionClosed(0, Relay.SOON).after(since))
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aStreamThatBreaksIsAbortedR66() throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost");
                RawClient client = relay.connect()) {
            Gate received = new Gate();
            upstream.enqueue(Reply.stream().chunk(EVENT).waitFor(received).reset());
            RawResponse response = StreamingApi.MESSAGES.ask(client).exchange();
            assertThat(response.readEvent()).isPresent();
            received.open();
            assertThat(response.readEvent().orElseThrow().raw()).startsWith(StreamingApi.MESSAGES.errorEventStart());
            assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXTRA", "\r\n", "H", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL"})
    void bytesBehindAnAnswerEndItsConnectionR23(String extra) throws Exception {
        trustTheUpstream();
        try (Relay relay = relayTo("localhost");
                RawClient client = relay.connect()) {
            upstream.enqueue(
                    Reply.script().bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + extra)); // one record
            assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("{}");
            assertThat(upstream.awaitConnectionClosed(0, Relay.SOON).byPeer()).isTrue();

            Gate answered = new Gate();
            upstream.enqueue(Reply.json(200, "{}").waitFor(answered).bytes(extra)); // a record of its own
            assertThat(StreamingApi.CHAT.ask(client).exchange().bodyText()).isEqualTo("{}");
            answered.open();
            assertThat(upstream.awaitConnectionClosed(1, Relay.SOON).byPeer()).isTrue();
            assertThat(relay.exchange().status()).isEqualTo(200);
        }
    }
}
