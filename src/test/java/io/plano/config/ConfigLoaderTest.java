package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.load;
import static io.plano.config.Configs.providers;
import static io.plano.config.Configs.resource;
import static io.plano.config.Configs.valid;
import static io.plano.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.budget.BudgetLimits;
import io.plano.config.yaml.ConfigProblem;
import io.plano.credential.MissingCredential;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import io.plano.snapshot.MemoryLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void loadsAProxyThatTakesEveryModelWithTheClientsKey() {
        GatewaySnapshot snapshot = valid(resource("/config-examples/litellm-behind.yaml"));

        Provider provider = snapshot.providers().get(0);
        assertThat(provider.name()).isEqualTo("custom/litellm-proxy");
        assertThat(provider.endpoint()).isEqualTo(new Endpoint("http", "host.docker.internal", 4000, "/v1"));
        assertThat(provider.isDefault()).isTrue();
        assertThat(provider.credentials().passthrough()).isTrue();
        assertThat(provider.credentials().onMissing()).isEqualTo(MissingCredential.REJECT);
        assertThat(snapshot.requiresClientCredential()).isTrue();
        assertThat(load(resource("/config-examples/litellm-behind.yaml")).problems())
                .isEmpty();
    }

    @Test
    void loadsMultiTenantPassthroughWithoutVersionAndListeners() {
        GatewaySnapshot snapshot = valid(resource("/config-examples/multi-tenant.yaml"));

        assertThat(snapshot.listeners()).containsExactly(Listener.DEFAULT);
        assertThat(snapshot.providers().get(0).endpoint())
                .isEqualTo(new Endpoint("https", "api.openai.com", 443, "/v1"));
        assertThat(warnings(resource("/config-examples/multi-tenant.yaml"), Map.of()))
                .containsExactly(
                        "version: is missing; v0.4.0 is assumed",
                        "listeners: is missing; one on 0.0.0.0:12000 is assumed");
    }

    @Test
    void loadsSomeKeysOfOursAndSomeOfTheClients() {
        GatewaySnapshot snapshot =
                valid(resource("/config-examples/some-ours-some-theirs.yaml"), Map.of("OPENAI_API_KEY", "sk-ours"));

        assertThat(snapshot.providers())
                .extracting(provider -> provider.credentials().passthrough())
                .containsExactly(false, true);
        assertThat(snapshot.providers().get(0).credentials().accessKey()).isNotNull();
        assertThat(snapshot.requiresClientCredential()).isFalse();
    }

    @Test
    void doesNotNagAboutAKeyForAProxyThatMayWantTheClients() {
        String yaml = resource("/config-examples/classic-mistake.yaml");

        assertThat(warnings(yaml, Map.of("SOME_KEY", "k")))
                .allMatch(warning -> warning.contains("is missing") || warning.endsWith("spends this key"));
    }

    @Test
    void reportsEveryMistakeInOneRunWithItsPlace() {
        assertThat(errors(resource("/config-invalid/ten-mistakes.yaml")))
                .containsExactly(resource("/config-invalid/ten-mistakes.expected")
                        .lines()
                        .toArray(String[]::new));
    }

    @Test
    void printsNoSecretWhateverIsWrong() {
        String canary = "canary-4711";
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m}]
                model_providers:
                  - {model: CANARY, access_key: [CANARY]}
                  - {model: openai/a, access_key: "CANARY CANARY", on_missing_credential: CANARY}
                  - {model: openai/b, base_url: "http://CANARY:CANARY@host/?key=CANARY", access_key: $NAME}
                  - {model: openai/c, access_key: "Bearer CANARY", headers: {authorization: CANARY, x: "\\0CANARY"}}
                  - {model: openai/d, access_key: !!str CANARY, base_url: "CANARY://x", http_host: "CANARY x"}
                  - {model: openai/e, access_key: "${CANARY", client_credential_pattern: "CANARY("}
                  - {model: openai/f, provider_interface: CANARY, passthrough_auth: "CANARY", timeouts: {idle: CANARY}}
                """.replace("CANARY", canary);

        LoadResult result = load(yaml, Map.of("NAME", canary + " with blank"));

        assertThat(result.isValid()).isFalse();
        assertThat(result.problems()).hasSizeGreaterThan(10);
        assertThat(result.problems().toString()).doesNotContain(canary);
        assertThat(load(providers("{model: openai/a, access_key: " + canary + "}"))
                        .toString())
                .doesNotContain(canary);
    }

    @Test
    void readsAFileAndNamesIt() throws IOException {
        Path file =
                Files.writeString(directory.resolve("plano.yaml"), providers("{model: ollama/x, base_url: nowhere}"));

        LoadResult result = ConfigLoader.load(file, Map.of());

        assertThat(result.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(file + ":4:33: error: model_providers[0].base_url: must be a URL that starts with"
                        + " http:// or https://");
    }

    @Test
    void reportsAFileThatCannotBeRead() throws IOException {
        Path latin1 =
                Files.write(directory.resolve("latin1.yaml"), "# caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(ConfigLoader.load(directory.resolve("none.yaml"), Map.of())
                        .problems()
                        .toString())
                .contains("there is no such file");
        assertThat(ConfigLoader.load(directory, Map.of()).problems().toString()).contains("cannot be read");
        assertThat(ConfigLoader.load(latin1, Map.of()).problems().toString()).contains("not UTF-8");
    }

    @Test
    void wantsSomethingToServe() {
        assertThat(errors("version: v0.4.0\nlisteners: []\n"))
                .containsExactly("1:1: error: model_providers: there is nothing to serve; at least one enabled provider"
                        + " is needed");
        assertThat(errors(providers("{model: openai/a, passthrough_auth: true, enabled: false}")))
                .hasSize(1);
    }

    @Test
    void refusesBothNamesOfTheProviderList() {
        assertThat(errors(providers("{model: openai/a, access_key: k}") + "llm_providers: []\n"))
                .containsExactly("5:16: error: llm_providers: is the old name of model_providers; use one of them, not"
                        + " both");
    }

    @Test
    void readsTheLimits() {
        GatewaySnapshot snapshot = valid(providers("{model: openai/a, access_key: k}") + """
                overrides:
                  max_inspected_body_bytes: 1000
                  max_header_bytes: 2000
                  max_header_count: $COUNT
                  max_concurrent_exchanges: 4
                  max_buffered_bytes: 80000000
                  max_json_nodes: 1000
                  upstream_connect_timeout: 1.5s
                """, Map.of("COUNT", "30"));

        assertThat(snapshot.limits())
                .isEqualTo(new Limits(
                        1000, 2000, 30, 4, null, new MemoryLimits(new BudgetLimits(80_000_000, 20_000_000), 1000)));
        assertThat(snapshot.providers().get(0).timeouts().connect()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void takesAShareOfTheHeapWhereNoMemoryIsNamed() {
        GatewaySnapshot snapshot = valid(providers("{model: openai/a, access_key: k}"), Map.of());

        assertThat(snapshot.limits().memory().budget())
                .isEqualTo(BudgetLimits.ofTotal(
                        BudgetLimits.shareOf(Runtime.getRuntime().maxMemory())));
        assertThat(snapshot.limits().memory().maxJsonNodes()).isEqualTo(500_000);
    }

    @Test
    void takesAShareForEachClientThatIsNotMoreThanTheWhole() {
        String whole = providers("{model: openai/a, access_key: k}")
                + "overrides: {max_buffered_bytes: 80000000, max_buffered_bytes_per_client: 80000000}\n";
        assertThat(valid(whole, Map.of()).limits().memory().budget())
                .isEqualTo(new BudgetLimits(80_000_000, 80_000_000));

        assertThat(load(whole.replace("client: 80", "client: 90")).problems())
                .singleElement()
                .asString()
                .contains("max_buffered_bytes_per_client", "must not be more than max_buffered_bytes");
    }

    @Test
    @DisplayName("R54: no origin is allowed where none is named")
    void readsTheOriginsOfWebPages() {
        assertThat(valid(providers("{model: openai/a, access_key: k}")).cors().origins())
                .isEmpty();
        assertThat(valid(providers("{model: openai/a, access_key: k}") + """
                overrides: {cors_allow_origins: [https://app.example, "http://localhost:5173", vscode-webview://x]}
                """)
                        .cors()
                        .origins())
                .containsExactlyInAnyOrder("https://app.example", "http://localhost:5173", "vscode-webview://x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.example",
                "https://app.example/",
                "https://App.example",
                "https://*@x",
                "https://",
                "null",
                "$ORIGIN",
                "'**'"
            })
    void refusesWhatNoBrowserSendsForAnOrigin(String origin) {
        assertThat(errors(providers("{model: openai/a, access_key: k}") + "overrides: {cors_allow_origins: [" + origin
                        + "]}"))
                .singleElement()
                .asString()
                .contains("overrides.cors_allow_origins[0]");
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThat(
                        errors(
                                providers("{model: openai/a, access_key: k}")
                                        + "overrides: {max_header_count: 0, max_header_bytes: \"many\", upstream_connect_timeout: 5}\n"))
                .containsExactly(
                        "5:31: error: overrides.max_header_count: must not be less than 1",
                        "5:52: error: overrides.max_header_bytes: must be a whole number, without quotes",
                        "5:86: error: overrides.upstream_connect_timeout: must be a duration such as 500ms, 30s or 5m");
    }

    @Test
    void reportsOnceWhatItDoesNotServe() {
        String yaml = providers("{model: openai/a, access_key: k}") + """
                agents: [{id: a, url: "http://a"}]
                system_prompt: it costs $5 and $UNSET
                tracing: {random_sampling: 100}
                overrides: {optimize_context_window: true, anything: 1}
                """;

        assertThat(warnings(yaml, Map.of()))
                .containsExactly(
                        "agents: not served by this gateway: agents, system_prompt",
                        "tracing: accepted, without effect in this version: tracing, overrides.optimize_context_window,"
                                + " overrides.anything");
    }

    @Test
    void refusesAliasesThatLeadNowhere() {
        String yaml =
                providers("{model: openai/gpt-4o, access_key: k, default: true}", "{model: groq/*, access_key: k}")
                        + "model_aliases: {a: {target: gpt-4}, b: {target: a}, c: {target: openai/o3}, d: {target: groq/}}\n";

        List<String> errors = errors(yaml);

        assertThat(errors).hasSize(4);
        assertThat(errors.get(0)).contains("a.target: no provider serves this model; did you mean 'gpt-4o'?");
        assertThat(errors.get(1)).contains("b.target: is an alias itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plano.yaml", "examples/litellm-behind.yaml", "examples/multi-tenant.yaml"})
    void theSamplesStartWithoutAnyVariable(String name) {
        LoadResult result = ConfigLoader.load(Path.of("conf", name), Map.of());

        assertThat(result.problems()).filteredOn(ConfigProblem::isError).isEmpty();
        assertThat(result.isValid()).isTrue();
    }

    @Test
    void theSampleIsWithoutWarnings() {
        assertThat(ConfigLoader.load(Path.of("conf/plano.yaml"), Map.of()).problems())
                .isEmpty();
    }

    @Test
    void editorsReadTheSchemaThatTheLoaderReads() throws IOException {
        assertThat(Path.of("conf/plano.schema.json"))
                .hasContent(resource("/io/plano/config/yaml/plano.schema.json").strip());
    }
}
