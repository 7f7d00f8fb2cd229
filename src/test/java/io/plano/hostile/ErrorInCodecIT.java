package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.provider.WireFormat;
import io.plano.server.GatewayServer;
import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@LeakChecked
@DisplayName("9.1: an error while a request or an answer is translated ends that exchange, and no other")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ErrorInCodecIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String DOCUMENT = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":null}]}";
    private static final String LAST =
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    private final AccessLines lines = new AccessLines();
    private FakeUpstream upstream;
    private GatewayServer gateway;

    @BeforeEach
    void start() throws IOException {
        upstream = FakeUpstream.start();
        upstream.onRequest(ErrorInCodecIT::reply);
        // As many at the same time as there are errors, so that one which is counted for ever shows.
        gateway = GatewayServer.start(
                Objects.requireNonNull(ConfigLoader.parse("""
                        version: v0.4.0
                        listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                        overrides: {max_concurrent_exchanges: 3}
                        model_providers:
                          - {model: custom/m, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true}
                        """.formatted(upstream.baseUrl()), "test", Map.of())
                        .snapshot()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
        lines.close();
    }

    private static Reply reply(UpstreamRequest request) {
        if (request.bodyText().contains("\"fail\"")) {
            return Reply.json(429, "{\"error\":{\"message\":\"slow down\"}}");
        }
        return request.bodyText().contains("\"stream\":true")
                ? Reply.stream()
                        .header("Content-Type", "text/event-stream")
                        .chunk("data: " + CHUNK + "\n\n")
                        .chunk("data: " + CHUNK + "\n\n")
                        .chunk("data: " + LAST + "\n\ndata: [DONE]\n\n")
                        .lastChunk()
                : Reply.json(200, DOCUMENT);
    }

    private RawClient ask(boolean stream, String text) {
        return RawClient.connect(gateway.addresses().get(0).getPort())
                .request("POST", "/v1/messages")
                .header("x-api-key", "sk-client")
                .json("{\"model\":\"m\",\"max_tokens\":9,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
                .send();
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, decodeRequest, false, Hi",
        "COMPLETIONS, encodeRequest, false, Hi",
        "COMPLETIONS, decodeAnswer, false, Hi",
        "MESSAGES, encodeAnswer, false, Hi",
        "MESSAGES, encodeError, false, fail",
        "MESSAGES, status, false, fail",
        "COMPLETIONS, decodeStream, true, Hi",
        "MESSAGES, encodeStream, true, Hi",
        "COMPLETIONS, decodeStream.event, true, Hi"
    })
    void isA500WhereNothingHasGoneOut(WireFormat format, String call, boolean stream, String text) throws Exception {
        for (Failings error : Failings.ALL) {
            try (FaultyCodec codec = FaultyCodec.install(format, call, error);
                    RawClient client = ask(stream, text)) {
                RawResponse response = client.readResponse();
                assertThat(response.status()).as("%s in %s", error, call).isEqualTo(500);
                assertThat(response.bodyText())
                        .startsWith("{\"type\":\"error\"")
                        .contains("The gateway failed to")
                        .doesNotContain("thrown by a test", "io/plano");
                assertThat(assertLoggedAsOurs(response)).contains(" status=500 ");
                assertThat(codec.hasThrown()).isTrue();
            }
            assertOthersAreServed();
        }
    }

    @ParameterizedTest
    @CsvSource({"MESSAGES, encodeStream.started", "MESSAGES, encodeStream.textDelta", "MESSAGES, encodeStream.ended"})
    void isAnErrorEventOrAnAbortInAStreamThatHasBegun(WireFormat format, String call) throws Exception {
        for (Failings error : Failings.ALL) {
            try (FaultyCodec codec = FaultyCodec.install(format, call, error);
                    RawClient client = ask(true, "Hi")) {
                RawResponse response = client.readResponse();
                String body = response.bodyText();
                assertThat(codec.hasThrown()).as(call).isTrue();
                assertThat(response.status() == 500 || response.end() == ResponseEnd.TRUNCATED)
                        .as("%s in %s: %s %s", error, call, response, body)
                        .isTrue();
                assertThat(body).doesNotContain("message_stop");
                assertLoggedAsOurs(response);
            }
            assertOthersAreServed();
        }
    }

    /** The provider has done nothing wrong. */
    private String assertLoggedAsOurs(RawResponse response) {
        String line = lines.await(Objects.requireNonNull(response.header("x-request-id")));
        assertThat(line).endsWith(" end=internal");
        return line;
    }

    private void assertOthersAreServed() {
        Await.until(LONG, () -> gateway.openExchanges() + " are open", () -> gateway.openExchanges() == 0);
        try (RawClient client = ask(false, "Hi")) {
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).contains("\"text\":\"Hi\"");
        }
        try (RawClient client = ask(true, "Hi")) {
            assertThat(client.readResponse().bodyText()).contains("message_stop");
        }
        assertThat(gateway.lost()).isNotDone();
    }
}
