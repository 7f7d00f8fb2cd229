package io.plano.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.config.ConfigLoader;
import io.plano.failure.GatewayException;
import io.plano.snapshot.GatewaySnapshot;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a request without a model goes to. */
class UnnamedModelTest {
    private static final String BEARER = "authorization: Bearer k";
    private static final String X_API_KEY = "x-api-key: k";
    private static final String VERSION = "anthropic-version: 2023-06-01";

    private static GatewaySnapshot rows(String... entries) {
        String yaml = "model_providers:\n  - {" + String.join("}\n  - {", entries) + "}\n";
        return Objects.requireNonNull(
                ConfigLoader.parse(yaml, "plano.yaml", Map.of()).snapshot());
    }

    /** The provider and its model, or the code of the refusal. */
    private static String outcome(GatewaySnapshot snapshot, String request, @Nullable String headers) {
        String[] lines = switch (String.valueOf(headers)) {
            case "bearer" -> new String[] {BEARER};
            case "anthropic" -> new String[] {X_API_KEY, VERSION};
            case "anthropic-bearer" -> new String[] {BEARER, VERSION};
            case "x-api-key" -> new String[] {X_API_KEY};
            case "groq" -> new String[] {"authorization: Bearer gsk_1"};
            default -> new String[0];
        };
        try {
            Target target = Router.route(snapshot, Questions.asked(request, null, lines))
                    .targets()
                    .get(0);
            return target.provider().name() + (target.model() == null ? "" : " " + target.model());
        } catch (GatewayException refusal) {
            return String.valueOf(refusal.code());
        }
    }

    private static final GatewaySnapshot TWO_VENDORS = rows(
            "model: openai/*, passthrough_auth: true, default: true", "model: anthropic/*, passthrough_auth: true");

    @ParameterizedTest
    @CsvSource({
        "POST files, anthropic, anthropic/*",
        "GET files/f1, anthropic, anthropic/*",
        "GET whatever, anthropic, anthropic/*",
        "GET messages/batches, anthropic, anthropic/*",
        "GET messages/batches, x-api-key, anthropic/*",
        "GET files, anthropic-bearer, anthropic/*",
        "GET responses/r1, anthropic, model_required",
        "GET responses/r1, x-api-key, model_required",
        "GET responses/r1, anthropic-bearer, model_required",
        "GET vector_stores, anthropic, model_required",
        "POST batches, anthropic, model_required",
        "GET files, x-api-key, model_required",
        "GET files, bearer, openai/*",
        "GET responses/r1, bearer, openai/*",
        "GET chat/completions, bearer, openai/*",
        "GET whatever, bearer, openai/*",
        "GET files, none, missing_api_key",
        "GET messages/batches, none, missing_api_key",
        "POST moderations, bearer, openai/*",
        "POST images/generations, bearer, openai/*",
        "POST responses, bearer, openai/*",
        "POST responses, anthropic, model_required",
        "POST chat/completions, bearer, model_required",
        "POST embeddings, bearer, model_required",
        "POST messages, anthropic, model_required",
        "POST messages/count_tokens, anthropic, model_required",
        "POST rerank, bearer, model_required"
    })
    void showsAKeyOnlyToWhomItCanBeMeantFor(String request, String headers, String outcome) {
        assertThat(outcome(TWO_VENDORS, request, headers)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "GET files, bearer, model_required",
        "GET files, groq, groq/*",
        "GET responses/r1, groq, model_required",
        "GET responses/r1, bearer, openai/*"
    })
    void takesNoDefaultForACertainty(String request, String headers, String outcome) {
        GatewaySnapshot three = rows(
                "model: openai/*, passthrough_auth: true, default: true",
                "model: mistral/*, passthrough_auth: true",
                "model: groq/*, passthrough_auth: true, client_credential_pattern: 'gsk_.*'");
        assertThat(outcome(three, request, headers)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "GET files, bearer, openai/*",
        "POST batches, bearer, openai/*",
        "GET organization/admin_api_keys, bearer, openai/*",
        "GET responses/r1, bearer, openai/*",
        "GET files, none, missing_api_key",
        "POST batches, none, missing_api_key",
        "GET organization/admin_api_keys, none, missing_api_key"
    })
    void prefersTheClientsKeyToOurs(String request, String headers, String outcome) {
        GatewaySnapshot mixed =
                rows("model: openai/gpt-4o-mini, access_key: ours", "model: openai/*, passthrough_auth: true");
        assertThat(outcome(mixed, request, headers)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "GET files, openai/*",
        "POST uploads, openai/*",
        "POST batches, resource_not_allowed",
        "DELETE models/x, resource_not_allowed",
        "GET chat/completions, resource_not_allowed",
        "GET responses/r1, resource_not_allowed",
        "GET whatever, resource_not_allowed",
        "POST Chat/Completions, resource_not_allowed",
        "POST moderations, openai/*",
        "POST responses, openai/*"
    })
    void opensWithOurKeyWhatTheRowAllows(String request, String outcome) {
        GatewaySnapshot ours = rows("model: openai/*, access_key: ours, allow: [files]");
        assertThat(outcome(ours, request, "none")).isEqualTo(outcome);
        assertThat(outcome(ours, request, "bearer")).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "access_key: ours, resource_not_allowed",
        "'passthrough_auth: true, on_missing_credential: access_key, access_key: ours', resource_not_allowed",
        "'passthrough_auth: true, on_missing_credential: forward', resource_not_allowed",
        "passthrough_auth: false, resource_not_allowed",
        "passthrough_auth: true, missing_api_key"
    })
    void trustsNobodyWhoBringsNoKey(String policy, String outcome) {
        assertThat(outcome(rows("model: openai/*, " + policy), "GET files", "none"))
                .isEqualTo(outcome);
        if (policy.contains("passthrough_auth: true")) {
            assertThat(outcome(rows("model: openai/*, " + policy), "GET files", "bearer"))
                    .isEqualTo("openai/*");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "access_key: ours, POST chat/completions, none, openai/gpt-4o-mini gpt-4o-mini",
        "access_key: ours, POST messages, none, openai/gpt-4o-mini gpt-4o-mini",
        "access_key: ours, POST moderations, none, openai/gpt-4o-mini gpt-4o-mini",
        "passthrough_auth: true, POST chat/completions, bearer, openai/gpt-4o-mini gpt-4o-mini",
        "passthrough_auth: true, POST messages, anthropic, model_required"
    })
    void lendsTheModelOfTheDefaultEntry(String policy, String request, String headers, String outcome) {
        GatewaySnapshot lending = rows(
                "model: openai/gpt-4o-mini, default: true, " + policy,
                "model: anthropic/claude-x, passthrough_auth: true, apis: [messages]");
        assertThat(outcome(lending, request, headers)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "POST chat/completions, model_required",
        "POST moderations, model_required",
        "POST responses, model_required"
    })
    void lendsNoModelThatTheFileDoesNotNameForIt(String request, String outcome) {
        assertThat(outcome(rows("model: openai/gpt-4o-mini, access_key: ours"), request, "none"))
                .isEqualTo(outcome);
        assertThat(outcome(rows("model: openrouter/openai/*, access_key: ours"), "POST moderations", "none"))
                .isEqualTo("model_required");
    }

    @ParameterizedTest
    @CsvSource({"GET messages/batches, unsupported_api", "GET messages, unsupported_api", "GET files, openai/*"})
    void saysThatNobodySpeaksTheApi(String request, String outcome) {
        assertThat(outcome(rows("model: openai/*, passthrough_auth: true"), request, "bearer"))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"a, https://one", "b, https://two"})
    void refusesToChooseBetweenTwoPatternsThatBothMatch(String ignored, String other) {
        GatewaySnapshot both = rows(
                "model: openai/*, passthrough_auth: true, client_credential_pattern: '.*'",
                "model: deepseek/*, passthrough_auth: true, client_credential_pattern: '.*', base_url: '" + other
                        + "'");
        assertThat(outcome(both, "GET files", "bearer")).isEqualTo("model_required");
    }

    @ParameterizedTest
    @CsvSource({"fine_tuning/jobs", "whatever"})
    void passesOverARowThatMayNotWhereAModelIsNamed(String path) {
        GatewaySnapshot twice = rows(
                "model: openai/m, name: ours, access_key: ours",
                "model: openai/m, name: theirs, passthrough_auth: true, base_url: 'http://h:2'");
        Asked named = Questions.asked("POST " + path, "m", BEARER);
        assertThat(Router.route(twice, named).targets())
                .extracting(target -> target.provider().name())
                .containsExactly("theirs");
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> OutboundCredential.resolve(twice.providers().get(0), named))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("resource_not_allowed"));
    }
}
