package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.provider.Provider;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code conf/plano.yaml} is the manual: it starts as it is, and leaves no key out. */
class SampleConfigTest {
    private static final Path SAMPLE = Path.of("conf", "plano.yaml");

    /** Accepted, and said to be without effect: what it does not do is no manual's business. */
    private static final Set<String> UNSERVED = Set.of(
            "agents",
            "filters",
            "endpoints",
            "prompt_targets",
            "prompt_guards",
            "system_prompt",
            "mode",
            "routing_preferences",
            "model_metrics_sources",
            "prompt_caching",
            "ratelimits",
            "tracing",
            "routing",
            "state_storage",
            // of a listener
            "max_retries",
            "router",
            "input_filters",
            "output_filters",
            "message_format",
            // of overrides
            "prompt_target_intent_matching_threshold",
            "optimize_context_window",
            "use_agent_orchestrator",
            "disable_signals",
            "llm_routing_model",
            "agent_orchestration_model",
            "orchestrator_model_context_length");

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(Configs.resource("/io/plano/config/yaml/plano.schema.json"));
    }

    /** The names of all properties under a node of the schema, those of its references included. */
    private static void keys(JsonNode node, JsonNode schema, Set<String> found) {
        if (node.has("$ref")) {
            keys(schema.at(node.path("$ref").asText().substring(1)), schema, found);
        }
        node.path("properties").properties().forEach(property -> {
            if (!UNSERVED.contains(property.getKey())) {
                found.add(property.getKey());
                keys(property.getValue(), schema, found);
            }
        });
        for (String inner : new String[] {"items", "additionalProperties"}) {
            if (node.path(inner).isObject()) {
                keys(node.path(inner), schema, found);
            }
        }
    }

    @Test
    void documentsEveryKeyThatIsServed() throws IOException {
        Set<String> keys = new TreeSet<>();
        keys(schema(), schema(), keys);
        String text = Files.readString(SAMPLE);

        assertThat(keys).hasSizeGreaterThan(40).contains("first_byte", "upstream_connect_timeout", "ingress_traffic");
        assertThat(keys)
                .filteredOn(key -> !Pattern.compile("(?m)(^|[\\s{#`,])" + Pattern.quote(key) + "(:|  |`|$)")
                        .matcher(text)
                        .find())
                .as("keys that conf/plano.yaml does not mention")
                .isEmpty();
    }

    /** Their descriptions say that they are not Plano's. */
    private static void ownKeys(JsonNode node, Set<String> found) {
        node.path("properties").properties().forEach(property -> {
            if (property.getValue().path("description").asText().contains("Ours, not Plano's")) {
                found.add(property.getKey());
            }
        });
        node.forEach(child -> ownKeys(child, found));
    }

    @Test
    void marksEveryKeyThatIsNotPlanosHereAndInTheReadme() throws IOException {
        Set<String> own = new TreeSet<>();
        ownKeys(schema(), own);
        String sample = Files.readString(SAMPLE);
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("### Differences from Plano");
        String differences = readme.substring(start, readme.indexOf("\n## ", start));

        assertThat(own).hasSizeGreaterThan(10).contains("http2", "providers", "stream_keepalive");
        assertThat(own)
                .filteredOn(key -> !differences.contains("`" + key + "`"))
                .as("keys of our own that the README does not name as a difference")
                .isEmpty();
        // In the line of the key, or at the end of the comment above it.
        assertThat(own)
                .filteredOn(key -> !Pattern.compile(
                                "(?m)^[ #]*" + key + "[ :].*[(]ours[)]|[(]ours[)]\n(.*\n){0,6}[ #]*" + key + ":")
                        .matcher(sample)
                        .find())
                .as("keys of our own that conf/plano.yaml does not mark")
                .isEmpty();
    }

    @Test
    void startsWithNothingInTheEnvironment() {
        LoadResult result = ConfigLoader.load(SAMPLE, Map.of());

        assertThat(result.problems()).isEmpty();
        assertThat(result.snapshot()).isNotNull();
        assertThat(result.snapshot().providers())
                .hasSizeGreaterThan(5)
                .allMatch(provider -> provider.credentials().requiresClientCredential());
        assertThat(result.snapshot().providers())
                .filteredOn(Provider::isDefault)
                .hasSize(1);
    }

    @Test
    void saysTheDefaultsAsTheyAre() {
        LoadResult result = ConfigLoader.load(SAMPLE, Map.of());

        assertThat(result.snapshot()).isNotNull();
        assertThat(result.snapshot().limits()).isEqualTo(Limits.DEFAULT);
        assertThat(result.snapshot().listeners())
                .containsExactly(new Listener(
                        "model_listener",
                        Listener.DEFAULT.address(),
                        Listener.DEFAULT.port(),
                        Listener.DEFAULT.timeout()));
    }

    @Test
    void pointsEditorsAtItsSchema() throws IOException {
        assertThat(Files.readString(SAMPLE)).startsWith("# yaml-language-server: $schema=plano.schema.json\n");
        assertThat(SAMPLE.resolveSibling("plano.schema.json")).exists();
    }

    /** What stands in comments as an example loads as well. */
    @Test
    void holdsNoExampleThatDoesNotLoad() throws IOException {
        String text = Files.readString(SAMPLE);
        int start = text.indexOf("# With keys of the gateway's own");
        String yaml = text.substring(0, start)
                + text.substring(start)
                        // names a file, which every reader has elsewhere
                        .replaceAll("(?m)^ *# upstream_tls_ca_path:.*\n", "")
                        .replaceAll("(?m)^( *)# (- model: |  (base_url|access_key): )", "$1$2")
                        .replaceAll("(?m)^( *)# (( *)[a-z_]+:( |$))", "$1$2");

        LoadResult result = ConfigLoader.parse(
                yaml, "f", Map.of("OPENAI_API_KEY", "k", "ANTHROPIC_API_KEY", "k", "AZURE_API_KEY", "k"));

        assertThat(result.problems())
                .hasSize(3)
                .allMatch(problem -> problem.message().equals("anyone who reaches 0.0.0.0:12000 spends this key"));
        assertThat(result.snapshot()).isNotNull();
        assertThat(result.snapshot().providers()).extracting(Provider::id).contains("ollama", "azure_openai");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-code", "litellm-behind", "multi-tenant", "some-ours-some-theirs"})
    void everyExampleLoads(String name) throws IOException {
        Path folder = SAMPLE.resolveSibling("examples");

        LoadResult result = ConfigLoader.load(folder.resolve(name + ".yaml"), Map.of("OPENAI_API_KEY", "k"));

        assertThat(result.problems()).isEmpty();
        assertThat(folder)
                .isDirectoryNotContaining(file -> !file.toString()
                        .matches(".*(claude-code|litellm-behind|multi-tenant|some-ours-some-theirs)\\.yaml"));
    }
}
