package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection in the making, against a server that accepts and never says anything. */
class DialIT {
    private static final int SECONDS = 10;

    /** Remembers how an attempt failed. */
    private static final class Failures implements UpstreamListener {
        private final BlockingQueue<GatewayException> failures = new LinkedBlockingQueue<>();

        @Override
        public void head(int status, Headers headers, Content content) {}

        @Override
        public void data(ByteBuffer bytes) {}

        @Override
        public void windowSpent(Window window) {}

        @Override
        public void paused() {}

        @Override
        public void end() {}

        @Override
        public void failed(GatewayException failure) {
            failures.add(failure);
        }
    }

    private static UpstreamRequest request(ServerSocket server, Timeouts timeouts) {
        Endpoint endpoint = new Endpoint("https", "127.0.0.1", server.getLocalPort(), "");
        return new UpstreamRequest("GET", endpoint, "/", Headers.of("Host", "x"), timeouts, Transport.DIRECT);
    }

    private static ServerSocket silent() throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(SECONDS * 1000);
        return server;
    }

    private static void assertEnds(Socket connection) throws IOException {
        connection.setSoTimeout(SECONDS * 1000);
        try {
            connection.getInputStream().readAllBytes(); // a timeout would throw another exception
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void anAbortEndsAConnectionThatIsStillBeingSecuredAndTellsNobody() throws Exception {
        Failures failures = new Failures();
        try (ServerSocket server = silent();
                UpstreamClient client = UpstreamClient.start(UpstreamSettings.defaults())) {
            UpstreamCall call = client.send(request(server, Timeouts.DEFAULT), null, failures);
            try (Socket connection = server.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo(0x16); // a handshake record
                call.abort();

                assertEnds(connection);
            }
        }
        assertThat(failures.failures).isEmpty();
    }

    @Test
    void theEndOfTheTotalTimeEndsItAndIsToldOnce() throws Exception {
        Failures failures = new Failures();
        Timeouts timeouts = new Timeouts(
                Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(200));
        try (ServerSocket server = silent();
                UpstreamClient client = UpstreamClient.start(UpstreamSettings.defaults())) {
            client.send(request(server, timeouts), null, failures);
            try (Socket connection = server.accept()) {
                assertEnds(connection);
            }
            GatewayException failure = failures.failures.poll(SECONDS, TimeUnit.SECONDS);

            assertThat(failure).isNotNull();
            assertThat(failure.kind()).isEqualTo(FailureKind.UPSTREAM_TIMEOUT);
        }
        assertThat(failures.failures).isEmpty();
    }

    @Test
    void theShutdownEndsAnAttemptUnderWayAndSaysSo() throws Exception {
        Failures failures = new Failures();
        try (ServerSocket server = silent();
                UpstreamClient client = UpstreamClient.start(UpstreamSettings.defaults())) {
            Endpoint endpoint = new Endpoint("http", "127.0.0.1", server.getLocalPort(), "");
            client.send(
                    new UpstreamRequest(
                            "GET", endpoint, "/", Headers.of("Host", "x"), Timeouts.DEFAULT, Transport.DIRECT),
                    null,
                    failures);
            try (Socket connection = server.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo('G');
                client.close();

                assertThat(failures.failures.poll(SECONDS, TimeUnit.SECONDS)).isNotNull();
            }
        }
        assertThat(failures.failures).isEmpty();
    }
}
