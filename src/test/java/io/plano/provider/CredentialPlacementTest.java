package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.http.BodyChange;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.http.ResponseCoding;
import io.plano.http.UpstreamHead;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialPlacementTest {
    private static final CredentialPlacement ANTHROPIC =
            new CredentialPlacement(CredentialSlot.X_API_KEY, List.of("sk-ant-oat"), "anthropic-version", "2026-10-21");
    private static final CredentialPlacement AZURE =
            new CredentialPlacement(CredentialSlot.API_KEY, List.of(), null, null);
    private static final UpstreamHead HEAD = new UpstreamHead(
            null, UpstreamHead.UNDECLARED, "plano-1", BodyChange.NONE, ResponseCoding.AS_CLIENT_ACCEPTS);

    private static String placed(
            CredentialPlacement placement, @Nullable Credential credential, String... clientFields) {
        Headers headers = placement.apply(credential, HeaderRules.toUpstream(Headers.of(clientFields), HEAD));
        StringBuilder slots = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            if (CredentialSlot.ofHeader(headers.name(i)) != null) {
                slots.append(slots.length() == 0 ? "" : "; ")
                        .append(headers.name(i))
                        .append(": ")
                        .append(headers.value(i));
            }
        }
        return slots.toString();
    }

    @Test
    @DisplayName("R41: any key becomes a bearer token for a provider that wants one")
    void sendsKeysAsBearerTokens() {
        assertThat(placed(CredentialPlacement.BEARER, Credential.key("k"))).isEqualTo("Authorization: Bearer k");
        assertThat(placed(CredentialPlacement.BEARER, Credential.bearer("k"))).isEqualTo("Authorization: Bearer k");
    }

    @Test
    void sendsTokensAsKeysWhereTheProviderWantsAKey() {
        assertThat(placed(AZURE, Credential.bearer("k"))).isEqualTo("api-key: k");
        assertThat(placed(ANTHROPIC, Credential.key("sk-ant-api-1"))).isEqualTo("x-api-key: sk-ant-api-1");
        assertThat(placed(ANTHROPIC, Credential.bearer("sk-ant-api-1"))).isEqualTo("x-api-key: sk-ant-api-1");
    }

    @Test
    void leavesEveryOtherSchemeAsItIs() {
        for (CredentialPlacement placement : List.of(CredentialPlacement.BEARER, AZURE, ANTHROPIC)) {
            assertThat(placed(placement, Credential.parseAuthorization("Basic dTpw")))
                    .isEqualTo("Authorization: Basic dTpw");
        }
    }

    @Test
    @DisplayName("R40: an OAuth token is a bearer token in whatever way it was presented")
    void keepsOAuthTokensBearer() {
        assertThat(placed(ANTHROPIC, Credential.key("sk-ant-oat01-x")))
                .isEqualTo("Authorization: Bearer sk-ant-oat01-x");
        assertThat(placed(ANTHROPIC, Credential.bearer("sk-ant-oat01-x")))
                .isEqualTo("Authorization: Bearer sk-ant-oat01-x");
        assertThat(placed(ANTHROPIC, Credential.key("x-sk-ant-oat01"))).isEqualTo("x-api-key: x-sk-ant-oat01");
    }

    @ParameterizedTest
    @CsvSource({"2023-06-01,false", "2026-10-20,false", "2026-10-21,true", "2027-01-01,true"})
    void keepsBearerTokensFromTheVersionOnThatSendsThem(String version, boolean bearer) {
        assertThat(placed(ANTHROPIC, Credential.bearer("k"), "Anthropic-Version", version))
                .isEqualTo(bearer ? "Authorization: Bearer k" : "x-api-key: k");
        assertThat(placed(ANTHROPIC, Credential.key("k"), "Anthropic-Version", version))
                .isEqualTo("x-api-key: k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "x-api-key", "api-key", "x-goog-api-key", "AUTHORIZATION", "X_API_KEY"})
    @DisplayName("R42: what is still in a slot never meets the credential, nor survives its absence")
    void isTheOnlyOneToFillASlot(String slot) {
        assertThat(placed(ANTHROPIC, Credential.key("k"), slot, "stale")).isEqualTo("x-api-key: k");
        assertThat(placed(CredentialPlacement.BEARER, Credential.key("k"), slot, "stale"))
                .isEqualTo("Authorization: Bearer k");
        assertThat(placed(ANTHROPIC, null, slot, "stale")).isEmpty();
    }
}
