package io.plano.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.config.ConfigLoader;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.snapshot.GatewaySnapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final GatewaySnapshot ALL = snapshot("""
            model_providers:
              - {model: openai/gpt-4o, access_key: sk-CANARY}
              - {model: openai/gpt-4o-mini, name: cheap, access_key: sk-CANARY}
              - {model: openai/cheap, name: decoy, access_key: sk-CANARY}
              - {model: custom/org/llama, name: llama-here, base_url: 'http://gpu:8000', provider_interface: openai}
              - {model: anthropic/claude-x, access_key: sk-CANARY}
              - {model: 'groq/*', access_key: sk-CANARY}
              - {model: 'openrouter/*', name: router-all, access_key: sk-CANARY}
              - {model: 'openrouter/anthropic/*', name: router-anthropic, access_key: sk-CANARY}
            model_aliases:
              fast: {target: cheap}
              gpt-4o: {target: claude-x}
            """);

    private static GatewaySnapshot snapshot(String yaml) {
        return Objects.requireNonNull(
                ConfigLoader.parse(yaml, "plano.yaml", Map.of()).snapshot());
    }

    private static List<String> route(GatewaySnapshot snapshot, Asked asked) {
        return Router.route(snapshot, asked).targets().stream()
                .map(target -> target.provider().name() + " " + target.model())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "fast,cheap gpt-4o-mini",
        "cheap,cheap gpt-4o-mini",
        "gpt-4o,anthropic/claude-x claude-x",
        "openai/gpt-4o,openai/gpt-4o gpt-4o",
        "gpt-4o-mini,cheap gpt-4o-mini",
        "openai/cheap,decoy cheap",
        "llama-here,llama-here org/llama",
        "org/llama,llama-here org/llama",
        "custom/org/llama,llama-here org/llama",
        "groq/anything/at:all,groq/* anything/at:all",
        "openrouter/openai/gpt-5,router-all openai/gpt-5",
        "openrouter/anthropic/claude-y,router-anthropic anthropic/claude-y",
        "openrouter/anthropic/,router-all anthropic/"
    })
    void goesFromAliasToNameToIdToTheLongestWildcard(String model, String target) {
        assertThat(route(ALL, Questions.chat(model))).containsExactly(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "*",
                "groq/",
                "openai/",
                "openai/*",
                "GPT-4O",
                "gpt-4o ",
                "openai//gpt-4o",
                "x/openai/gpt-4o",
                "fast\n",
                "router-all"
            })
    void findsNothingForWhatNobodyServes(String model) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> Router.route(ALL, Questions.chat(model)))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
                    assertThat(refusal.code()).isEqualTo("model_not_found");
                    assertThat(refusal.clientMessage()).doesNotContain("CANARY", "claude-x", "llama-here", "gpu", "\n");
                });
    }

    @Test
    void cutsTheNameOfAnUnknownModelShort() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> Router.route(ALL, Questions.chat("x\u001b".repeat(3000))))
                .satisfies(refusal ->
                        assertThat(refusal.clientMessage()).hasSizeLessThan(300).doesNotContain("\u001b"));
    }

    @Test
    void offersEveryProviderOfOneModelInFileOrder() {
        GatewaySnapshot twice = snapshot("""
                model_providers:
                  - {model: openai/m, name: a, base_url: 'http://h:1', access_key: k1}
                  - {model: openai/m, name: b, base_url: 'http://h:2', access_key: k2}
                  - {model: anthropic/m, name: c, access_key: k3}
                """);
        assertThat(route(twice, Questions.chat("m"))).containsExactly("a m", "b m", "c m");
        assertThat(route(twice, Questions.chat("openai/m"))).containsExactly("a m", "b m");
        assertThat(route(twice, Questions.chat("b"))).containsExactly("b m");
        List<Target> targets = Router.route(twice, Questions.chat("openai/m")).targets();
        assertThat(targets.get(0).provider().endpoint())
                .isNotEqualTo(targets.get(1).provider().endpoint());
    }

    @ParameterizedTest
    @CsvSource({
        "claude-y,anthropic claude-y",
        "Claude-Y,anthropic Claude-Y",
        "anthropic/claude-y,anthropic claude-y",
        "anthropic/CLAUDE,anthropic CLAUDE",
        "anthropic/llama,router meta/anthropic/llama",
        "openrouter/meta/llama,router meta/llama",
        "x/llama,router meta/x/llama",
        "best,openai/gpt-4o gpt-4o",
        "claude-exact,openai/gpt-4o gpt-4o",
        "openai/gpt-5,openai/* gpt-5"
    })
    void givesAWildcardThatAnAliasNamesTheNameThatTheClientUsed(String model, String target) {
        GatewaySnapshot named = snapshot("""
                model_providers:
                  - {model: openai/gpt-4o, access_key: k}
                  - {model: 'openai/*', access_key: k}
                  - {model: 'openai/*', access_key: k, name: openai-again}
                  - {model: 'anthropic/*', access_key: k, name: anthropic}
                  - {model: 'openrouter/meta/*', access_key: k, name: router}
                model_aliases:
                  claude-exact: {target: gpt-4o}
                  '*claude*': {target: anthropic}
                  '*llama': {target: openrouter/meta/*}
                  'b*t': {target: gpt-4o}
                """);
        assertThat(route(named, Questions.chat(model)).get(0)).isEqualTo(target);
    }

    /** A translation loses something where it can, and costs something where it cannot. */
    @Test
    void offersProvidersThatSpeakTheClientsFormatFirst() {
        GatewaySnapshot mixed = snapshot("""
                model_providers:
                  - {model: openai/m, name: a, access_key: k1}
                  - {model: anthropic/m, name: b, access_key: k2}
                  - {model: openai/m, name: c, base_url: 'http://h:2', access_key: k1, apis: [messages, chat]}
                """);
        assertThat(route(mixed, Questions.messages("m"))).containsExactly("b m", "c m", "a m");
        assertThat(route(mixed, Questions.chat("m"))).containsExactly("a m", "c m", "b m");
        assertThat(route(mixed, Questions.asked("POST responses", "m"))).containsExactly("a m", "b m", "c m");
    }

    @Test
    void givesTheDefaultProviderTheClientsOwnName() {
        GatewaySnapshot withDefault = snapshot("""
                model_providers:
                  - {model: openai/gpt-4o, access_key: k, default: true}
                  - {model: anthropic/claude-x, access_key: k}
                """);
        assertThat(route(withDefault, Questions.chat("anything/else"))).containsExactly("openai/gpt-4o anything/else");
    }

    @Test
    void putsExactRowsBeforeThePatternsOfAliasesAndThoseBeforeWildcards() {
        GatewaySnapshot patterns = snapshot("""
                model_providers:
                  - {model: openai/gpt-4o-mini, access_key: k}
                  - {model: 'openai/*', name: theirs, passthrough_auth: true}
                  - {model: 'groq/*', access_key: k}
                model_aliases:
                  gpt-4o: {target: openai/gpt-4o-mini}
                  '*': {target: theirs}
                """);
        assertThat(route(patterns, Questions.chat("openai/gpt-4o-mini")))
                .containsExactly("openai/gpt-4o-mini gpt-4o-mini");
        assertThat(route(patterns, Questions.chat("gpt-4o-mini"))).containsExactly("openai/gpt-4o-mini gpt-4o-mini");
        assertThat(route(patterns, Questions.chat("gpt-4o"))).containsExactly("openai/gpt-4o-mini gpt-4o-mini");
        assertThat(route(patterns, Questions.chat("groq/llama"))).containsExactly("theirs groq/llama");
    }

    @Test
    void saysWhichApiAProviderDoesNotSpeak() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> Router.route(ALL, Questions.asked("POST messages/batches", "openai/gpt-4o")))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED_FEATURE);
                    assertThat(refusal.clientMessage())
                            .contains("Anthropic Messages")
                            .doesNotContain("CANARY");
                });
    }
}
