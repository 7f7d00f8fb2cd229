package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LeakChecked
@DisplayName("R65: the standalone server notices at once that a client has left")
class SocketWatchIT {
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(10);

    private enum Departure {
        CLOSE,
        RESET
    }

    @ParameterizedTest
    @EnumSource
    void endsTheUpstreamWhenTheClientLeavesBeforeTheAnswer(Departure departure) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayServer gateway = start(upstream)) {
            upstream.enqueue(Reply.script().stall());
            RawClient client = RawClient.connect(port(gateway));
            post(client);
            upstream.takeRequest(LONG);
            long left = System.nanoTime();
            leave(client, departure);

            assertThat(upstream.awaitConnectionClosed(0, LONG).after(left)).isLessThan(SECOND);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsTheUpstreamWhenTheClientLeavesASilentStream(Departure departure) throws Exception {
        Gate never = new Gate();
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayServer gateway = start(upstream)) {
            upstream.enqueue(Reply.stream()
                    .header("Content-Type", "text/event-stream")
                    .chunk("data: one\n\n")
                    .waitFor(never));
            RawClient client = RawClient.connect(port(gateway));
            post(client);
            assertThat(client.readResponse().readEvent()).isPresent();
            long left = System.nanoTime();
            leave(client, departure);

            assertThat(upstream.awaitConnectionClosed(0, LONG).after(left)).isLessThan(SECOND);
        }
    }

    @Test
    void servesARequestThatWasPipelinedWhileItWatched() throws Exception {
        Gate first = new Gate();
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayServer gateway = start(upstream);
                RawClient client = RawClient.connect(port(gateway))) {
            upstream.enqueue(
                    Reply.script().waitFor(first).head(200, "Content-Length: 1").bytes("1"));
            upstream.enqueue(Reply.json(200, "22"));
            post(client);
            first.awaitReached(LONG);
            // Longer than it takes until the client is watched, which nothing outside can see.
            assertThat(upstream.awaitWritesStalled(Duration.ofMillis(500), LONG))
                    .isZero();
            post(client);
            first.open();

            RawResponse one = client.readResponse();
            assertThat(one.bodyText()).isEqualTo("1");
            assertThat(client.readResponse().bodyText()).isEqualTo("22");
            assertThat(one.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    private static void post(RawClient client) {
        client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer k")
                .json(BODY)
                .send();
    }

    private static void leave(RawClient client, Departure departure) {
        switch (departure) {
            case CLOSE -> client.close();
            case RESET -> client.reset();
        }
    }

    private static int port(GatewayServer gateway) {
        return gateway.addresses().get(0).getPort();
    }

    private static GatewayServer start(FakeUpstream upstream) throws Exception {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true}
                """.formatted(upstream.baseUrl());
        GatewaySnapshot snapshot = Objects.requireNonNull(
                ConfigLoader.parse(yaml, "test", Map.of()).snapshot());
        return GatewayServer.start(snapshot, DispatchMode.INLINE);
    }
}
