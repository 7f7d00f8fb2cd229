package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.ConfigProblem;
import io.plano.config.yaml.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** No input makes the loader throw: whatever comes, it answers with a snapshot or with errors that have a place. */
class ConfigLoaderPropertyTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "x", "EMPTY", "", "N", "12", "T", "true");
    private static final String[] WHOLE = {
        Configs.resource("/config-invalid/ten-mistakes.yaml"),
        Configs.resource("/plano-configs/docs__source__resources__includes__plano_config_full_reference.yaml"),
        Configs.resource("/config-examples/litellm-behind.yaml"),
        Configs.resource("/io/plano/provider/providers.yaml"),
    };

    private static void loads(String yaml) {
        LoadResult result = ConfigLoader.parse(yaml, "f", ENVIRONMENT);

        boolean hasErrors = result.problems().stream().anyMatch(ConfigProblem::isError);
        assertThat(result.isValid()).isNotEqualTo(hasErrors);
        assertThat(result.problems()).allMatch(problem -> problem.line() > 0 && problem.column() > 0);
        assertThat(result.problems()).hasSizeLessThanOrEqualTo(Problems.MAX + 1);
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void takesAnyText(@ForAll String text) {
        loads(text);
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void takesTextMadeOfYaml(@ForAll("yamlTokens") String text) {
        loads(text);
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void takesFilesWithAnyPieceReplaced(@ForAll("damaged") String text) {
        loads(text);
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void takesKnownKeysWithAnyValue(@ForAll("shuffled") String text) {
        loads(text);
    }

    @Provide
    Arbitrary<String> yamlTokens() {
        return Arbitraries.of(
                        "a",
                        ": ",
                        "- ",
                        "\n",
                        "  ",
                        "[",
                        "]",
                        "{",
                        "}",
                        ", ",
                        "&x ",
                        "*x ",
                        "<<: ",
                        "!!str ",
                        "! ",
                        "'",
                        "\"",
                        "|\n",
                        ">\n",
                        "? ",
                        "---\n",
                        "...\n",
                        "%YAML 1.1\n",
                        "#",
                        "$A",
                        "${",
                        "\t",
                        "\\",
                        "model_providers")
                .list()
                .ofMaxSize(40)
                .map(tokens -> String.join("", tokens));
    }

    @Provide
    Arbitrary<String> damaged() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(5),
                Arbitraries.of("", "\n", ": ", "- ", "[", "{", "$A", "${EMPTY:-}"));
        return Combinators.combine(
                        Arbitraries.of(WHOLE),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, 30),
                        piece)
                .as((whole, where, length, replacement) -> {
                    int start = (int) (where * whole.length());
                    int end = Math.min(whole.length(), start + length);
                    return whole.substring(0, start) + replacement + whole.substring(end);
                });
    }

    @Provide
    Arbitrary<String> shuffled() {
        List<String> keys = Arrays.asList(
                "model",
                "name",
                "access_key",
                "passthrough_auth",
                "on_missing_credential",
                "client_credential_pattern",
                "enabled",
                "default",
                "base_url",
                "http_host",
                "provider_interface",
                "headers",
                "timeouts",
                "routing_preferences");
        Arbitrary<String> value = Arbitraries.of(
                "openai/a",
                "openai/*",
                "openrouter/x/*",
                "c/",
                "/",
                "''",
                "true",
                "'true'",
                "$T",
                "$N",
                "$UNSET",
                "'${EMPTY:-}'",
                "'${'",
                "{}",
                "[]",
                "[{}]",
                "[{name: n}]",
                "{a: b}",
                "{idle: 5s}",
                "{host: x}",
                "null",
                "12",
                "1.5",
                "http://h",
                "'http://h:1/p'",
                "'http://[::1]:12000'",
                "access_key",
                "reject",
                "anthropic",
                "'('",
                "ollama");
        Arbitrary<String> entry = Combinators.combine(Arbitraries.of(keys), value)
                .as((key, text) -> key + ": " + text)
                .list()
                .ofMaxSize(6)
                .map(rows -> "{" + String.join(", ", rows) + "}");
        return entry.list()
                .ofMaxSize(4)
                .map(entries -> "version: v0.3.0\nmodel_providers: [" + String.join(", ", entries)
                        + "]\nlisteners: [{type: model, name: m, port: $N}]\nmodel_aliases: {x: {target: openai/a}}\n");
    }
}
