package io.plano.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.config.ConfigLoader;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import io.plano.snapshot.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(DispatchMode.class)
    void listensOnEveryListenerOfTheSnapshot(DispatchMode mode) throws IOException {
        try (GatewayServer server = GatewayServer.start(snapshot(0, 0), mode)) {
            assertThat(server.addresses()).hasSize(2).allSatisfy(address -> {
                assertThat(address.getPort()).isPositive();
                assertThat(exchange(address, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 ")
                        .doesNotContainIgnoringCase("\r\nServer:")
                        .doesNotContainIgnoringCase("jetty");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(DispatchMode.class)
    void answersWhatIsNoHttpWithJsonThatSaysNothingOfTheServer(DispatchMode mode) throws IOException {
        try (GatewayServer server = GatewayServer.start(snapshot(0), mode)) {
            InetSocketAddress address = server.addresses().get(0);
            assertError(exchange(address, "GET / HTTP/1.1\r\nHost: x\r\n<script>\r\n\r\n"), 400);
            assertError(
                    exchange(address, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
                    400);
            String smuggled =
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            assertError(exchange(address, smuggled), 400);
            String head = "GET / HTTP/1.1\r\nHost: x\r\nBig: " + "x".repeat(100_000) + "\r\n\r\n";
            assertError(exchange(address, head), 431);
        }
    }

    @Test
    void aLabelThatNamesAFileIsNoFileToFollow(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("zero-config"), """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                model_providers:
                  - {model: openai/of-the-file, passthrough_auth: true}
                """);
        Listener listener = new Listener("test", "127.0.0.1", 0, Duration.ofSeconds(60));
        GatewaySnapshot labelled =
                new GatewaySnapshot(Source.labelled(file.toString()), List.of(listener), List.of(), Limits.DEFAULT);
        try (GatewayServer server = GatewayServer.start(labelled, DispatchMode.INLINE)) {
            assertThat(exchange(
                            server.addresses().get(0),
                            "GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("of-the-file");
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("nobody follows it")
                    .noneMatch(thread -> thread.getName().equals("plano-config-watcher"));
        }
        GatewaySnapshot read =
                Objects.requireNonNull(ConfigLoader.load(file, Map.of()).snapshot());
        try (GatewayServer server = GatewayServer.start(read, DispatchMode.INLINE)) {
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("a file that was read is followed")
                    .anyMatch(thread -> thread.getName().equals("plano-config-watcher"));
        }
    }

    @Test
    void acceptsHeadsOfMoreThanAnInputBuffer() throws IOException {
        try (GatewayServer server = GatewayServer.start(snapshot(0), DispatchMode.INLINE)) {
            String request =
                    "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nBig: " + "x".repeat(40_000) + "\r\n\r\n";
            assertThat(exchange(server.addresses().get(0), request)).doesNotContain(" 431 ");
        }
    }

    @Test
    void namesTheAddressThatItCannotListenOn() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> GatewayServer.start(snapshot(0, busy.getLocalPort()), DispatchMode.INLINE))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + busy.getLocalPort() + ": ");
        }
    }

    @Test
    void namesItsThreadsAndEndsThem() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        GatewayServer server = GatewayServer.start(snapshot(0), DispatchMode.INLINE);
        List<Thread> started = new ArrayList<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        assertThat(started).isNotEmpty().allMatch(thread -> thread.getName().startsWith("plano-"));
        server.close();
        for (Thread thread : started) {
            thread.join(Duration.ofSeconds(5).toMillis());
        }
        assertThat(started.stream().filter(Thread::isAlive).map(Thread::getName).collect(Collectors.toSet()))
                .isEmpty();
    }

    @Test
    void refusesConnectionsOnceItIsClosed() throws IOException {
        GatewayServer server = GatewayServer.start(snapshot(0), DispatchMode.INLINE);
        InetSocketAddress address = server.addresses().get(0);
        server.close();
        assertThatThrownBy(() -> new Socket(address.getHostString(), address.getPort()).close())
                .isInstanceOf(IOException.class);
    }

    private static void assertError(String response, int status) throws IOException {
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/json");
        JsonNode body = JSON.readTree(response.substring(response.indexOf("\r\n\r\n") + 4));
        assertThat(body.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(body.at("/error/message").asText()).isNotEmpty();
        assertThat(body.at("/error/code").isNull()).isTrue();
        assertThat(response).doesNotContainIgnoringCase("jetty").doesNotContain("script");
    }

    private static GatewaySnapshot snapshot(int... ports) {
        List<Listener> listeners = new ArrayList<>();
        for (int port : ports) {
            listeners.add(new Listener("listener" + port, "127.0.0.1", port, Duration.ofMinutes(5)));
        }
        return new GatewaySnapshot(Source.labelled("test"), listeners, List.of(), Limits.DEFAULT);
    }

    private static String exchange(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address.getHostString(), address.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
