package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.process.OpenFiles;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Errors in the filter, in the servlet, and while the client's side of an exchange is opened. */
@LeakChecked
@ContainerTest
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ErrorBeforeExchangeIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String OPENAI = "{\"error\":{\"message\":\"The gateway failed to handle this request.\"";
    private static final String ANTHROPIC = "{\"type\":\"error\",\"error\":{";
    private static final String CHAT = "{\"model\":\"gpt-4o\",\"messages\":[]}";

    /** Two at the same time, so that one too many or too few in the count shows. */
    private static final String FILE = """
            version: v0.4.0
            listeners: [{type: model, name: m, port: 12000}]
            overrides: {max_concurrent_exchanges: 2}
            model_providers:
              - {model: openai/gpt-4o, base_url: "%s", passthrough_auth: true, default: true}
            """;

    private final GatewayContainer.Kind kind;
    private FakeUpstream upstream;
    private GatewayContainer gateway;

    ErrorBeforeExchangeIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        upstream = FakeUpstream.start();
        upstream.onRequest(request -> Reply.json(200, "{}"));
        Path webXml = Files.createDirectories(folder.resolve("WEB-INF")).resolve("web.xml");
        String ours = Files.readString(Path.of(System.getProperty("plano.webapp", "webapp"), "WEB-INF", "web.xml"));
        String filter = """
                <filter>
                  <filter-name>Faulty</filter-name>
                  <filter-class>io.plano.hostile.FaultyFilter</filter-class>
                  <async-supported>true</async-supported>
                </filter>
                <filter-mapping><filter-name>Faulty</filter-name><url-pattern>/*</url-pattern></filter-mapping>
                <filter>""";
        Files.writeString(webXml, ours.replaceFirst("<filter>", filter));
        String before = System.getProperty("plano.webapp");
        System.setProperty("plano.webapp", folder.toString());
        try {
            gateway = GatewayContainer.start(kind, "/", FILE.formatted(upstream.baseUrl()));
        } finally {
            if (before == null) {
                System.clearProperty("plano.webapp");
            } else {
                System.setProperty("plano.webapp", before);
            }
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    /** An answer that has been read to its end. */
    private record Answer(int status, String body) {}

    private Answer post(String path, String body, String... lines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            var request = client.request("POST", path).header("Content-Type", "application/json");
            for (String line : lines) {
                request.line(line);
            }
            RawResponse response = request.json(body).exchange();
            return new Answer(response.status(), response.bodyText());
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of(FaultyFilter.REFUSED));
        Stream.of(Failings.values()).map(Enum::name).forEach(names::add);
        return names;
    }

    @Test
    @DisplayName(
            "9.1: an error in the filter or the servlet is a 500 in the client's dialect, and the next request is served")
    void isA500InTheDialectOfTheClient() {
        for (String method : List.of(
                "getHeaderNames",
                "getHeaders",
                "getMethod",
                "getQueryString",
                "getContentLengthLong",
                "getRemoteAddr",
                "setAttribute",
                "startAsync")) {
            for (String name : names()) {
                String fault = FaultyFilter.HEADER + ": " + method + " " + name;
                assertThat(post("/v1/chat/completions", CHAT, "Authorization: Bearer k", fault))
                        .as(fault)
                        .satisfies(answer -> assertThat(answer.status()).isEqualTo(500))
                        .satisfies(answer -> assertThat(answer.body()).startsWith(OPENAI));
                assertThat(post("/v1/messages", CHAT, "x-api-key: k", fault))
                        .as(fault)
                        .satisfies(answer -> assertThat(answer.status()).isEqualTo(500))
                        .satisfies(answer -> assertThat(answer.body()).startsWith(ANTHROPIC));
            }
        }
        assertNothingIsLeft();
    }

    @Test
    void anErrorWhileARefusalIsWrittenIsA500() {
        for (String method : List.of("setStatus", "addHeader", "getOutputStream")) {
            for (String name : names()) {
                String fault = FaultyFilter.HEADER + ": " + method + " " + name;
                assertThat(post("/v1/chat/completions", CHAT, fault)) // brings no key
                        .as(fault)
                        .satisfies(answer -> assertThat(answer.status()).isEqualTo(500))
                        .satisfies(answer -> assertThat(answer.body()).startsWith(OPENAI));
            }
        }
        assertNothingIsLeft();
    }

    @Test
    @DisplayName("9.1: if asynchronous processing cannot start, neither count nor memory nor a descriptor is kept")
    void nothingIsLeftOfExchangesThatCouldNotBeOpened() {
        assertThat(post("/v1/chat/completions", CHAT, "Authorization: Bearer k").status())
                .isEqualTo(200);
        long before = OpenFiles.count();
        for (String method : List.of("startAsync", "startAsyncLate", "getOutputStream")) {
            for (int i = 0; i < 100; i++) {
                String fault = FaultyFilter.HEADER + ": " + method + " " + names().get(i % names().size());
                assertThat(endsBroken(fault)).as(fault).isTrue();
            }
            assertNothingIsLeft();
        }
        Await.until(
                LONG,
                () -> OpenFiles.count() + " files are open, and not " + before,
                () -> OpenFiles.count() <= before + 3);
    }

    /** Where the container had begun with asynchronous processing, its own words or a closed connection are all there is. */
    private boolean endsBroken(String fault) {
        try {
            return post("/v1/chat/completions", CHAT, "Authorization: Bearer k", fault)
                            .status()
                    == 500;
        } catch (AssertionError closed) {
            return closed.getMessage().contains("closed the connection");
        }
    }

    private void assertNothingIsLeft() {
        Await.until(
                LONG,
                () -> gateway.budget().held() + " bytes are held",
                () -> gateway.budget().held() == 0);
        assertThat(post("/v1/chat/completions", CHAT, "Authorization: Bearer k").status())
                .isEqualTo(200);
        Gate gate = new Gate();
        upstream.onRequest(request -> request.bodyText().contains("\"stream\":true")
                ? Reply.stream()
                        .header("Content-Type", "text/event-stream")
                        .chunk("data: {}\n\n")
                        .waitFor(gate)
                        .chunk("data: [DONE]\n\n")
                        .lastChunk()
                : Reply.json(200, "{}"));
        try (RawClient one = stream();
                RawClient two = stream()) {
            RawResponse first = one.readResponse();
            RawResponse second = two.readResponse();
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
            assertThat(post("/v1/chat/completions", CHAT, "Authorization: Bearer k")
                            .status())
                    .as("a third one at the same time")
                    .isEqualTo(503);
            gate.open();
            assertThat(first.bodyText()).contains("[DONE]");
            assertThat(second.bodyText()).contains("[DONE]");
        }
        assertHealthy();
    }

    private RawClient stream() {
        return RawClient.connect(gateway.port())
                .request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer k")
                .json("{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}")
                .send();
    }

    private void assertHealthy() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.request("GET", "/healthz").exchange().status()).isEqualTo(200);
        }
    }
}
