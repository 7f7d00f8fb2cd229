package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.RawClient;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;

/** One request on each surface, translated and not: what the gateway loads late, it loads here. */
final class EverySurface {
    private static final String CHAT = """
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    private EverySurface() {}

    static String providers(FakeUpstream upstream) {
        return "- {model: openai/gpt-4o, base_url: \"" + upstream.baseUrl() + "\", passthrough_auth: true}";
    }

    static Reply reply(UpstreamRequest request) {
        return request.target().endsWith("/responses")
                ? Reply.json(200, "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"output\":[]}")
                : Reply.json(200, CHAT);
    }

    static void isServedBy(StandaloneGateway gateway) {
        String hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        String message = "{\"model\":\"gpt-4o\",\"max_tokens\":9," + hello;
        assertThat(gateway.post("/v1/chat/completions", "{\"model\":\"gpt-4o\"," + hello)
                        .status())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/messages", message).body()).contains("\"type\":\"message\"", "Hello");
        assertThat(gateway.post("/v1/messages/count_tokens", message).body()).contains("input_tokens");
        assertThat(gateway.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"Hello\"}")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/messages", "{\"model\":\"unknown\"," + hello)
                        .body())
                .contains("\"type\":\"error\"");
        for (String path : new String[] {"/v1/models", "/healthz", "/readyz"}) {
            try (RawClient client = gateway.connect()) {
                assertThat(client.request("GET", path).exchange().status())
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }
}
