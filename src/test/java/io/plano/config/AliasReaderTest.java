package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.providers;
import static io.plano.config.Configs.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Provider;
import io.plano.snapshot.ModelAliases;
import io.plano.snapshot.ModelAliases.AsAsked;
import io.plano.snapshot.ModelAliases.Meaning;
import io.plano.snapshot.ModelAliases.Model;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasReaderTest {
    private static final String PROVIDERS = providers(
            "{model: openai/gpt-4o, access_key: k}",
            "{model: mistral/small, access_key: k, name: little}",
            "{model: anthropic/*, access_key: k, name: claude}",
            "{model: openrouter/anthropic/*, access_key: k}",
            "{model: groq/*, access_key: k}",
            "{model: groq/*, access_key: l, name: groq-2}");

    private static String aliases(String... lines) {
        return PROVIDERS + "model_aliases:\n  " + String.join("\n  ", lines) + "\n";
    }

    private static @Nullable Meaning of(ModelAliases aliases, String asked) {
        Meaning exact = aliases.exact(asked);
        return exact != null ? exact : aliases.pattern(asked);
    }

    private static @Nullable String meaning(String yaml, String asked) {
        Meaning meaning = of(valid(yaml).aliases(), asked);
        if (meaning instanceof AsAsked all) {
            return String.join(" ", all.wildcards().stream().map(Provider::name).toList()) + " as asked";
        }
        return meaning == null ? null : ((Model) meaning).name();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o,gpt-4o",
        "openai/gpt-4o,openai/gpt-4o",
        "little,little",
        "openrouter/anthropic/claude-x,openrouter/anthropic/claude-x",
        "claude,claude as asked",
        "anthropic/*,claude as asked",
        "openrouter/anthropic/*,openrouter/anthropic/* as asked",
        "groq/*,groq/* as asked",
        "groq-2,groq-2 as asked"
    })
    void knowsModelsNamesAndWildcards(String target, String meaning) {
        assertThat(meaning(aliases("a: {target: '" + target + "'}"), "a")).isEqualTo(meaning);
    }

    @Test
    void takesAllEntriesOfOneWildcardWhereNoneIsNamed() {
        String yaml =
                providers("{model: groq/*, access_key: k, name: first}", "{model: groq/*, access_key: l, name: second}")
                        + "model_aliases: {x: {target: groq/*}}\n";

        assertThat(meaning(yaml, "x")).isEqualTo("first second as asked");
    }

    @Test
    void prefersExactNamesThenPatternsInTheOrderOfTheFile() {
        String yaml = aliases(
                "'*': {target: groq/x, optional: true}",
                "'*mini*': {target: little}",
                "'gpt-*': {target: gpt-4o}",
                "gpt-mini: {target: claude}");
        assertThat(meaning(yaml, "gpt-mini")).isEqualTo("claude as asked");
        assertThat(meaning(yaml, "gpt-mini-2")).isEqualTo("groq/x");

        String ordered = yaml.replace("'*': {target: groq/x", "'*': {target: nobody");
        assertThat(meaning(ordered, "gpt-mini-2")).isEqualTo("little");
        assertThat(meaning(ordered, "GPT-5")).isEqualTo("gpt-4o");
        assertThat(meaning(ordered, "GPT-MINI")).isEqualTo("little");
        assertThat(meaning(ordered, "o3")).isNull();
        assertThat(valid(ordered).aliases().names()).containsExactly("gpt-mini");
    }

    @Test
    void replacesVariablesInTargets() {
        String yaml = aliases("'*x*': {target: '${WHO:-groq}/${WHAT:-${OTHER:-m}}', optional: $FLAG}");

        assertThat(of(valid(yaml, Map.of("FLAG", "true")).aliases(), "x")).isEqualTo(new Model("groq/m"));
        assertThat(of(valid(yaml, Map.of("FLAG", "true", "WHO", "nobody")).aliases(), "x"))
                .isNull();
        assertThat(errors(yaml, Map.of("FLAG", "false", "WHO", "nobody")))
                .containsExactly("11:19: error: model_aliases.*x*.target: no provider serves this model");
    }

    @Test
    void leavesOutWhatIsOptionalWhereItsProviderHasNoKey() {
        String yaml = providers("{model: groq/*, access_key: '${GROQ_KEY:-}'}", "{model: openai/*, access_key: k}")
                + "model_aliases: {fast: {target: groq/llama, optional: true}, slow: {target: openai/o3}}\n";

        assertThat(valid(yaml).aliases().names()).containsExactly("slow");
        assertThat(valid(yaml, Map.of("GROQ_KEY", "k")).aliases().names()).containsExactly("fast", "slow");
    }

    @Test
    void saysWhereAnAliasLeadsNowhere() {
        assertThat(errors(aliases(
                        "'*haiku*': {target: gpt-4}",
                        "b: {target: '*haiku*'}",
                        "c: {target: groq/gpt-*}",
                        "d: {target: b, optional: true}",
                        "e: {target: cluade}",
                        "'': {target: little}",
                        "'  ': {target: nobody}",
                        "f: {target: groq/, optional: perhaps}")))
                .containsExactly(
                        "11:23: error: model_aliases.*haiku*.target: no provider serves this model; did you mean"
                                + " 'gpt-4o'?",
                        "12:15: error: model_aliases.b.target: is an alias itself; name the model that is meant",
                        "13:15: error: model_aliases.c.target: is no wildcard of this file; name one as its model has"
                                + " it, such as openai/*",
                        "14:15: error: model_aliases.d.target: is an alias itself; name the model that is meant",
                        "15:15: error: model_aliases.e.target: no provider serves this model; did you mean 'claude'?",
                        "16:7: error: model_aliases.: an alias must have a name",
                        "17:9: error: model_aliases.  : an alias must have a name",
                        "17:18: error: model_aliases.  .target: no provider serves this model",
                        "18:15: error: model_aliases.f.target: no provider serves this model; did you mean 'groq/*'?",
                        "18:32: error: model_aliases.f.optional: must be true or false, without quotes");
    }

    @Test
    void saysWhichPatternHidesAnother() {
        assertThat(errors(aliases(
                        "'*Mini*': {target: little}",
                        "'**mini*': {target: little}",
                        "'*': {target: little}",
                        "'gpt-*': {target: gpt-4o}",
                        "gpt-5: {target: gpt-4o}")))
                .containsExactly(
                        "12:3: error: model_aliases.**mini*: is the pattern in line 11 again; letter case does not"
                                + " count",
                        "14:3: error: model_aliases.gpt-*: matches nothing, since the '*' in line 13 takes all; put"
                                + " that one last");
    }

    @Test
    void saysThatAPatternNeedsQuotes() {
        assertThat(errors(aliases("*haiku*: {target: little}")))
                .isNotEmpty()
                .allMatch(error -> error.startsWith("11:"));
    }
}
