package io.plano.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code conf/examples/claude-code.yaml} sends each model where {@code claude-code-proxy} does (its {@code
 * validate_model_field}, with the additions of its fork that knows {@code OPUS_MODEL}), as configuration alone.
 */
class ClaudeCodeExampleTest {
    private static final Path FILE = Path.of("conf", "examples", "claude-code.yaml");

    private static final List<String> GEMINI_MODELS = List.of("gemini-2.5-flash", "gemini-2.5-pro");
    private static final List<String> OPENAI_MODELS = List.of(
            "o3-mini",
            "o1",
            "o1-mini",
            "o1-pro",
            "gpt-4.5-preview",
            "gpt-4o",
            "gpt-4o-audio-preview",
            "chatgpt-4o-latest",
            "gpt-4o-mini",
            "gpt-4o-mini-audio-preview",
            "gpt-4.1",
            "gpt-4.1-mini");

    private static GatewaySnapshot load(Map<String, String> environment) {
        LoadResult result = ConfigLoader.load(FILE, environment);
        assertThat(result.problems()).isEmpty();
        return Objects.requireNonNull(result.snapshot());
    }

    private static Target target(GatewaySnapshot snapshot, String model) {
        List<Target> targets = Router.route(snapshot, Questions.messages(model)).targets();
        assertThat(targets).as(model).hasSize(1);
        return targets.get(0);
    }

    private static Map<String, String> environment(String assignments) {
        Map<String, String> environment = new HashMap<>();
        for (String assignment : assignments.isEmpty() ? new String[0] : assignments.split(" +")) {
            String[] parts = assignment.split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        return environment;
    }

    private static String url(Provider provider) {
        Endpoint endpoint = provider.endpoint();
        return endpoint.scheme() + "://" + endpoint.authority() + endpoint.pathPrefix();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                                                            | claude-haiku-4-5-20251001  | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | claude-sonnet-4-6          | openai    | https://api.openai.com/v1 | gpt-4.1
            ""                                                            | claude-opus-4-8            | openai    | https://api.openai.com/v1 | gpt-4.1
            ""                                                            | Claude-HAIKU               | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | haiku                      | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | anthropic/claude-3-sonnet  | openai    | https://api.openai.com/v1 | gpt-4.1
            ""                                                            | openai/claude-3-opus       | openai    | https://api.openai.com/v1 | gpt-4.1
            ""                                                            | gemini/claude-3-haiku      | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | opus-or-sonnet-or-haiku    | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | claude-small               | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            ""                                                            | claude-medium              | openai    | https://api.openai.com/v1 | gpt-4.1
            OPUS_MODEL=o3                                                 | claude-large               | openai    | https://api.openai.com/v1 | o3
            ""                                                            | gpt-4o                     | openai    | https://api.openai.com/v1 | gpt-4o
            ""                                                            | openai/gpt-4o              | openai    | https://api.openai.com/v1 | gpt-4o
            ""                                                            | openai/whatever            | openai    | https://api.openai.com/v1 | whatever
            ""                                                            | o1                         | openai    | https://api.openai.com/v1 | o1
            ""                                                            | chatgpt-4o-latest          | openai    | https://api.openai.com/v1 | chatgpt-4o-latest
            ""                                                            | gemini-2.5-pro             | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-pro
            ""                                                            | gemini/gemini-2.5-pro      | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-pro
            ""                                                            | gemini/whatever            | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | whatever
            ""                                                            | anthropic/claude-2.1       | anthropic | https://api.anthropic.com/v1 | claude-2.1
            SMALL_MODEL=gpt-5-mini BIG_MODEL=gpt-5 OPUS_MODEL=o3          | claude-haiku-4-5           | openai    | https://api.openai.com/v1 | gpt-5-mini
            SMALL_MODEL=gpt-5-mini BIG_MODEL=gpt-5 OPUS_MODEL=o3          | claude-sonnet-4-6          | openai    | https://api.openai.com/v1 | gpt-5
            SMALL_MODEL=gpt-5-mini BIG_MODEL=gpt-5 OPUS_MODEL=o3          | claude-opus-4-8            | openai    | https://api.openai.com/v1 | o3
            BIG_MODEL=gpt-5                                               | claude-opus-4-8            | openai    | https://api.openai.com/v1 | gpt-4.1
            PREFERRED_PROVIDER=openai BIG_MODEL=gemini-2.5-pro            | claude-sonnet-4-6          | openai    | https://api.openai.com/v1 | gemini-2.5-pro
            OPENAI_BASE_URL=http://127.0.0.1:8000/v1 BIG_MODEL=org/llama  | claude-sonnet-4-6          | openai    | http://127.0.0.1:8000/v1 | org/llama
            OPENAI_BASE_URL=http://127.0.0.1:8000/v1                      | gpt-4o                     | openai    | http://127.0.0.1:8000/v1 | gpt-4o
            OPENAI_BASE_URL=http://127.0.0.1:8000/v1                      | gemini-2.5-pro             | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-pro
            PREFERRED_PROVIDER=google SMALL_MODEL=gemini-2.5-flash        | claude-haiku-4-5           | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-flash
            PREFERRED_PROVIDER=google BIG_MODEL=gemini-2.5-pro            | claude-sonnet-4-6          | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-pro
            PREFERRED_PROVIDER=google OPUS_MODEL=gemini-2.5-pro           | claude-opus-4-8            | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-pro
            PREFERRED_PROVIDER=google                                     | claude-haiku-4-5           | openai    | https://api.openai.com/v1 | gpt-4.1-mini
            PREFERRED_PROVIDER=google BIG_MODEL=gemini-9                  | claude-sonnet-4-6          | openai    | https://api.openai.com/v1 | gemini-9
            PREFERRED_PROVIDER=google                                     | gpt-4o                     | openai    | https://api.openai.com/v1 | gpt-4o
            PREFERRED_PROVIDER=google                                     | gemini-2.5-flash           | gemini    | https://generativelanguage.googleapis.com/v1beta/openai | gemini-2.5-flash
            PREFERRED_PROVIDER=google OPENAI_BASE_URL=http://127.0.0.1:1  | claude-haiku-4-5           | openai    | http://127.0.0.1:1/v1 | gpt-4.1-mini
            PREFERRED_PROVIDER=anthropic                                  | claude-haiku-4-5           | anthropic | https://api.anthropic.com/v1 | claude-haiku-4-5
            PREFERRED_PROVIDER=anthropic BIG_MODEL=gpt-5                  | claude-sonnet-4-6          | anthropic | https://api.anthropic.com/v1 | claude-sonnet-4-6
            PREFERRED_PROVIDER=anthropic                                  | anthropic/claude-opus-4-8  | anthropic | https://api.anthropic.com/v1 | claude-opus-4-8
            PREFERRED_PROVIDER=anthropic                                  | gpt-4o                     | anthropic | https://api.anthropic.com/v1 | gpt-4o
            PREFERRED_PROVIDER=anthropic                                  | anything at all            | anthropic | https://api.anthropic.com/v1 | anything at all
            """)
    void goesWhereTheSwitchesSay(String assignments, String asked, String type, String url, String model) {
        Target target = target(load(environment(assignments)), asked);

        assertThat(target.provider().type().id()).isEqualTo(type);
        assertThat(url(target.provider())).isEqualTo(url);
        assertThat(target.model()).isEqualTo(model);
    }

    /** The rules once more, as claude-code-proxy has them, held against the file in every combination of the switches. */
    @Test
    void choosesAsClaudeCodeProxyDoesWhateverTheSwitches() {
        List<String> models = new ArrayList<>(List.of("claude-3-5-haiku-latest", "Sonnet", "anthropic/claude-opus-4"));
        models.addAll(List.of("openai/gpt-9", "gemini/gemini-9", "claude-small", "claude-medium", "claude-large"));
        models.addAll(OPENAI_MODELS);
        models.addAll(GEMINI_MODELS);
        String[] choices = {"", "gpt-5", "gemini-2.5-flash", "gemini-2.5-pro"};
        for (String preferred : new String[] {"", "openai", "google", "anthropic"}) {
            for (int i = 0; i < choices.length * choices.length * choices.length; i++) {
                Map<String, String> environment = new HashMap<>(Map.of(
                        "PREFERRED_PROVIDER", preferred,
                        "SMALL_MODEL", choices[i % 4],
                        "BIG_MODEL", choices[i / 4 % 4],
                        "OPUS_MODEL", choices[i / 16]));
                environment.values().removeIf(String::isEmpty);
                GatewaySnapshot snapshot = load(environment);
                for (String model : models) {
                    if (preferred.equals("anthropic") && model.matches("(openai|gemini)/.*")) {
                        continue; // the documented difference
                    }
                    Target target = target(snapshot, model);
                    assertThat(target.provider().type().id() + "/" + target.model())
                            .as("%s with %s", model, environment)
                            .isEqualTo(expected(environment, model));
                }
            }
        }
    }

    private static String expected(Map<String, String> environment, String asked) {
        String preferred = environment.getOrDefault("PREFERRED_PROVIDER", "openai");
        String bare = asked.replaceFirst("^(anthropic|openai|gemini)/", "");
        String name = bare.toLowerCase(Locale.ROOT);
        if (preferred.equals("anthropic")) {
            return "anthropic/" + bare;
        }
        String chosen = name.contains("haiku") || name.contains("claude-small")
                ? environment.getOrDefault("SMALL_MODEL", "gpt-4.1-mini")
                : name.contains("sonnet") || name.contains("claude-medium")
                        ? environment.getOrDefault("BIG_MODEL", "gpt-4.1")
                        : name.contains("opus") || name.contains("claude-large")
                                ? environment.getOrDefault("OPUS_MODEL", "gpt-4.1")
                                : "";
        if (!chosen.isEmpty()) {
            return (preferred.equals("google") && GEMINI_MODELS.contains(chosen) ? "gemini/" : "openai/") + chosen;
        } else if (GEMINI_MODELS.contains(bare)) {
            return "gemini/" + bare;
        }
        return OPENAI_MODELS.contains(bare) ? "openai/" + bare : asked;
    }

    @Test
    void needsNoVariableAndHasNoKeyOfItsOwn() {
        GatewaySnapshot snapshot = load(Map.of());

        assertThat(snapshot.requiresClientCredential()).isTrue();
        assertThat(snapshot.aliases().names()).isEmpty();
        assertThat(snapshot.providers()).noneMatch(Provider::isDefault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-2.1", "mistral-large", "whatever", "*"})
    void guessesNothingForOtherNames(String model) {
        GatewaySnapshot snapshot = load(Map.of());

        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> Router.route(snapshot, Questions.messages(model)))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OpenAI", "mistral", "google "})
    void refusesAProviderThatItDoesNotKnow(String preferred) {
        LoadResult result = ConfigLoader.load(FILE, Map.of("PREFERRED_PROVIDER", preferred));

        assertThat(result.isValid()).isFalse();
        assertThat(result.problems())
                .hasSize(6)
                .allMatch(problem -> problem.key().matches("model_aliases\\.\\*[a-z-]+\\*\\.target")
                        && problem.message().startsWith("no provider serves this model"));
    }
}
