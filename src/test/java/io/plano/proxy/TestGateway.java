package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.config.ConfigLoader;
import io.plano.credential.CredentialPolicy;
import io.plano.credential.CredentialSource;
import io.plano.failure.Vitals;
import io.plano.observe.ExchangeRecord;
import io.plano.provider.Provider;
import io.plano.route.AttemptPlan;
import io.plano.route.Routing;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.testing.Await;
import io.plano.upstream.EndpointHealth;
import io.plano.upstream.ProviderCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway without a container and without sockets, between {@link TestClient}s and a {@link TestProvider}. */
final class TestGateway implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Two providers that serve the same model, each with a key of its own; room for one exchange at a time. */
    private static final String FILE = """
            version: v0.4.0
            listeners: [{type: model, name: m, port: 12000}]
            model_providers:
              - {model: openai/gpt-4o, base_url: "http://127.0.0.1:1", access_key: sk-first-key, apis: [chat]}
              - {model: groq/gpt-4o, base_url: "http://127.0.0.1:2", access_key: sk-second-key, apis: [chat]}
              - {model: openai/gpt-own, base_url: "http://127.0.0.1:3", passthrough_auth: true}
              - {model: anthropic/claude-x, base_url: "http://127.0.0.1:4", access_key: sk-third-key}
            overrides:
              max_concurrent_exchanges: 1
              max_inspected_body_bytes: 4000000
              max_buffered_bytes: 64000000
              max_buffered_bytes_per_client: 16000000
            """;

    private final TestProvider provider = new TestProvider();
    private final MemoryBudget budget;
    private final SnapshotHolder snapshots = new SnapshotHolder();
    private final List<ExchangeRecord> records = new CopyOnWriteArrayList<>();
    private final ReverseProxy proxy;

    private TestGateway(GatewaySnapshot snapshot, List<Gate> gates, Routing routing, AttemptPlan.Rule rule) {
        snapshots.replace(snapshot);
        budget = new MemoryBudget(snapshot.limits().memory().budget());
        proxy = new ReverseProxy(
                snapshots,
                new ReverseProxy.Way(
                        gates, routing, rule, EndpointHealth.UNKNOWN, new ProviderCalls(provider, "plano-test")),
                records::add,
                budget,
                Vitals.UNWATCHED);
    }

    static TestGateway start() {
        return of(snapshot(), List.of(), Routing.BY_NAME, AttemptPlan.Rule.NEVER_ASKED);
    }

    static TestGateway with(Gate... gates) {
        return of(snapshot(), List.of(gates), Routing.BY_NAME, AttemptPlan.Rule.NEVER_ASKED);
    }

    static TestGateway with(Routing routing) {
        return of(snapshot(), List.of(), routing, AttemptPlan.Rule.NEVER_ASKED);
    }

    static TestGateway with(AttemptPlan.Rule rule) {
        return of(snapshot(), List.of(), Routing.BY_NAME, rule);
    }

    /** The first provider's key comes from there. */
    static TestGateway with(CredentialSource source) {
        GatewaySnapshot file = snapshot();
        List<Provider> providers = new ArrayList<>(file.providers());
        providers.set(0, paidFrom(source, providers.get(0)));
        GatewaySnapshot changed = new GatewaySnapshot(file.source(), file.listeners(), providers, file.limits());
        return of(changed, List.of(), Routing.BY_NAME, AttemptPlan.Rule.NEVER_ASKED);
    }

    private static TestGateway of(GatewaySnapshot snapshot, List<Gate> gates, Routing routing, AttemptPlan.Rule rule) {
        return new TestGateway(snapshot, gates, routing, rule);
    }

    static GatewaySnapshot snapshot() {
        return Objects.requireNonNull(
                ConfigLoader.parse(FILE, "plano.yaml", Map.of()).snapshot());
    }

    private static Provider paidFrom(CredentialSource source, Provider provider) {
        CredentialPolicy policy = provider.credentials();
        return new Provider(
                provider.name(),
                provider.id(),
                provider.model(),
                provider.modelPrefix(),
                provider.type(),
                provider.endpoint(),
                provider.httpHost(),
                new CredentialPolicy(
                        policy.passthrough(), source, policy.onMissing(), policy.clientPattern(), policy.allowed()),
                provider.headers(),
                provider.timeouts(),
                provider.transport(),
                provider.isDefault(),
                provider.forwardHeaders());
    }

    TestProvider provider() {
        return provider;
    }

    MemoryBudget budget() {
        return budget;
    }

    SnapshotHolder snapshots() {
        return snapshots;
    }

    /** Others hold all the memory that there is, until all of them are closed. */
    List<Holding> fillMemory() {
        List<Holding> others = new ArrayList<>();
        boolean isFull = false;
        while (!isFull) {
            Holding one = budget.open("192.0.2.1", 0);
            others.add(one);
            isFull = !one.reserve(1 << 10);
            while (one.reserve(1 << 10)) {}
        }
        return others;
    }

    TestClient serve(TestClient client) {
        try {
            proxy.serve(client.head(), "192.0.2.1", client::open);
            return client;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was told of the only exchange, once it is over. */
    ExchangeRecord record() {
        Await.until(SOON, () -> "nothing was told of an exchange", () -> !records.isEmpty());
        assertThat(records).as("told once").hasSize(1);
        return records.get(0);
    }

    /** Its end was told once, and it has seen one. */
    void assertClosedOnce(TestClient client) {
        record();
        assertThat(client.ends()).as("ends").isOne();
    }

    List<ExchangeRecord> records() {
        return records;
    }

    /** Nobody holds memory, and the only place for an exchange is free. */
    void assertNothingIsLeft() {
        Await.until(SOON, () -> budget.held() + " bytes are still held", () -> budget.held() == 0);
        provider.onCall(call -> call.answer(200, "{}"));
        assertThat(serve(TestClient.chat()).awaitEnd().status())
                .as("there is room for the next one")
                .isEqualTo(200);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
