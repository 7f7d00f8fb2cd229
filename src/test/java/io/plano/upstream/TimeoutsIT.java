package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@LeakChecked
@DisplayName("timeouts: connect, first_byte, idle, total")
class TimeoutsIT {
    /** Well below every default, and well above what the limits of these tests allow. */
    private static final Duration BOUND = Duration.ofSeconds(4);

    private static GatewayContainer gateway(String baseUrl, String timeouts) {
        return GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true,
                     timeouts: {%s}}
                """.formatted(baseUrl, timeouts));
    }

    private static RawResponse ask(GatewayContainer gateway) {
        return RawClient.connect(gateway.port())
                .patience(BOUND)
                .request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer k")
                .json("{\"model\":\"x\",\"stream\":true}")
                .exchange();
    }

    private static void assertTimesOut(GatewayContainer gateway, String token) {
        RawResponse response = ask(gateway);

        assertThat(response.status()).isEqualTo(504);
        assertThat(response.header("Proxy-Status")).contains(token);
    }

    @Test
    void endsAnAttemptThatFindsNoConnectionInTime() throws IOException {
        List<Socket> backlog = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Assumptions.assumeThat(fill(full, backlog)).isTrue();
            try (GatewayContainer gateway = gateway("http://127.0.0.1:" + full.getLocalPort(), "connect: 100ms")) {
                assertTimesOut(gateway, "connection_timeout");
            }
        } finally {
            for (Socket socket : backlog) {
                socket.close();
            }
        }
    }

    /** Whether the kernel leaves further connections to a server that accepts none unanswered. */
    private static boolean fill(ServerSocket server, List<Socket> backlog) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            backlog.add(socket);
            try {
                socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
            } catch (SocketTimeoutException unanswered) {
                return true;
            }
        }
        return false;
    }

    @Test
    void endsAnAttemptWithoutAnAnswerInTime() {
        try (FakeUpstream upstream = FakeUpstream.start().enqueue(Reply.script().stall());
                GatewayContainer gateway = gateway(upstream.baseUrl(), "first_byte: 100ms")) {
            assertTimesOut(gateway, "http_response_timeout");

            upstream.awaitNoOpenConnections(BOUND);
        }
    }

    @Test
    void endsAnAnswerThatFallsSilent() {
        try (FakeUpstream upstream = FakeUpstream.start()
                        .enqueue(Reply.stream().chunk("data: one\n\n").stall());
                GatewayContainer gateway = gateway(upstream.baseUrl(), "idle: 100ms")) {
            RawResponse response = ask(gateway);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).startsWith("data: one\n\n").contains("error");
            assertThat(response.end()).isNotEqualTo(ResponseEnd.CLEAN);
            upstream.awaitNoOpenConnections(BOUND);
        }
    }

    @Test
    void leavesAnAnswerAloneThatIsNeverSilentForLong() {
        try (FakeUpstream upstream = FakeUpstream.start()
                        .enqueue(Reply.sse("data: one\n\n", "data: [DONE]\n\n"))
                        .enqueue(Reply.sse("data: two\n\n", "data: [DONE]\n\n"));
                GatewayContainer gateway =
                        gateway(upstream.baseUrl(), "connect: 2s, first_byte: 2s, idle: 2s, total: 2s")) {
            assertThat(ask(gateway).bodyText()).contains("one", "[DONE]");
            assertThat(ask(gateway).bodyText()).contains("two", "[DONE]");
        }
    }

    @Test
    void endsAnAttemptWithoutAnAnswerWhenItsTotalTimeIsUp() {
        try (FakeUpstream upstream = FakeUpstream.start().enqueue(Reply.script().stall());
                GatewayContainer gateway = gateway(upstream.baseUrl(), "total: 200ms")) {
            assertTimesOut(gateway, "http_response_timeout");

            upstream.awaitNoOpenConnections(BOUND);
        }
    }

    @Test
    void endsAnAnswerThatNeverFallsSilentWhenItsTotalTimeIsUp() {
        try (FakeUpstream upstream = FakeUpstream.start()
                        .enqueue(Reply.stream()
                                .endlessChunks(": x\n\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                GatewayContainer gateway = gateway(upstream.baseUrl(), "idle: 1m, total: 300ms")) {
            RawResponse response = ask(gateway);

            assertThat(response.status()).isEqualTo(200);
            response.discardBody();
            assertThat(response.end()).isNotEqualTo(ResponseEnd.CLEAN);
            upstream.awaitNoOpenConnections(BOUND);
        }
    }

    @Test
    void endsAnAttemptWhoseTotalTimeIsUpBeforeItHasAConnection() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                GatewayContainer gateway =
                        gateway("https://127.0.0.1:" + silent.getLocalPort(), "connect: 1m, total: 200ms")) {
            assertTimesOut(gateway, "http_response_timeout");
            try (Socket connection = silent.accept()) {
                connection.setSoTimeout((int) BOUND.toMillis());
                assertThat(isEnded(connection)).isTrue();
            }
        }
    }

    private static boolean isEnded(Socket connection) {
        try {
            connection.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
