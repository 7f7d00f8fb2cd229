package io.plano.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.credential.InboundCredentials;
import io.plano.failure.Vitals;
import io.plano.hostile.Failings;
import io.plano.hostile.FaultyLog;
import io.plano.http.Headers;
import io.plano.provider.ApiDialect;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Reply;
import io.plano.translate.ModelEntry;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.UpstreamSettings;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("9.1: an error while models are looked for costs one list, and nobody waits for it")
class ErrorInDiscoveryIT {
    private final FakeUpstream upstream = FakeUpstream.start();
    private final Vitals vitals = Vitals.start();
    private final UpstreamClient client =
            UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals);
    private final ModelDiscovery discovery = new ModelDiscovery(new ProviderCalls(client, "plano-test"));
    private GatewaySnapshot snapshot;

    /** A timer that takes nothing. */
    private static final class FaultyTimer extends ScheduledThreadPoolExecutor {
        private final Failings error;

        private FaultyTimer(Failings error) {
            super(1);
            this.error = error;
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            throw error.get();
        }
    }

    @BeforeEach
    void start() {
        upstream.onRequest(request -> Reply.json(200, "{\"data\":[{\"id\":\"a\"}]}"));
        snapshot = Objects.requireNonNull(ConfigLoader.parse("""
                        version: v0.4.0
                        listeners: [{type: model, name: m, port: 12000}]
                        model_providers:
                          - {model: openai/*, base_url: "%s", passthrough_auth: true}
                        """.formatted(upstream.baseUrl()), "test", Map.of())
                .snapshot());
    }

    @AfterEach
    void stop() {
        discovery.close();
        client.close();
        vitals.close();
        upstream.close();
    }

    private List<String> models(String key) throws Exception {
        ModelDiscovery.Enquiry enquiry = new ModelDiscovery.Enquiry(
                snapshot,
                ApiDialect.OPENAI,
                Headers.EMPTY,
                InboundCredentials.of(
                        Map.of(CredentialSlot.AUTHORIZATION, Objects.requireNonNull(Credential.bearer(key)))));
        return discovery.discover(enquiry, snapshot.providers(), null).get(10, TimeUnit.SECONDS).stream()
                .map(ModelEntry::id)
                .toList();
    }

    private void assertOthersAreTold() throws Exception {
        assertThat(models("sk-other")).containsExactly("openai/a");
        assertThat(vitals.complaint()).isNull();
    }

    /** There is no other way to make it fail than from within. */
    private Object replace(String name, Object value) throws ReflectiveOperationException {
        Field field = ModelDiscovery.class.getDeclaredField(name);
        field.setAccessible(true);
        Object before = field.get(discovery);
        field.set(discovery, value);
        return before;
    }

    @ParameterizedTest
    @EnumSource
    void whoCannotBeAskedHasNone(Failings error) throws Exception {
        FaultyTimer faulty = new FaultyTimer(error);
        Object timer = replace("timer", faulty);
        assertThat(models("sk-first")).isEmpty();
        replace("timer", timer);
        faulty.shutdownNow();

        assertOthersAreTold();
    }

    @Test
    void whoFailsHasNoneThoughThatCannotBeLogged() throws Exception {
        upstream.onRequest(request -> Reply.json(500, "{}"));
        try (FaultyLog log = FaultyLog.of(ModelDiscovery.class)) {
            for (int i = 0; i < FaultyLog.faults(); i++) {
                assertThat(models("sk-number-" + i)).isEmpty();
            }
            assertThat(log.lines()).hasSize(FaultyLog.faults());
        }
        upstream.onRequest(request -> Reply.json(200, "{\"data\":[{\"id\":\"a\"}]}"));
        assertOthersAreTold();
    }
}
