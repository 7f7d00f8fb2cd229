package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.config.yaml.ConfigProblem;
import io.plano.credential.Credential;
import io.plano.credential.CredentialPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("9.2: patterns take a time and a stack that their text bounds")
class CredentialPatternTest {
    private static LoadResult load(String... patterns) {
        StringBuilder yaml = new StringBuilder("version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\n")
                .append("model_providers:\n");
        for (int i = 0; i < patterns.length; i++) {
            yaml.append("  - {model: openai/m")
                    .append(i)
                    .append(", passthrough_auth: true, client_credential_pattern: '")
                    .append(patterns[i])
                    .append("'}\n");
        }
        return ConfigLoader.parse(yaml.toString(), "plano.yaml", Map.of());
    }

    private static List<String> errors(String... patterns) {
        return load(patterns).problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::toString)
                .toList();
    }

    private static boolean matches(String pattern, String key) throws CredentialPattern.Invalid {
        return Objects.requireNonNull(Credential.key(key)).matches(CredentialPattern.compile(pattern));
    }

    /** Each of them overflows the stack or takes for ever with backtracking. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gsk_(?:[A-Za-z0-9]|-)+",
                "(a|b|ab)*c",
                "(a*)*$",
                "(x+x+)+y",
                "(?:a|a)+b",
                "([a-z]+)*[0-9]",
                "(.*)(.*)(.*)(.*)(.*)!"
            })
    void noKeyOverflowsTheStackOrTakesLong(String pattern) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String repeated : List.of("a", "x", "ab", "-", "g")) {
                String key = repeated.repeat(Credential.MAX_LENGTH / repeated.length());
                assertThat(matches(pattern, key + "\u00e9")).isFalse();
                matches(pattern, "gsk_" + key);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sk-(?=a)b,lookaheads are not supported (at character 4)",
        "(?!sk-)b,lookaheads are not supported (at character 1)",
        "a(?<=a)b,lookbehinds are not supported (at character 2)",
        "a(?<!a)b,lookbehinds are not supported (at character 2)",
        "(a)\\1,backreferences are not supported (at character 4)",
        "(?<n>a)\\k<n>,backreferences are not supported (at character 8)",
        "ab++,possessive quantifiers are not supported (at character 3)",
        "(?>a),atomic groups are not supported (at character 1)",
        "\\Ga,invalid escape sequence (at character 1)",
        "[a,missing closing ] (at character 1)"
    })
    void whatRe2DoesNotKnowIsAConfigurationErrorWithItsPosition(String pattern, String reason) {
        assertThat(errors(pattern))
                .containsExactly("plano.yaml:4:75: error: model_providers[0].client_credential_pattern: "
                        + "is not a regular expression of RE2's syntax: " + reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(((a{30}){30}){30}){30}", "((a{100}){100}){100}", "(?:a{0,1000}){0,1000}", "(a{1000}b){11}"})
    void countsThatMultiplyAreRefusedBeforeTheyAreWrittenOut(String pattern) {
        assertThat(errors(pattern)).hasSize(1).first().asString().contains("is too large");
    }

    @Test
    void thousandsOfSmallPatternsThatCompileToLargeOnesAreRefusedTogether() {
        String[] patterns = new String[100];
        java.util.Arrays.fill(patterns, "a{1000}");

        assertThat(errors(patterns)).isNotEmpty().allMatch(error -> error.contains("too large with all the others"));
    }

    @Test
    void patternsOfRealKeysAreTaken() throws Exception {
        assertThat(errors("gsk_[A-Za-z0-9]+", "sk-ant-[a-zA-Z0-9-]{20,200}", "sk-(?:proj|svcacct)-[\\w-]{40,200}"))
                .isEmpty();
        assertThat(matches("sk-ant-[a-zA-Z0-9-]{20,200}", "sk-ant-" + "a1-".repeat(30)))
                .isTrue();
        assertThat(matches("a{0,1000}", "a".repeat(1000))).isTrue();
        assertThat(matches("a{0,1000}", "a".repeat(1001))).isFalse();
    }
}
