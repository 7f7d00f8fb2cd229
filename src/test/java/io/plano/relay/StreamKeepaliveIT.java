package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

@LeakChecked
@DisplayName("R67: a silent stream is kept alive by comments between its events")
class StreamKeepaliveIT {
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @ContainerTest
    void sendsCommentsBetweenEventsAndNeverInsideOne(GatewayContainer.Kind kind) throws Exception {
        Gate middle = new Gate();
        Gate rest = new Gate();
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = GatewayContainer.start(kind, "/", yaml(upstream));
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.enqueue(Reply.stream()
                    .header("Content-Type", "text/event-stream")
                    .chunk("data: one\n\n")
                    .waitFor(middle)
                    .chunk("data: tw")
                    .waitFor(rest)
                    .chunk("o\n\ndata: [DONE]\n\n")
                    .lastChunk());
            RawResponse response = client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer k")
                    .json(BODY)
                    .exchange();
            response.awaitBytes("data: one\n\n:\n\n:\n\n".length());
            middle.open();
            rest.awaitReached(Duration.ofSeconds(5));
            response.awaitBytes("data: one\n\n:\n\n:\n\ndata: tw".length()); // more comments may have come before it
            assertThat(response.isSilentFor(Duration.ofMillis(500))).isTrue();
            rest.open();
            String body = response.bodyText();

            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
            assertThat(body).startsWith("data: one\n\n:\n\n:\n\n").endsWith("data: two\n\ndata: [DONE]\n\n");
            assertThat(body.replace(":\n\n", "")).isEqualTo("data: one\n\ndata: two\n\ndata: [DONE]\n\n");
        }
    }

    private static String yaml(FakeUpstream upstream) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true}
                overrides: {stream_keepalive: 150ms}
                """.formatted(upstream.baseUrl());
    }
}
