package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.budget.BudgetLimits;
import io.plano.budget.MemoryBudget;
import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.credential.InboundCredentials;
import io.plano.failure.Vitals;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.observe.ExchangeRecord;
import io.plano.proxy.ReverseProxy;
import io.plano.snapshot.SnapshotHolder;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Reply;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.UpstreamSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("9.1: an error in any call of a container ends that exchange, never cleanly, and no other")
class ErrorInContainerCallIT {
    private static final String EVENTS = "data: {\"one\":1}\n\ndata: {\"two\":2}\n\ndata: [DONE]\n\n";
    private static final String DOCUMENT = "{\"whole\":\"answer\"}";
    private static final int TIMES = 3;

    private final BlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();
    private FakeUpstream provider;
    private UpstreamClient upstream;
    private ReverseProxy proxy;

    @BeforeEach
    void start() {
        provider = FakeUpstream.start();
        provider.onRequest(request -> request.bodyText().contains("\"stream\":true")
                ? Reply.stream()
                        .header("Content-Type", "text/event-stream")
                        .chunk("data: {\"one\":1}\n\n")
                        .chunk("data: {\"two\":2}\n\n")
                        .chunk("data: [DONE]\n\n")
                        .lastChunk()
                : Reply.json(200, DOCUMENT));
        LoadResult loaded = ConfigLoader.parse("""
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: openai/gpt-4o, base_url: %s, passthrough_auth: true, default: true}
                """.formatted(provider.baseUrl()), "plano.yaml", Map.of());
        SnapshotHolder snapshots = new SnapshotHolder();
        snapshots.replace(Objects.requireNonNull(loaded.snapshot()));
        upstream = UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000));
        proxy = new ReverseProxy(
                snapshots,
                new ProviderCalls(upstream, "plano-test"),
                records::add,
                new MemoryBudget(BudgetLimits.ofTotal(64 << 20)),
                Vitals.UNWATCHED);
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
        provider.close();
    }

    private void serve(FaultyContainer container, String path, int length) throws IOException {
        RequestHead head = new RequestHead(
                "POST", path, null, Headers.of("Content-Type", "application/json"), length, RequestHead.Body.PRESENT);
        InboundCredentials credentials = InboundCredentials.of(
                Map.of(CredentialSlot.AUTHORIZATION, Objects.requireNonNull(Credential.bearer("sk-a"))));
        proxy.serve(head, "192.0.2.1", container.client(head, credentials)::open);
        container.callBack();
    }

    private static String body(boolean stream) {
        return "{\"model\":\"gpt-4o\",\"stream\":" + stream + ",\"messages\":[]}";
    }

    private void assertOthersAreServed() throws Exception {
        FaultyContainer healthy = new FaultyContainer("nothing", 0, AssertionError::new, body(false), false);
        serve(healthy, "/v1/chat/completions", body(false).length());
        assertThat(healthy.isOver()).isTrue();
        assertThat(healthy.status()).isEqualTo(200);
        assertThat(healthy.sent()).isEqualTo(DOCUMENT);
        assertThat(healthy.isAborted()).isFalse();
        assertThat(records.poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(records).as("each exchange is told of once").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "startAsync",
                "setTimeout",
                "addListener",
                "getOutputStream",
                "setWriteListener",
                "isReady",
                "write",
                "flush",
                "setStatus",
                "addHeader",
                "setHeader",
                "setContentLengthLong",
                "getInputStream",
                "available",
                "setReadListener",
                "isReadyToRead",
                "read",
                "complete",
                "sendError"
            })
    void endsThatExchangeAlone(String method) throws Exception {
        for (Supplier<Error> error : Failings.ALL) {
            for (int time = 1; time <= TIMES; time++) {
                for (boolean stream : List.of(false, true)) {
                    for (boolean inPieces : List.of(false, true)) {
                        String body = body(stream);
                        FaultyContainer container = new FaultyContainer(method, time, error, body, inPieces);
                        String what = error + " in call " + time + " of " + method + ", stream " + stream;
                        if (run(container, body)) {
                            assertEnded(container, stream ? EVENTS : DOCUMENT, what);
                        }
                    }
                }
            }
        }
        assertOthersAreServed();
    }

    /** False if the container got its error back before there was an exchange, and answers by itself. */
    private boolean run(FaultyContainer container, String body) throws IOException {
        try {
            serve(container, "/v1/chat/completions", body.length());
            return true;
        } catch (Error thrown) {
            assertThat(container.hasThrown()).isTrue();
            assertThat(container.sent()).isEmpty();
            return false;
        }
    }

    private void assertEnded(FaultyContainer container, String whole, String what) throws InterruptedException {
        ExchangeRecord record = records.poll(5, TimeUnit.SECONDS);
        assertThat(record)
                .as("%s: the exchange ends; %s", what, container.calls())
                .isNotNull();
        assertThat(container.isOver())
                .as("%s: the container gets its request back; %s", what, container.calls())
                .isTrue();
        if (container.isAborted()) {
            return;
        }
        // Only what is whole may look whole.
        boolean lastResort = container.status() == 500 && container.sent().startsWith("{\"error\":{\"message\":");
        assertThat(lastResort ? record.status() == 500 : container.sent().equals(whole))
                .as("%s: status %s, %s", what, container.status(), container.sent())
                .isTrue();
    }
}
