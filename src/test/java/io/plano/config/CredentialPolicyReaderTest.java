package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.load;
import static io.plano.config.Configs.provider;
import static io.plano.config.Configs.providers;
import static io.plano.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.Credential;
import io.plano.credential.CredentialPolicy;
import io.plano.credential.CredentialSource;
import io.plano.credential.MissingCredential;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialPolicyReaderTest {
    private static final String KEY = "access_key: k";
    private static final String PASS = "passthrough_auth: true";

    private static CredentialPolicy policy(String rest, Map<String, String> environment) {
        return provider("{model: openai/a, " + rest + "}", environment).credentials();
    }

    private static CredentialPolicy policy(String rest) {
        return policy(rest, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "sk-literal",
        "$KEY",
        "${KEY}",
        "${NONE:-sk-literal}",
        "${EMPTY:-sk-literal}",
        "sk-${PART}",
        "' sk-literal '"
    })
    void readsKeysInEveryForm(String key) {
        Map<String, String> environment = Map.of("KEY", "sk-literal", "PART", "literal", "EMPTY", "");

        assertThat(policy("access_key: '" + key + "'", environment).accessKey())
                .isEqualTo(CredentialSource.of(Credential.key("sk-literal")));
    }

    @Test
    void neverTurnsAKeyIntoAnotherType() {
        assertThat(policy("access_key: $N", Map.of("N", "12345")).accessKey())
                .isEqualTo(CredentialSource.of(Credential.key("12345")));
        assertThat(policy("access_key: $N", Map.of("N", "no")).accessKey())
                .isEqualTo(CredentialSource.of(Credential.key("no")));
        assertThat(policy("access_key: a$$b").accessKey()).isEqualTo(CredentialSource.of(Credential.key("a$b")));
        assertThat(errors(providers("{model: openai/a, access_key: 12345}")).get(0))
                .contains("must be a string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''",
                "'  '",
                "undefined",
                "'null'",
                "a b",
                "\"a\\nb\"",
                "Bearer x",
                "$EMPTY",
                "'${'",
                "\"\\u00e9\""
            })
    void refusesKeysThatAreNone(String key) {
        assertThat(errors(providers("{model: openai/a, access_key: " + key + "}"), Map.of("EMPTY", "")))
                .hasSize(1);
    }

    @Test
    void namesAnUnsetVariableAndItsKey() {
        assertThat(errors(providers("{model: openai/a, access_key: $MY_KEY}")))
                .containsExactly(
                        "4:35: error: model_providers[0].access_key: environment variable MY_KEY is not set; set"
                                + " it, or give a default: ${MY_KEY:-...}");
        assertThat(errors(providers("{model: openai/a, access_key: 'my$ecret'}"))
                        .get(0))
                .doesNotContain("ecret,");
    }

    @Test
    void warnsOfAKeyThatPassthroughIgnores() {
        assertThat(warnings(providers("{model: openai/a, " + KEY + ", " + PASS + "}"), Map.of()))
                .hasSize(1)
                .allMatch(warning -> warning.startsWith("model_providers[0].access_key: is ignored"));
        assertThat(warnings(
                        providers("{model: openai/a, " + KEY + ", " + PASS + ", on_missing_credential: access_key}"),
                        Map.of()))
                .isEmpty();
    }

    @Test
    void warnsOfAProviderWithoutAnyCredential() {
        assertThat(warnings(providers("{model: openai/a}"), Map.of()))
                .hasSize(1)
                .allMatch(warning -> warning.contains("requests go out without a credential"));
        assertThat(warnings(providers("{model: ollama/a, base_url: 'http://gpu'}"), Map.of()))
                .isEmpty();
        assertThat(policy("default: true").requiresClientCredential()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"reject, REJECT", "access_key, ACCESS_KEY", "forward, FORWARD"})
    void readsWhatToDoWithoutAClientCredential(String text, MissingCredential expected) {
        assertThat(policy(KEY + ", " + PASS + ", on_missing_credential: " + text)
                        .onMissing())
                .isEqualTo(expected);
    }

    @Test
    void wantsAKeyToFallBackTo() {
        assertThat(errors(providers("{model: openai/a, " + PASS + ", on_missing_credential: access_key}"))
                        .get(0))
                .contains("access_key needs an access_key to fall back to");
        assertThat(policy(PASS + ", on_missing_credential: access_key, access_key: '${X:-}'")
                        .onMissing())
                .isEqualTo(MissingCredential.REJECT);
    }

    @Test
    void saysWhatHasNoEffect() {
        assertThat(warnings(
                        providers("{model: openai/a, " + KEY
                                + ", on_missing_credential: reject, client_credential_pattern: 'sk-.*$'}"),
                        Map.of()))
                .hasSize(2)
                .allMatch(warning -> warning.contains("has no effect without passthrough_auth: true"));
    }

    @Test
    void readsTheClientsPatternWithoutVariables() {
        CredentialPolicy policy = policy(PASS + ", client_credential_pattern: '^sk-$HOME|a$'", Map.of("HOME", "x"));

        assertThat(policy.clientPattern()).hasToString("^sk-$HOME|a$");
        assertThat(errors(providers("{model: openai/a, " + PASS + ", client_credential_pattern: '('}")))
                .hasSize(1);
    }

    @Test
    void letTheEnvironmentPassKeysThrough() {
        Map<String, String> on = Map.of("PASSTHROUGH_API_KEY", "true");

        assertThat(policy(KEY, on))
                .isEqualTo(new CredentialPolicy(
                        true, CredentialSource.of(Credential.key("k")), MissingCredential.ACCESS_KEY, null));
        assertThat(policy("default: true", on))
                .isEqualTo(new CredentialPolicy(true, null, MissingCredential.REJECT, null));
        assertThat(policy(KEY + ", passthrough_auth: false", on).passthrough()).isFalse();
        assertThat(policy(KEY + ", " + PASS, on).onMissing()).isEqualTo(MissingCredential.REJECT);
        assertThat(policy(KEY + ", on_missing_credential: forward", on).onMissing())
                .isEqualTo(MissingCredential.FORWARD);
        assertThat(policy(KEY, Map.of("PASSTHROUGH_API_KEY", "false")).passthrough())
                .isFalse();
    }

    @Test
    void letTheEnvironmentForbidFallingBack() {
        Map<String, String> required = Map.of("PASSTHROUGH_API_KEY", "true", "REQUIRE_PASSTHROUGH_KEY", "TRUE");

        assertThat(policy(KEY, required).onMissing()).isEqualTo(MissingCredential.REJECT);
        assertThat(policy(KEY + ", on_missing_credential: access_key", required).onMissing())
                .isEqualTo(MissingCredential.REJECT);
        assertThat(policy(KEY + ", passthrough_auth: false", required).passthrough())
                .isFalse();
    }

    @Test
    void refusesSwitchesThatContradict() {
        String yaml = providers("{model: openai/a, " + KEY + "}");

        assertThat(errors(yaml, Map.of("REQUIRE_PASSTHROUGH_KEY", "true")))
                .containsExactly("1:1: error: environment variable REQUIRE_PASSTHROUGH_KEY=true has no meaning without"
                        + " PASSTHROUGH_API_KEY=true; set both or neither");
        assertThat(errors(yaml, Map.of("PASSTHROUGH_API_KEY", "maybe"))).hasSize(1);
    }

    @Test
    void takesTruthValuesWithoutQuotesOnly() {
        assertThat(policy("passthrough_auth: yes").passthrough()).isTrue();
        assertThat(policy("passthrough_auth: $P", Map.of("P", "true")).passthrough())
                .isTrue();
        assertThat(load(providers("{model: openai/a, passthrough_auth: 'true'}"))
                        .isValid())
                .isFalse();
        assertThat(load(providers("{model: openai/a, passthrough_auth: $P}"), Map.of("P", "x"))
                        .isValid())
                .isFalse();
    }
}
