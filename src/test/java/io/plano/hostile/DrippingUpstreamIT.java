package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("A provider that sends something, but no answer, gets no more time for it than first_byte")
class DrippingUpstreamIT {
    private static final Duration BOUND = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 103 Early Hints\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 102 P\r\nX: y\r\n\r\n"
            })
    void notByInterimAnswers(String interim) throws Exception {
        assertTimesOut("", interim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y\r\n", "x"})
    void notByAHeadWithoutAnEnd(String piece) throws Exception {
        assertTimesOut("HTTP/1.1 200 OK\r\nX-Y: ", piece);
    }

    private static void assertTimesOut(String beginning, String piece) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Door.Open gateway = Door.STANDALONE.open(
                        "http://127.0.0.1:" + server.getLocalPort(), "timeouts: {first_byte: 600ms}");
                RawClient client = gateway.connect().patience(BOUND)) {
            client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer k")
                    .json("{\"model\":\"gpt-4o\"}")
                    .send();
            try (Socket connection = server.accept()) {
                Thread dripping = new Thread(() -> drip(connection, beginning, piece), "dripping");
                dripping.start();
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(504);
                assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=http_response_timeout");
                dripping.join(BOUND.toMillis());
                assertThat(dripping.isAlive()).as("the connection is closed").isFalse();
            }
        }
    }

    /** Until the gateway has closed the connection. */
    private static void drip(Socket connection, String beginning, String piece) {
        try {
            connection.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                connection.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(50);
            }
        } catch (IOException closed) {
            // as it should be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
