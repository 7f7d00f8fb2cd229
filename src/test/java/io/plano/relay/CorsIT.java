package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@ContainerTest
@LeakChecked
@DisplayName("R54: web pages of configured origins may call, and nobody else's")
class CorsIT {
    private static final String PAGE = "https://app.example";

    private FakeUpstream upstream;
    private GatewayContainer gateway;
    private RawClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        upstream = FakeUpstream.start();
        gateway = GatewayContainer.start(kind, "/", """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true}
                overrides: {cors_allow_origins: ["https://app.example"]}
                """.formatted(upstream.baseUrl()));
        client = RawClient.connect(gateway.port());
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    @Test
    void answersThePreflightItself() {
        RawResponse answer = client.request("OPTIONS", "/v1/chat/completions")
                .header("Origin", PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,anthropic-version")
                .exchange();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(answer.headers("Access-Control-Allow-Headers"))
                .containsExactly("authorization,content-type,anthropic-version");
        assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(answer.headers("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void replacesWhatTheProviderSaysOfOrigins() {
        upstream.enqueue(Reply.json(200, "{}")
                .header("Access-Control-Allow-Origin", "*")
                .header("Access-Control-Allow-Credentials", "true")
                .header("Access-Control-Expose-Headers", "x-other")
                .header("Vary", "Accept-Encoding")
                .header("x-request-id", "req_1"));
        RawResponse answer = ask(PAGE).header("Authorization", "Bearer k").exchange();
        assertThat(answer.headers("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(answer.headers("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(answer.headers("Access-Control-Expose-Headers"))
                .hasSize(1)
                .allSatisfy(names -> assertThat(names).contains("x-request-id").doesNotContain("x-other"));
        assertThat(answer.headers("Vary")).containsExactlyInAnyOrder("Origin", "Accept-Encoding");
        assertThat(answer.header("x-request-id")).isEqualTo("req_1");
    }

    @Test
    void letsAPageReadItsStreamsAndItsRefusals() {
        upstream.enqueue(Reply.sse("data: 1\n\n"));
        RawResponse stream = ask(PAGE).header("Authorization", "Bearer k").exchange();
        assertThat(stream.headers("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(stream.bodyText()).isEqualTo("data: 1\n\n");
        RawResponse refusal = ask(PAGE).exchange();
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers("Access-Control-Allow-Origin")).containsExactly(PAGE);
    }

    @Test
    void saysNothingToOtherPages() {
        upstream.enqueue(Reply.json(200, "{}").header("Access-Control-Allow-Origin", "*"));
        RawResponse answer =
                ask("https://evil.example").header("Authorization", "Bearer k").exchange();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.headers("Vary")).contains("Origin");
    }

    private RawRequest ask(String origin) {
        return client.request("POST", "/v1/chat/completions")
                .header("Origin", origin)
                .json("{\"model\":\"m\"}");
    }
}
