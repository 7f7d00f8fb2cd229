package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before a byte of its body is read: the answer comes although the body never does. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnreadBodyIT {
    private static final String OWN_KEY = "passthrough_auth: true, client_credential_pattern: 'sk-[a-z]+'";

    private final GatewayContainer.Kind kind;
    private FakeUpstream upstream;

    UnreadBodyIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void startUpstream() {
        upstream = FakeUpstream.start();
        upstream.onRequest(request -> Reply.json(200, "{\"choices\":[]}"));
    }

    @AfterEach
    void stopUpstream() {
        upstream.close();
    }

    private GatewayContainer gateway(String... rows) {
        StringBuilder yaml = new StringBuilder("""
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                """);
        for (String row : rows) {
            yaml.append("  - {base_url: ")
                    .append(upstream.baseUrl())
                    .append(", ")
                    .append(row)
                    .append("}\n");
        }
        return GatewayContainer.start(kind, "/", yaml + "overrides: {max_buffered_bytes: 80000000}\n");
    }

    /** The status of the answer to a head whose body does not come. */
    private static int statusOf(GatewayContainer gateway, String path, String... lines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            var request = client.request("POST", path).header("Content-Type", "application/json");
            for (String line : lines) {
                request.line(line);
            }
            if (!String.join("", lines).contains("Content-Length")) {
                request.header("Content-Length", "1000000");
            }
            request.send();
            return client.readResponse().status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1/unknown"})
    void wantsACredentialFirstWhereEveryProviderWantsOne(String path) {
        try (GatewayContainer gateway =
                gateway("model: openai/gpt-4o, " + OWN_KEY, "model: openai/o3, passthrough_auth: true")) {
            assertThat(statusOf(gateway, path)).isEqualTo(401);
            assertThat(upstream.connectionsAccepted()).isZero();
        }
    }

    @Test
    void countsACredentialOnlyWhereAProviderTakesIt() {
        try (GatewayContainer gateway = gateway("model: openai/gpt-4o, " + OWN_KEY)) {
            assertThat(statusOf(gateway, "/v1/chat/completions", "Authorization: Bearer NOT-ONE"))
                    .isEqualTo(401);
        }
    }

    @Test
    void asksForNoneThatOnlyAProviderOfAnotherApiWants() {
        try (GatewayContainer gateway = gateway(
                        "model: openai/gpt-4o, access_key: ours", "model: anthropic/claude-x, passthrough_auth: true");
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse answer = client.request("POST", "/v1/chat/completions")
                    .json("{\"model\":\"gpt-4o\"}")
                    .exchange();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(statusOf(gateway, "/v1/messages/batches"))
                    .as("a path of Anthropic's alone")
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, gzip", "gzip,gzip,gzip", "zstd, gzip", "br", "gzip, br"})
    void refusesMoreThanOneCodingAndThoseThatItDoesNotKnow(String coding) {
        try (GatewayContainer gateway = gateway("model: openai/gpt-4o, passthrough_auth: true")) {
            assertThat(statusOf(
                            gateway,
                            "/v1/chat/completions",
                            "Authorization: Bearer sk-key",
                            "Content-Encoding: " + coding))
                    .isEqualTo(415);
        }
    }

    @Test
    void refusesWhatOneClientMayNeverHold() {
        try (GatewayContainer gateway = gateway("model: openai/gpt-4o, passthrough_auth: true")) {
            assertThat(statusOf(
                            gateway,
                            "/v1/chat/completions",
                            "Authorization: Bearer sk-key",
                            "Content-Length: 30000000"))
                    .isEqualTo(413);
        }
    }

    @Test
    void refusesInASecondWhatHasNoRoomAndServesItAgainWhenThereIs() {
        try (GatewayContainer gateway = gateway("model: openai/gpt-4o, passthrough_auth: true")) {
            try (RawClient holder = RawClient.connect(gateway.port())) {
                holder.request("POST", "/v1/chat/completions")
                        .header("Authorization", "Bearer sk-key")
                        .header("Content-Length", "12000000")
                        .send();
                Await.until(
                        Duration.ofSeconds(10),
                        () -> "nothing held",
                        () -> gateway.budget().held() >= 12_000_000);
                try (RawClient other = RawClient.connect(gateway.port())) {
                    other.request("POST", "/v1/chat/completions")
                            .header("Authorization", "Bearer sk-key")
                            .header("Content-Length", "8000000")
                            .send();
                    RawResponse refusal = other.readResponse();
                    assertThat(refusal.status()).isEqualTo(503);
                    assertThat(refusal.header("Retry-After")).isEqualTo("1");
                    assertThat(refusal.bodyText()).contains("no memory left");
                }
            }
            Await.until(
                    Duration.ofSeconds(10),
                    () -> "held: " + gateway.budget().held(),
                    () -> gateway.budget().held() == 0);
            try (RawClient again = RawClient.connect(gateway.port())) {
                assertThat(again.request("POST", "/v1/chat/completions")
                                .header("Authorization", "Bearer sk-key")
                                .json("{\"model\":\"gpt-4o\",\"x\":\"" + "y".repeat(8_000_000) + "\"}")
                                .exchange()
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
