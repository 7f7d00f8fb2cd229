package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code GET /v1/models} where wildcards are configured: whom it asks, with which key, and what it makes of answers. */
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ModelDiscoveryIT {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String LIST = "{\"object\":\"list\",\"data\":[{\"id\":\"m1\"},{\"id\":\"org/m2\"}]}";

    private static String wildcard(String model, FakeUpstream upstream, String more) {
        return "  - {model: '%s', base_url: '%s', %s}%n".formatted(model, upstream.baseUrl(), more);
    }

    private static GatewayContainer gateway(String... entries) {
        return gateway(GatewayContainer.Kind.JETTY, entries);
    }

    private static GatewayContainer gateway(GatewayContainer.Kind kind, String... entries) {
        String yaml = "version: v0.4.0\nlisteners: []\nmodel_providers:\n" + String.join("", entries);
        return GatewayContainer.start(kind, "/", yaml);
    }

    private static RawResponse get(GatewayContainer gateway, String path, String... headerLines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawRequest request = client.request("GET", path);
            for (String line : headerLines) {
                request.header(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
            }
            RawResponse response = request.exchange();
            response.awaitBytes(Integer.MAX_VALUE);
            return response;
        }
    }

    private static List<String> ids(RawResponse response) {
        try {
            assertThat(response.status()).isEqualTo(200);
            JsonNode data = new ObjectMapper().readTree(response.readBody()).path("data");
            return StreamSupport.stream(data.spliterator(), false)
                    .map(model -> model.path("id").asText())
                    .toList();
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    @ContainerTest
    void listsWhatTheWildcardsUpstreamHasBehindWhatTheFileNames(GatewayContainer.Kind kind) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().enqueue(Reply.json(200, LIST));
                GatewayContainer gateway = gateway(
                        kind,
                        wildcard("openai/*", upstream, "access_key: ours"),
                        wildcard("openai/m1", upstream, "access_key: ours"))) {
            assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer theirs", "Cookie: c", "X-Any: x")))
                    .containsExactly("m1", "openai/org/m2");

            UpstreamRequest asked = upstream.takeRequest(SOON);
            assertThat(asked.requestLine()).isEqualTo("GET /v1/models HTTP/1.1");
            assertThat(asked.headers("Authorization")).containsExactly("Bearer ours");
            assertThat(asked.rawHead())
                    .doesNotContain("theirs")
                    .doesNotContain("X-Any")
                    .doesNotContain("Cookie");
            upstream.onRequest(more -> {
                throw new AssertionError("asked again: " + more);
            });
            assertThat(ids(get(gateway, "/v1/models"))).hasSize(2);
            assertThat(get(gateway, "/v1/models/openai/org/m2").bodyText()).contains("\"openai/org/m2\"");
            assertThat(get(gateway, "/v1/models/openai/nothing").status()).isEqualTo(404);
            assertThat(get(gateway, "/v1/models/other/m").status()).isEqualTo(404);
        }
    }

    @Test
    void asksNobodyWhereTheFileSaysItAll() {
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = gateway(
                        wildcard("openai/a", upstream, "access_key: k"),
                        wildcard("mistral/*", upstream, "access_key: k"))) {
            assertThat(get(gateway, "/v1/models/a").status()).isEqualTo(200);
            assertThat(get(gateway, "/v1/models/openai/a").status()).isEqualTo(200);
            assertThat(upstream.requests()).isEmpty();
        }
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = gateway(wildcard("openai/a", upstream, "access_key: k"))) {
            assertThat(ids(get(gateway, "/v1/models"))).containsExactly("a");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void asksAnthropicInItsOwnWordsAndAnswersSo() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start()
                        .enqueue(Reply.json(
                                200, "{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\"}],\"has_more\":false}"));
                GatewayContainer gateway = gateway(wildcard("anthropic/*", upstream, "passthrough_auth: true"))) {
            RawResponse response =
                    get(gateway, "/v1/models?limit=1000", "anthropic-version: 2023-06-01", "x-api-key: sk-theirs");

            assertThat(response.bodyText()).contains("\"anthropic/claude-x\"").contains("\"has_more\":false");
            UpstreamRequest asked = upstream.takeRequest(SOON);
            assertThat(asked.target()).isEqualTo("/v1/models?limit=1000");
            assertThat(asked.header("x-api-key")).isEqualTo("sk-theirs");
            assertThat(asked.header("anthropic-version")).isEqualTo("2023-06-01");
            assertThat(asked.headers("Authorization")).isEmpty();
        }
    }

    @Test
    void keepsTheListsOfTwoKeysApart() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start()
                        .onRequest(request -> Reply.json(
                                200,
                                "{\"data\":[{\"id\":\"of-"
                                        + request.header("Authorization").substring(7) + "\"}]}"));
                GatewayContainer gateway = gateway(wildcard("openai/*", upstream, "passthrough_auth: true"))) {
            for (int i = 0; i < 2; i++) {
                assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer one")))
                        .containsExactly("openai/of-one");
                assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer two")))
                        .containsExactly("openai/of-two");
            }
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void showsAClientsKeyToNobodyItMayNotBeMeantFor() throws Exception {
        try (FakeUpstream one = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                FakeUpstream two = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                GatewayContainer gateway = gateway(
                        wildcard("openai/*", one, "passthrough_auth: true"),
                        wildcard("groq/*", two, "passthrough_auth: true, client_credential_pattern: 'gsk_.*'"),
                        wildcard("mistral/*", two, "access_key: ours"))) {
            assertThat(ids(get(gateway, "/v1/models"))).containsExactly("mistral/m1", "mistral/org/m2");
            assertThat(one.requests()).isEmpty();

            assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer sk-x")))
                    .containsExactly("openai/m1", "openai/org/m2", "mistral/m1", "mistral/org/m2");
            assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer gsk_x")))
                    .containsExactly("groq/m1", "groq/org/m2", "mistral/m1", "mistral/org/m2");
            assertThat(one.requests())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactly("Bearer sk-x");
            assertThat(two.requests())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactlyInAnyOrder("Bearer ours", "Bearer gsk_x");
        }
    }

    @Test
    void triesAKeyOfUnknownOwnerOnlyWhereTheClientNamesTheProvider() throws Exception {
        try (FakeUpstream one = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                FakeUpstream two = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                GatewayContainer gateway = gateway(
                        wildcard("openai/*", one, "passthrough_auth: true"),
                        wildcard("anthropic/*", two, "passthrough_auth: true"))) {
            assertThat(ids(get(gateway, "/v1/models", "Authorization: Bearer sk")))
                    .isEmpty();
            assertThat(one.requests()).isEmpty();
            assertThat(two.requests()).isEmpty();

            assertThat(get(gateway, "/v1/models/openai/m1", "Authorization: Bearer sk")
                            .status())
                    .isEqualTo(200);
            assertThat(two.requests()).isEmpty();
            assertThat(ids(get(gateway, "/v1/models", "x-api-key: k", "anthropic-version: 2023-06-01")))
                    .containsExactly("anthropic/m1", "anthropic/org/m2");
            assertThat(one.requests()).hasSize(1);
        }
    }

    @Test
    void nestedWildcardsListTheirOwnModelsOnly() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                GatewayContainer gateway = gateway(wildcard("openrouter/org/*", upstream, "access_key: k"))) {
            assertThat(ids(get(gateway, "/v1/models"))).containsExactly("openrouter/org/m2");
        }
    }

    @Test
    void findsABareNameWhereTheWildcardOfAnAliasServesIt() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                GatewayContainer gateway = gateway(
                        wildcard("openai/*", upstream, "access_key: k"),
                        "model_aliases: {'*': {target: 'openai/*'}}\n")) {
            assertThat(get(gateway, "/v1/models/m1").bodyText()).contains("\"m1\"");
            assertThat(get(gateway, "/v1/models/openai/m1").bodyText()).contains("\"openai/m1\"");
            assertThat(get(gateway, "/v1/models/nothing").status()).isEqualTo(404);
        }
    }

    @Test
    void answersInTimeWithoutThoseThatFailOrStall() throws Exception {
        byte[] large = ("[{\"id\":\"" + "x".repeat(5 << 20) + "\"}]").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (FakeUpstream good = FakeUpstream.start().onRequest(request -> Reply.json(200, LIST));
                FakeUpstream refusing = FakeUpstream.start().onRequest(request -> Reply.json(401, "{\"error\":{}}"));
                FakeUpstream broken = FakeUpstream.start()
                        .onRequest(request -> Reply.garbage("SSH-2.0\r\n").close());
                FakeUpstream html = FakeUpstream.start()
                        .onRequest(request -> Reply.of(
                                200, "text/html", "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                FakeUpstream endless =
                        FakeUpstream.start().onRequest(request -> Reply.of(200, "application/json", large));
                FakeUpstream stalled =
                        FakeUpstream.start().onRequest(request -> Reply.script().stall());
                GatewayContainer gateway = gateway(
                        wildcard("xai/*", refusing, "access_key: k"),
                        wildcard("groq/*", broken, "access_key: k"),
                        wildcard("mistral/*", html, "access_key: k"),
                        wildcard("deepseek/*", endless, "access_key: k"),
                        wildcard("gemini/*", stalled, "access_key: k"),
                        wildcard("openai/*", good, "access_key: k"))) {
            long start = System.nanoTime();
            assertThat(ids(get(gateway, "/v1/models"))).containsExactly("openai/m1", "openai/org/m2");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));

            refusing.onRequest(request -> Reply.json(200, "[{\"id\":\"grok\"}]"));
            stalled.onRequest(request -> Reply.json(404, "{}"));
            assertThat(ids(get(gateway, "/v1/models"))).containsExactly("openai/m1", "openai/org/m2");
            assertThat(List.of(good, refusing, broken, html, endless, stalled))
                    .allSatisfy(upstream ->
                            assertThat(upstream.connectionsAccepted()).isEqualTo(1));
        }
    }
}
