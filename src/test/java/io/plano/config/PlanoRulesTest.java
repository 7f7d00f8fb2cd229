package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.load;
import static io.plano.config.Configs.valid;
import static io.plano.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Listener;
import io.plano.snapshot.RoutingPreference;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What Plano's own tests and validator accept and refuse, row by row, with the differences that README.md documents under
 * "Differences from Plano".
 */
class PlanoRulesTest {
    private static final String HEAD = "version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\n";
    private static final String ONE = "model_providers: [{model: openai/gpt-4o, access_key: k}]\n";
    private static final String FILTERED =
            "filters: [{id: f, url: 'http://f', type: http}]\nversion: v0.4.0\nlisteners: [{type: model, name: m, ";

    private static String providers(String... entries) {
        return HEAD + "model_providers: [" + String.join(", ", entries) + "]\n";
    }

    /** A file with one provider and one more top-level key. */
    private static String with(String more) {
        return HEAD + ONE + more + "\n";
    }

    private static String preference(String body) {
        return with("routing_preferences: [{name: n, " + body + "}]");
    }

    static Map<String, String> accepted() {
        return Map.ofEntries(
                Map.entry("one provider", HEAD + ONE),
                Map.entry("happy_path", """
                        version: v0.1.0
                        listeners:
                          egress_traffic: {address: 0.0.0.0, port: 12000, message_format: openai, timeout: 30s}
                        llm_providers:
                          - {model: openai/gpt-4o-mini, access_key: k, default: true}
                          - {model: openai/gpt-4o, access_key: k, routing_preferences: [{name: n, description: d}]}
                        tracing: {random_sampling: 100}
                        """),
                Map.entry("happy_path_agent_config", """
                        version: v0.3.0
                        agents: [{id: a, url: 'http://a:10510'}]
                        listeners:
                          - {type: agent, name: t, port: 8001, router: plano_orchestrator_v1,
                             agents: [{id: undeclared, description: d}]}
                          - {type: model, name: m, port: 12000}
                        model_providers: [{model: openai/gpt-4o, access_key: '${KEY}'}]
                        """),
                Map.entry(
                        "base_url_with_path_prefix",
                        providers(
                                "{model: custom/x, base_url: 'http://custom.com/api/v2', provider_interface: openai}")),
                Map.entry("vercel", providers("{model: vercel/*, base_url: 'https://v/v1', passthrough_auth: true}")),
                Map.entry(
                        "openrouter",
                        providers("{model: openrouter/*, base_url: 'https://o', passthrough_auth: true}")),
                Map.entry("edenai", providers("{model: edenai/*, base_url: 'https://e', passthrough_auth: true}")),
                Map.entry(
                        "valid_listener_output_filter", FILTERED + "output_filters: [f], input_filters: [f]}]\n" + ONE),
                Map.entry(
                        "valid_tracing_posthog_exporter",
                        with(
                                "tracing: {exporters: [{type: posthog, url: 'https://p', api_key: $K, capture_messages: no}]}")),
                Map.entry("listener without port", "version: v0.4.0\nlisteners: [{type: model, name: m}]\n" + ONE),
                Map.entry("empty list of listeners", "version: v0.4.0\nlisteners: []\n" + ONE),
                Map.entry("empty mapping of listeners", "version: v0.4.0\nlisteners: {}\n" + ONE),
                Map.entry("duplicate unnamed wildcards", providers("{model: openai/*}", "{model: openai/*}")),
                Map.entry("named wildcard", providers("{model: openai/*, name: mine}")),
                Map.entry(
                        "custom wildcard", providers("{model: c/*, base_url: 'http://c', provider_interface: openai}")),
                Map.entry("nested wildcard", providers("{model: openrouter/anthropic/*}")),
                Map.entry("passthrough without base_url", providers("{model: openai/a, passthrough_auth: true}")),
                Map.entry(
                        "passthrough off with key",
                        providers("{model: openai/a, passthrough_auth: false, access_key: k}")),
                Map.entry("alias to a bare id", with("model_aliases: {a: {target: gpt-4o}}")),
                Map.entry("alias to a full id", with("model_aliases: {a: {target: openai/gpt-4o}}")),
                Map.entry("alias that shadows a model", with("model_aliases: {gpt-4o: {target: gpt-4o}}")),
                Map.entry("preference with an unknown model", preference("description: d, models: [unknown]")),
                Map.entry(
                        "cheapest without a source",
                        preference("description: d, models: [a], selection_policy: {prefer: cheapest}")),
                Map.entry(
                        "rate limit of nonsense",
                        with(
                                "ratelimits: [{model: m, selector: {key: k, value: v}, limit: {tokens: 0, unit: fortnight}}]")),
                Map.entry("redis without url", with("routing: {session_cache: {type: redis}}")),
                Map.entry(
                        "two cost sources",
                        with("model_metrics_sources: [{type: cost, provider: models.dev},"
                                + " {type: cost, provider: digitalocean}]")),
                Map.entry("unknown override", with("overrides: {whatever: [1]}")),
                Map.entry("trailing slash", providers("{model: openai/, access_key: k}")),
                Map.entry("name of another's model", providers("{model: openai/a}", "{model: openai/b, name: a}")),
                Map.entry("endpoint key that matches no pattern", with("endpoints: {a-b: anything}")),
                Map.entry("postgres", with("state_storage: {type: postgres, connection_string: ''}")),
                Map.entry("one endpoint to orchestrate", with("""
                        endpoints: {e: {endpoint: 'h:80'}}
                        overrides: {use_agent_orchestrator: true}""")),
                Map.entry("empty tracing endpoint", with("tracing: {opentracing_grpc_endpoint: ''}")),
                // where this gateway differs
                Map.entry("difference: no version", "listeners: []\n" + ONE),
                Map.entry("difference: no listeners", "version: v0.4.0\n" + ONE),
                Map.entry(
                        "difference: duplicate_model_id",
                        providers("{model: openai/gpt-4o}", "{model: mistral/gpt-4o}")),
                Map.entry("difference: default wildcard", providers("{model: openai/*, default: true}")),
                Map.entry(
                        "difference: interface anthropic",
                        providers("{model: c/x, base_url: 'http://c', provider_interface: anthropic}")),
                Map.entry(
                        "difference: alias to a name",
                        HEAD + "model_providers: [{model: openai/a, name: n}]\nmodel_aliases: {x: {target: n}}\n"),
                Map.entry(
                        "difference: alias to a wildcard's model",
                        HEAD + "model_providers: [{model: openai/*}]\nmodel_aliases: {x: {target: openai/a}}\n"));
    }

    static Map<String, String> refused() {
        return Map.ofEntries(
                Map.entry(
                        "duplicate_provider_name",
                        providers("{model: openai/a, name: n}", "{model: openai/b, name: n}")),
                Map.entry(
                        "provider_interface_with_model_id", providers("{model: openai/a, provider_interface: openai}")),
                Map.entry("custom_provider_base_url", providers("{model: custom/gpt-4o}")),
                Map.entry("duplicate model", providers("{model: openai/a}", "{model: openai/a}")),
                Map.entry("no slash", providers("{model: gpt-4o}")),
                Map.entry("provider in another case", providers("{model: OpenAI/gpt-4o}")),
                Map.entry("provider by an alias of Plano's runtime", providers("{model: google/gemini}")),
                Map.entry("custom wildcard without interface", providers("{model: c/*, base_url: 'http://c'}")),
                Map.entry("custom without base_url", providers("{model: c/x, provider_interface: openai}")),
                Map.entry("wildcard with interface", providers("{model: openai/*, provider_interface: openai}")),
                Map.entry("base_url without scheme", providers("{model: openai/a, base_url: 'host:8000'}")),
                Map.entry("base_url of a WebSocket", providers("{model: openai/a, base_url: 'ws://host'}")),
                Map.entry("base_url with a port of letters", providers("{model: openai/a, base_url: 'http://h:x'}")),
                Map.entry(
                        "old listeners without providers",
                        "version: v0.1\nlisteners: {egress_traffic: {port: 12000}}\nllm_providers: []\n"),
                Map.entry(
                        "old listeners with an unknown key",
                        "version: v0.1\nlisteners: {egress_traffic: {max_retries: 1}}\n" + ONE),
                Map.entry("two agents of one id", with("agents: [{id: a, url: 'http://a'}, {id: a, url: 'http://b'}]")),
                Map.entry("base_url required", providers("{model: azure_openai/x}")),
                Map.entry("duplicate_routing_preference_name", with("""
                        routing_preferences:
                          - {name: n, description: d, models: [openai/gpt-4o]}
                          - {name: n, description: d, models: [openai/gpt-4o]}""")),
                Map.entry(
                        "unknown_listener_output_filter",
                        FILTERED + "output_filters: [missing_output_guard]}]\n" + ONE),
                Map.entry(
                        "wildcard_with_inline_routing_preferences",
                        "version: v0.3.0\nlisteners: []\nmodel_providers: [{model: openrouter/*, routing_preferences:"
                                + " [{name: n, description: d}]}]\n"),
                Map.entry("both names of the list", with("llm_providers: []")),
                Map.entry(
                        "two model listeners",
                        "version: v0.4.0\nlisteners: [{type: model, name: a}, {type: model," + " name: b, port: 1}]\n"
                                + ONE),
                Map.entry("version v0.5.0", "version: v0.5.0\nlisteners: []\n" + ONE),
                Map.entry("version v0.2.0", "version: v0.2.0\nlisteners: []\n" + ONE),
                Map.entry("unquoted 0.4", "version: 0.4\nlisteners: []\n" + ONE),
                Map.entry("listeners null", "version: v0.4.0\nlisteners:\n" + ONE),
                Map.entry("providers null", HEAD + "model_providers:\n"),
                Map.entry("unknown root key", with("whatever: 1")),
                Map.entry("unknown provider key", providers("{model: openai/a, provider: openai}")),
                Map.entry(
                        "unknown listener key",
                        "version: v0.4.0\nlisteners: [{type: model, name: m," + " model_providers: []}]\n" + ONE),
                Map.entry("listener type llm", "version: v0.4.0\nlisteners: [{type: llm, name: m}]\n" + ONE),
                Map.entry("port as string", "version: v0.4.0\nlisteners: [{type: model, name: m, port: '1'}]\n" + ONE),
                Map.entry("alias to an alias", with("model_aliases: {a: {target: gpt-4o}, b: {target: a}}")),
                Map.entry("alias with weights", with("model_aliases: {a: {target: gpt-4o, weight: 1}}")),
                Map.entry("preference without description", preference("models: [a]")),
                Map.entry("preference without models", preference("description: d")),
                Map.entry("preference with empty models", preference("description: d, models: []")),
                Map.entry(
                        "prefer random", preference("description: d, models: [a], selection_policy: {prefer: random}")),
                Map.entry("routing budget of 101", with("routing: {routing_budget: {max_switch_spend_pct: 101}}")),
                Map.entry("min_prefix_tokens 0", with("prompt_caching: {min_prefix_tokens: 0}")),
                Map.entry("session_max_entries 10001", with("routing: {session_max_entries: 10001}")),
                Map.entry("fractional sampling", with("tracing: {random_sampling: 0.5}")),
                Map.entry("tracing https", with("tracing: {opentracing_grpc_endpoint: 'https://o:4317'}")),
                Map.entry("tracing path", with("tracing: {opentracing_grpc_endpoint: 'http://o:4317/v1'}")),
                Map.entry("tracing unset variable", with("tracing: {opentracing_grpc_endpoint: $UNSET}")),
                Map.entry("duplicate agent and filter id", with("""
                        agents: [{id: a, url: 'http://a'}]
                        filters: [{id: a, url: 'http://a'}]""")),
                Map.entry("undeclared filter id", FILTERED + "input_filters: [g]}]\n" + ONE),
                Map.entry("orchestrator without endpoints", with("overrides: {use_agent_orchestrator: true}")),
                Map.entry(
                        "prompt target without its endpoint",
                        with("prompt_targets: [{name: n, description: d, endpoint: {name: e, path: /}}]")),
                Map.entry("postgres without connection", with("state_storage: {type: postgres}")),
                Map.entry(
                        "latency without query",
                        with("model_metrics_sources: [{type: latency, provider: prometheus," + " url: 'http://p'}]")),
                Map.entry(
                        "cost with a query",
                        with("model_metrics_sources: [{type: cost, provider: models.dev, query: q}]")),
                Map.entry("access_key as number", providers("{model: openai/a, access_key: 1}")),
                Map.entry("passthrough_auth as string", providers("{model: openai/a, passthrough_auth: 'true'}")),
                // where this gateway differs
                Map.entry(
                        "difference: two defaults",
                        providers("{model: openai/a, default: true}", "{model: openai/b, default: true}")),
                Map.entry("difference: nothing to serve", HEAD));
    }

    @TestFactory
    Stream<DynamicTest> acceptsWhatPlanoAccepts() {
        Map<String, String> environment = Map.of("KEY", "k", "K", "k");
        return accepted().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> valid(row.getValue(), environment)));
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatPlanoRefuses() {
        return refused().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertThat(errors(row.getValue())).hasSize(1)));
    }

    @Test
    void readsTheOldFormOfListeners() {
        GatewaySnapshot snapshot = valid("""
                version: v0.1
                listeners:
                  ingress_traffic: {port: 10000, timeout: 30s}
                  egress_traffic: {address: 127.0.0.1, port: 12001, timeout: 10s}
                llm_providers: [{model: openai/a, access_key: k}]
                """);

        assertThat(snapshot.listeners())
                .containsExactly(new Listener("egress_traffic", "127.0.0.1", 12001, java.time.Duration.ofSeconds(10)));
    }

    @Test
    void servesOnTheDefaultListenerWhereOnlyAgentsHaveOne() {
        String yaml = "version: v0.4.0\nlisteners: [{type: agent, name: a, port: 8001}]\n" + ONE;

        assertThat(valid(yaml).listeners()).containsExactly(Listener.DEFAULT);
        assertThat(warnings(yaml, Map.of()))
                .containsExactly(
                        "listeners[0].type: not served by this gateway: listeners[0].type",
                        "model_providers[0].access_key: anyone who reaches 0.0.0.0:12000 spends this key");
    }

    @Test
    void liftsInlinePreferences() {
        String yaml = """
                version: v0.3.0
                listeners: []
                routing_preferences: [{name: top, description: t, models: [openai/c]}]
                model_providers:
                  - {model: openai/a, access_key: k, routing_preferences: [{name: x, description: one}, {name: top}]}
                  - {model: openai/b, access_key: k, routing_preferences: [{name: x, description: two}, {description: none}]}
                  - {model: openai/c, access_key: k}
                """;

        assertThat(valid(yaml).routingPreferences())
                .containsExactly(
                        new RoutingPreference("top", "t", List.of("openai/c")),
                        new RoutingPreference("x", "one", List.of("openai/a", "openai/b")));
        assertThat(warnings(yaml, Map.of()))
                .anyMatch(warning -> warning.endsWith("is the old place; move them to the top level"))
                .anyMatch(warning -> warning.endsWith("differs from the first one of this name, which is kept"));
    }

    @Test
    void leavesStrayInlinePreferencesOfNewFilesAlone() {
        String yaml = HEAD + "model_providers: [{model: openai/a, access_key: k, routing_preferences: [{name: x}]}]\n";

        assertThat(valid(yaml).routingPreferences()).isEmpty();
        assertThat(warnings(yaml, Map.of()))
                .filteredOn(warning -> !warning.endsWith("spends this key"))
                .singleElement()
                .asString()
                .contains("has no effect here since v0.4.0");
    }

    @Test
    void warnsOfPreferencesThatNameUnknownModels() {
        assertThat(warnings(preference("description: d, models: [gpt-4o, gpt-4]"), Map.of()))
                .contains("routing_preferences[0].models: 1 of them no entry of model_providers declares; did you mean"
                        + " 'gpt-4o'?");
    }

    @Test
    void neverNeedsTheVariablesOfWhatItDoesNotServe() {
        assertThat(load(with("system_prompt: costs $5, see $NOTHING ${")).isValid())
                .isTrue();
    }
}
