package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import org.junit.jupiter.api.DisplayName;

@LeakChecked
@DisplayName("R66: also a client that closes its connection afterwards can tell a broken stream from a whole one")
class ClosingClientIT {
    @ContainerTest
    void sendsChunksToAClientThatClosesItsConnection(GatewayContainer.Kind kind) {
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer gateway = GatewayContainer.start(kind, "/", yaml(upstream))) {
            upstream.enqueue(stream().lastChunk());
            assertThat(end(gateway)).isEqualTo(ResponseEnd.CLEAN);
            upstream.enqueue(stream().close());
            assertThat(end(gateway)).isEqualTo(ResponseEnd.TRUNCATED);
        }
    }

    private static Reply stream() {
        return Reply.stream().header("Content-Type", "text/event-stream").chunk("data: one\n\n");
    }

    private static ResponseEnd end(GatewayContainer gateway) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer k")
                    .header("Connection", "close")
                    .json("{\"model\":\"m\",\"stream\":true}")
                    .exchange();
            assertThat(response.headers("Transfer-Encoding")).containsExactly("chunked");
            response.discardBody();
            return response.end();
        }
    }

    private static String yaml(FakeUpstream upstream) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true}
                """.formatted(upstream.baseUrl());
    }
}
