package io.plano.config;

import io.plano.budget.BudgetLimits;
import io.plano.config.tls.TlsReader;
import io.plano.config.yaml.Position;
import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Variables;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.http.CorsPolicy;
import io.plano.provider.Provider;
import io.plano.provider.Timeouts;
import io.plano.snapshot.Feature;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import io.plano.snapshot.MemoryLimits;
import io.plano.snapshot.ModelAliases;
import io.plano.snapshot.RoutingPreference;
import io.plano.snapshot.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a whole file, key by key in an order in which each part finds what it needs. Used for one file. */
final class SnapshotReader {
    /** What a file without version is taken for. */
    static final String NEWEST = "v0.4.0";

    private final Section root;
    private final Variables variables;
    private final Map<String, String> environment;
    private final ConfigHost host;
    private final PassthroughSwitches switches;
    private final Problems problems;

    SnapshotReader(Mapping root, Map<String, String> environment, ConfigHost host, Problems problems) {
        this.host = host;
        this.variables = new Variables(environment);
        this.root = new Section(root, "", variables, problems);
        this.environment = environment;
        this.switches = PassthroughSwitches.read(environment, problems);
        this.problems = problems;
    }

    /** What the file says. Worth nothing where an error has been reported. */
    GatewaySnapshot read() {
        reportDefaults();
        UnservedFeatures unserved = new UnservedFeatures(problems);
        unserved.topLevel(root);
        Section overrides = root.section("overrides");
        Listener listener = new ListenerReader(root, unserved).read();
        String key = providersKey();
        List<Provider> providers = providers(key, listener, overrides);
        List<RoutingPreference> preferences = preferences(key, providers);
        ModelAliases aliases = new AliasReader(root.section("model_aliases"), providers).read();
        Limits limits = limits(overrides, unserved);
        new AgentSideRules(root).check();
        unserved.report();
        return new GatewaySnapshot(
                Source.labelled(problems.file()),
                List.of(listener),
                providers,
                aliases,
                preferences,
                limits,
                features(overrides),
                cors(overrides));
    }

    private List<RoutingPreference> preferences(String providersKey, List<Provider> providers) {
        RoutingPreferenceReader reader = new RoutingPreferenceReader(root);
        List<RoutingPreference> preferences = reader.read(providersKey);
        reader.checkModels(providers.stream().flatMap(AliasReader::names).collect(Collectors.toSet()));
        return preferences;
    }

    private void reportDefaults() {
        if (!root.has("version")) {
            problems.warning(Position.START, "version", "is missing; " + NEWEST + " is assumed");
        }
        if (!root.has("listeners")) {
            Listener fallback = Listener.DEFAULT;
            problems.warning(
                    Position.START,
                    "listeners",
                    "is missing; one on " + fallback.address() + ":" + fallback.port() + " is assumed");
        }
    }

    private String providersKey() {
        if (!root.has("llm_providers")) {
            return "model_providers";
        }
        if (root.has("model_providers")) {
            root.error("llm_providers", "is the old name of model_providers; use one of them, not both");
            return "model_providers";
        }
        return "llm_providers";
    }

    private List<Provider> providers(String key, Listener listener, Section overrides) {
        Duration connect = overrides.duration("upstream_connect_timeout");
        ProviderTypes types = ProviderTypes.builtIn(variables).with(root.section("providers"));
        ProviderReader reader = new ProviderReader(
                types,
                switches,
                new Reach(listener, host),
                connect == null ? Timeouts.DEFAULT.connect() : connect,
                new TransportReader(overrides, environment));
        List<Section> entries = root.sections(key);
        entries.forEach(reader::read);
        if (reader.disabled() == entries.size()) {
            problems.error(
                    root.position(key), key, "there is nothing to serve; at least one enabled provider is needed");
        }
        return reader.providers();
    }

    private static Limits limits(Section overrides, UnservedFeatures unserved) {
        for (String key : overrides.keys()) {
            if (!OVERRIDES.contains(key)) {
                unserved.withoutEffect(overrides, key);
            }
        }
        Limits fallback = Limits.DEFAULT;
        return new Limits(
                orElse(overrides.number(OVERRIDES.get(0), 1, Integer.MAX_VALUE), fallback.maxInspectedBodyBytes()),
                (int) orElse(overrides.number(OVERRIDES.get(1), 1, Integer.MAX_VALUE), fallback.maxHeaderBytes()),
                (int) orElse(overrides.number(OVERRIDES.get(2), 1, Integer.MAX_VALUE), fallback.maxHeaderCount()),
                (int) orElse(
                        overrides.number(OVERRIDES.get(3), 1, Integer.MAX_VALUE), fallback.maxConcurrentExchanges()),
                overrides.duration(OVERRIDES.get(4)),
                memory(overrides));
    }

    private static MemoryLimits memory(Section overrides) {
        MemoryLimits fallback = MemoryLimits.DEFAULT;
        long total = orElse(
                overrides.number(MAX_BUFFERED_BYTES, LEAST_BUFFERED, Long.MAX_VALUE),
                fallback.budget().total());
        BudgetLimits budget = BudgetLimits.ofTotal(total);
        Long perClient = overrides.number(MAX_PER_CLIENT, LEAST_BUFFERED, Long.MAX_VALUE);
        if (perClient != null && perClient > total) {
            overrides.error(MAX_PER_CLIENT, "must not be more than " + MAX_BUFFERED_BYTES + ", which is " + total);
        } else if (perClient != null) {
            budget = new BudgetLimits(total, perClient);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (overrides.has(MAX_BUFFERED_BYTES) && total > heap / 4 * 3) {
            overrides.warning(
                    MAX_BUFFERED_BYTES,
                    "is more than three quarters of the maximum heap, which is " + heap + " bytes; raise -Xmx with it");
        }
        return new MemoryLimits(
                budget, (int) orElse(overrides.number(MAX_JSON_NODES, 1, Integer.MAX_VALUE), fallback.maxJsonNodes()));
    }

    private static Set<Feature> features(Section overrides) {
        return Boolean.TRUE.equals(overrides.flag("estimate_count_tokens"))
                ? Set.of(Feature.ESTIMATE_COUNT_TOKENS)
                : Set.of();
    }

    private static CorsPolicy cors(Section overrides) {
        return new CorsPolicy(overrides.scalars("cors_allow_origins").stream()
                .map(Scalar::text)
                .collect(Collectors.toSet()));
    }

    private static final String MAX_BUFFERED_BYTES = "max_buffered_bytes";
    private static final String MAX_PER_CLIENT = "max_buffered_bytes_per_client";
    private static final String MAX_JSON_NODES = "max_json_nodes";

    /** Less would not hold one ordinary request. */
    private static final long LEAST_BUFFERED = 1 << 20;

    private static final List<String> OVERRIDES = List.of(
            "max_inspected_body_bytes",
            "max_header_bytes",
            "max_header_count",
            "max_concurrent_exchanges",
            "stream_keepalive",
            "upstream_connect_timeout",
            "estimate_count_tokens",
            "cors_allow_origins",
            MAX_BUFFERED_BYTES,
            MAX_PER_CLIENT,
            MAX_JSON_NODES,
            TlsReader.CA_PATH);

    private static long orElse(@Nullable Long value, long fallback) {
        return value != null ? value : fallback;
    }
}
