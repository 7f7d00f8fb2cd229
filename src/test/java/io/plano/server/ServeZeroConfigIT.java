package io.plano.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.command.Console;
import io.plano.command.Lifetime;
import io.plano.command.Main;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve --zero-config}: a gateway without any file. No provider is asked. */
class ServeZeroConfigIT {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve --zero-config --port %d", "--port=%d --zero-config"})
    void servesPlanosDefaultProvidersWithTheClientsKey(String line) throws IOException {
        int port = freePort();
        AtomicInteger served = new AtomicInteger();
        Lifetime whileAsking = server -> {
            try (server) {
                assertThat(get(port, "/readyz").bodyText()).contains("10 providers");
                assertThat(get(port, "/v1/models").status()).isEqualTo(200);
                assertThat(chatWithoutKey(port)).isEqualTo(401);
                served.incrementAndGet();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        };
        PrintStream print = new PrintStream(printed, true, UTF_8);

        int code = new Main(new Console(print, print, Map.of(), whileAsking))
                .execute(List.of(line.formatted(port).split(" ")));

        assertThat(code).isZero();
        assertThat(served).hasValue(1);
        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    private static RawResponse get(int port, String path) {
        try (RawClient client = RawClient.connect(port)) {
            RawResponse response = client.request("GET", path).exchange();
            response.awaitBytes(Integer.MAX_VALUE);
            return response;
        }
    }

    private static int chatWithoutKey(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return client.request("POST", "/v1/chat/completions")
                    .json("{\"model\":\"groq/llama\"}")
                    .exchange()
                    .status();
        }
    }
}
