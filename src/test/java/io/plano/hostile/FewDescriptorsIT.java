package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More clients than the process may have sockets: {@code ulimit -n 600}. */
class FewDescriptorsIT {
    private static final int CROWD = 450;
    private static final int MORE = 40;
    private static final String STREAM =
            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    @TempDir
    Path directory;

    private final Gate second = new Gate();
    private final Gate last = new Gate();
    private final List<RawClient> clients = new ArrayList<>();
    private FakeUpstream upstream;
    private StandaloneGateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = FakeUpstream.start().onRequest(this::reply);
        gateway = StandaloneGateway.Start.usual()
                .withLimits("ulimit -n 600")
                .serve(directory, EverySurface.providers(upstream));
    }

    @AfterEach
    void stop() {
        second.open();
        last.open();
        clients.forEach(RawClient::close);
        gateway.close();
        upstream.close();
    }

    private Reply reply(UpstreamRequest request) {
        if (!request.bodyText().contains("\"stream\":true")) {
            return EverySurface.reply(request);
        }
        return Reply.stream()
                .chunk("data: {\"n\":1}\n\n")
                .waitFor(second)
                .chunk("data: {\"n\":2}\n\n")
                .waitFor(last)
                .chunk("data: [DONE]\n\n")
                .lastChunk();
    }

    private RawClient begin() {
        RawClient client = gateway.connect();
        clients.add(client);
        return client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer sk-of-the-client")
                .json(STREAM)
                .send();
    }

    @Test
    void servesWhomItHasRoomForRefusesTheOthersAndGoesOnWhenTheyHaveLeft() {
        List<RawResponse> served = new ArrayList<>();
        int refused = 0;
        List<RawClient> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(begin());
        }
        for (RawClient client : crowd) {
            RawResponse response = client.readResponse();
            if (response.status() == 200) {
                served.add(response);
            } else {
                assertRefused(response);
                client.close();
                refused++;
            }
        }
        assertThat(served.size()).isGreaterThan(200);
        assertThat(refused).isGreaterThan(100);

        assertAliveAndNotReady();
        second.open();
        for (RawResponse response : served) {
            assertThat(response.readEvent()).get().asString().contains("1");
            assertThat(response.readEvent()).get().asString().contains("2");
        }
        for (int i = 0; i < MORE; i++) {
            RawClient client = begin();
            assertRefused(client.readResponse());
            client.close();
        }

        last.open();
        for (RawResponse response : served) {
            assertThat(response.readEvent()).get().asString().contains("[DONE]");
            response.readBody();
        }
        clients.forEach(RawClient::close);
        Await.until(
                Duration.ofSeconds(10),
                () -> "still refused: " + gateway.lines(),
                () -> gateway.post("/v1/chat/completions", "{\"model\":\"gpt-4o\",\"messages\":[]}")
                                .status()
                        == 200);
        EverySurface.isServedBy(gateway);
        assertThat(gateway.lines())
                .filteredOn(line -> line.contains("limit of open files (600)") && line.contains("ulimit -n"))
                .hasSizeBetween(1, 3);
        assertThat(gateway.lines()).noneMatch(line -> line.contains("Exception") || line.contains("Error:"));
    }

    /** What is restarted because it is loaded loses all that it serves. */
    private void assertAliveAndNotReady() {
        for (String method : List.of("GET", "HEAD")) {
            try (RawClient probe = gateway.connect()) {
                assertThat(probe.request(method, "/healthz").exchange().status())
                        .isEqualTo(200);
            }
        }
        try (RawClient probe = gateway.connect()) {
            assertRefused(probe.request("GET", "/readyz").exchange());
        }
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isEqualTo("1");
        assertThat(response.bodyText()).contains("\"error\"");
    }

    @Test
    void saysAtTheStartThatTheLimitIsBelowWhatTheConfigurationAllows() {
        assertThat(gateway.lines())
                .anyMatch(line -> line.contains("WARN")
                        && line.contains("limit of open files is 600")
                        && line.contains("20000 of overrides.max_concurrent_exchanges")
                        && line.contains("Raise the limit to 40"));
    }

    @Test
    void closesConnectionsWithoutARequestForThoseWithOne() {
        int served = 0;
        for (int i = 0; i < CROWD; i++) { // more than fit, on a fast machine before the first of them count as idle
            RawClient client = gateway.connect();
            clients.add(client);
            served += client.request("GET", "/readyz").exchange().status() == 200 ? 1 : 0;
        }
        assertThat(served).isGreaterThan(200);
        Await.until(
                Duration.ofSeconds(20),
                () -> "nobody made room: " + gateway.lines(),
                () -> gateway.post("/v1/chat/completions", "{\"model\":\"gpt-4o\",\"messages\":[]}")
                                .status()
                        == 200);
        EverySurface.isServedBy(gateway);
    }
}
