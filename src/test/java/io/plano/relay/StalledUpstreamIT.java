package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Upstreams that fall silent, with a listener that allows a second of it. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StalledUpstreamIT {
    private Relay relay;
    private RawClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        relay = Relay.start(kind, "1s");
        client = relay.connect();
    }

    @AfterEach
    void stop() {
        try {
            assertThat(relay.upstream().openConnections())
                    .as("connections kept")
                    .isZero();
            assertThat(relay.exchange().status()).as("afterwards").isEqualTo(200);
        } finally {
            client.close();
            relay.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noHeadInTimeIsAGatewayTimeoutR74(StreamingApi surface) {
        relay.upstream().enqueue(Reply.script().stall());
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.status()).isEqualTo(504);
        assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=http_response_timeout");
        assertThat(response.bodyText()).startsWith(surface.errorBodyStart());
        relay.upstream().awaitNoOpenConnections(Relay.SOON);
    }

    @ParameterizedTest
    @EnumSource
    void silenceInsideASmallBodyIsAGatewayTimeoutR74(StreamingApi surface) {
        relay.upstream().enqueue(Reply.json(200, "{\"n\":1}").stallAfter(60));
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.status()).isEqualTo(504);
        assertThat(response.bodyText()).startsWith(surface.errorBodyStart());
        relay.upstream().awaitNoOpenConnections(Relay.SOON);
    }

    @ParameterizedTest
    @EnumSource
    void silenceBetweenEventsEndsTheStreamWithAnErrorEventR66(StreamingApi surface) {
        relay.upstream().enqueue(Reply.stream().chunk("data: 1\n\n").stall());
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("1");
        assertThat(response.readEvent().orElseThrow().raw()).startsWith(surface.errorEventStart());
        assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        relay.upstream().awaitNoOpenConnections(Relay.SOON);
    }

    @ParameterizedTest
    @EnumSource
    void silenceInsideAnEventAbortsTheStreamR66(StreamingApi surface) {
        relay.upstream()
                .enqueue(Reply.stream().chunk("data: 1\n\n").chunk("data: {").stall());
        RawResponse response = surface.ask(client).exchange();
        assertThat(response.bodyText()).isEqualTo("data: 1\n\ndata: {");
        assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        relay.upstream().awaitNoOpenConnections(Relay.SOON);
    }
}
