package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import org.junit.jupiter.api.DisplayName;

@LeakChecked
@DisplayName("9.2: a long key ends nothing but its own request")
class LongCredentialIT {
    private static final String PATTERN = "gsk_(?:[A-Za-z0-9]|-)+";

    private static String yaml(FakeUpstream upstream) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: openai/first, base_url: "http://127.0.0.1:1", passthrough_auth: true}
                  - {model: groq/first, base_url: "%1$s", passthrough_auth: true, client_credential_pattern: '%2$s'}
                  - {model: groq/only, base_url: "%1$s", passthrough_auth: true, client_credential_pattern: '%2$s'}
                """.formatted(upstream.baseUrl(), PATTERN);
    }

    private record Answer(int status, String bodyText) {}

    private static Answer ask(GatewayContainer gateway, String path, String model, String header, String key) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.request("POST", path)
                    .header(header, key)
                    .json("{\"model\":\"" + model + "\",\"messages\":[]}")
                    .exchange();
            return new Answer(response.status(), response.bodyText());
        }
    }

    @ContainerTest
    void aKeyOfEightThousandCharactersIsMatchedAtTheFirstAndAtTheSecondProvider(GatewayContainer.Kind kind)
            throws Exception {
        String key = "gsk_" + "a".repeat(7_990);
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = GatewayContainer.start(kind, "/", yaml(upstream))) {
            upstream.onRequest(request -> Reply.json(200, "{}"));
            for (String model : new String[] {"only", "first", "only"}) {
                Answer response = ask(gateway, "/v1/chat/completions", model, "Authorization", "Bearer " + key);

                assertThat(response.status()).as(model).isEqualTo(200);
                assertThat(response.bodyText()).isEqualTo("{}");
            }
            assertThat(upstream.requests())
                    .hasSize(3)
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer " + key));
            assertThat(ask(gateway, "/v1/chat/completions", "only", "Authorization", "Bearer " + key + "!")
                            .status())
                    .isEqualTo(401);
        }
    }

    @ContainerTest
    void aKeyOfMoreThanEightKilobytesIsRefusedInTheDialectOfItsClientAndGoesNowhere(GatewayContainer.Kind kind)
            throws Exception {
        String key = "gsk_" + "a".repeat(8_200);
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = GatewayContainer.start(kind, "/", yaml(upstream))) {
            upstream.onRequest(request -> Reply.json(200, "{}"));
            for (String header : new String[] {"Authorization", "x-api-key", "api-key", "x-goog-api-key"}) {
                for (String model : new String[] {"only", "first"}) {
                    Answer response = ask(
                            gateway,
                            "/v1/chat/completions",
                            model,
                            header,
                            header.equals("Authorization") ? "Bearer " + key : key);

                    assertThat(response.status()).as(header).isEqualTo(400);
                    assertThat(response.bodyText())
                            .startsWith("{\"error\":{\"message\":")
                            .contains("longer than 8192 characters")
                            .doesNotContain("gsk_");
                }
            }
            Answer messages = ask(gateway, "/v1/messages", "only", "x-api-key", key);
            assertThat(messages.status()).isEqualTo(400);
            assertThat(messages.bodyText()).startsWith("{\"type\":\"error\",\"error\":{\"type\":");
            assertThat(upstream.requests()).isEmpty();
            assertThat(ask(gateway, "/v1/chat/completions", "only", "Authorization", "Bearer gsk_a")
                            .status())
                    .isEqualTo(200);
        }
    }
}
