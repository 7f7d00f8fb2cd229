package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@LeakChecked
@DisplayName("The standalone server closes a connection so that its client gets the whole answer")
class LingeringCloseIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "INLINE, Content-Length: 100000000",
        "INLINE, Transfer-Encoding: chunked",
        "POOLED, Content-Length: 100000000",
        "POOLED, Transfer-Encoding: chunked"
    })
    void aRefusalArrivesWholeThoughItsClientSendsOnAndReadsLate(DispatchMode mode, String framing) throws Exception {
        byte[] refusal = new byte[600_000];
        new Random(1).nextBytes(refusal);
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayServer gateway = start(upstream, mode);
                RawClient client = RawClient.connect(port(gateway))) {
            upstream.enqueue(Reply.script()
                    .head(413, "Content-Length: " + refusal.length)
                    .bytes(refusal)
                    .beforeRequestBody());
            client.request("POST", "/v1/files")
                    .header("Authorization", "Bearer k")
                    .header("Content-Type", "application/octet-stream")
                    .line(framing)
                    .send();
            Thread sender = new Thread(() -> sendUntilRefused(client, framing.startsWith("Transfer")), "sender");
            sender.start();
            Await.until(
                    LONG,
                    () -> "the exchange is not over",
                    () -> upstream.requests().size() == 1 && gateway.openExchanges() == 0);

            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.readBody()).isEqualTo(refusal);
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
            client.close();
            sender.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theConnectionIsOverForItsClientAtOnce(DispatchMode mode) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayServer gateway = start(upstream, mode);
                RawClient client = RawClient.connect(port(gateway))) {
            RawResponse response = client.request("GET", "/healthz")
                    .header("Connection", "close")
                    .exchange();
            assertThat(response.status()).isEqualTo(200);
            response.discardBody();
            client.awaitPeerClosed(LONG);
        }
    }

    private static void sendUntilRefused(RawClient client, boolean chunked) {
        String data = "x".repeat(10_000);
        try {
            for (int sent = 0; sent < 100_000_000; sent += data.length()) {
                if (chunked) {
                    client.sendChunk(data);
                } else {
                    client.send(data);
                }
            }
        } catch (UncheckedIOException closed) {
            // the test has seen all that it wanted
        }
    }

    private static GatewayServer start(FakeUpstream upstream, DispatchMode mode) throws Exception {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                model_providers:
                  - {model: custom/x, base_url: "http://127.0.0.1:%d", provider_interface: openai, passthrough_auth: true, default: true}
                """.formatted(upstream.port());
        GatewaySnapshot snapshot = Objects.requireNonNull(
                ConfigLoader.parse(yaml, "test", Map.of()).snapshot());
        return GatewayServer.start(snapshot, mode);
    }

    private static int port(GatewayServer gateway) {
        return gateway.addresses().get(0).getPort();
    }
}
