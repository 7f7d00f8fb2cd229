package io.plano.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialResolverTest {
    private static final Credential OURS = key("sk-ours");
    private static final Credential A = key("sk-a");
    private static final Credential B = key("sk-b");
    private static final List<CredentialSlot> OPENAI = List.of(
            CredentialSlot.AUTHORIZATION,
            CredentialSlot.X_API_KEY,
            CredentialSlot.API_KEY,
            CredentialSlot.X_GOOG_API_KEY);
    private static final List<CredentialSlot> ANTHROPIC =
            List.of(CredentialSlot.X_API_KEY, CredentialSlot.AUTHORIZATION);
    private static final InboundCredentials BOTH =
            inbound(Map.of(CredentialSlot.AUTHORIZATION, A, CredentialSlot.X_API_KEY, B));

    private static Credential key(String value) {
        return Objects.requireNonNull(Credential.key(value));
    }

    private static InboundCredentials inbound(Map<CredentialSlot, Credential> slots) {
        return InboundCredentials.of(new EnumMap<>(slots));
    }

    private static CredentialPolicy passthrough(MissingCredential onMissing, @Nullable String pattern) {
        return new CredentialPolicy(
                true, CredentialSource.of(OURS), onMissing, pattern == null ? null : CredentialTest.pattern(pattern));
    }

    @Test
    @DisplayName("R44: without passthrough the access key goes out, whatever the client brought")
    void sendsTheAccessKey() {
        CredentialPolicy policy =
                new CredentialPolicy(false, CredentialSource.of(OURS), MissingCredential.REJECT, null);
        assertThat(CredentialResolver.resolve(policy, BOTH, OPENAI))
                .isEqualTo(new ResolvedCredential(OURS, "access_key"));
        assertThat(CredentialResolver.resolve(policy, InboundCredentials.NONE, OPENAI)
                        .credential())
                .isSameAs(OURS);
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingWithoutKeyAndPassthroughWhateverElseTheRowSays(MissingCredential onMissing) {
        CredentialPolicy policy = new CredentialPolicy(false, null, onMissing, CredentialTest.pattern(".*"));
        assertThat(CredentialResolver.resolve(policy, BOTH, OPENAI)).isEqualTo(ResolvedCredential.NONE);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R39: passthrough takes the surface's native slot and says which")
    void prefersTheNativeSlot(MissingCredential onMissing) {
        CredentialPolicy policy = passthrough(onMissing, null);
        assertThat(CredentialResolver.resolve(policy, BOTH, OPENAI))
                .isEqualTo(new ResolvedCredential(A, "Authorization"));
        assertThat(CredentialResolver.resolve(policy, BOTH, ANTHROPIC))
                .isEqualTo(new ResolvedCredential(B, "x-api-key"));
    }

    @Test
    @DisplayName("R36: refuses where there is none, in the words of the surface's slot")
    void refusesAMissingCredential() {
        for (InboundCredentials none : List.of(InboundCredentials.NONE, inbound(Map.of(CredentialSlot.QUERY_KEY, A)))) {
            assertRefused(
                    "Authorization: Bearer",
                    () -> CredentialResolver.resolve(passthrough(MissingCredential.REJECT, null), none, OPENAI));
            assertRefused(
                    "x-api-key",
                    () -> CredentialResolver.resolve(passthrough(MissingCredential.REJECT, null), none, ANTHROPIC));
        }
    }

    private static void assertRefused(String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(GatewayException.class).isThrownBy(call).satisfies(refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.UNAUTHENTICATED);
            assertThat(refusal.code()).isEqualTo("missing_api_key");
            assertThat(refusal.clientMessage()).contains(words).doesNotContain("sk-");
        });
    }

    @Test
    void fallsBackOrForwardsAsTheRowSays() {
        assertThat(CredentialResolver.resolve(
                        passthrough(MissingCredential.ACCESS_KEY, null), InboundCredentials.NONE, OPENAI))
                .isEqualTo(new ResolvedCredential(OURS, "access_key"));
        assertThat(CredentialResolver.resolve(
                        passthrough(MissingCredential.FORWARD, null), InboundCredentials.NONE, OPENAI))
                .isEqualTo(ResolvedCredential.NONE);
    }

    @Test
    @DisplayName("R37: what does not match the pattern counts as missing, and a lesser slot does not step in for it")
    void treatsAMismatchAsMissing() {
        assertRefused(
                "Authorization",
                () -> CredentialResolver.resolve(passthrough(MissingCredential.REJECT, "sk-b"), BOTH, OPENAI));
        assertRefused(
                "Authorization",
                () -> CredentialResolver.resolve(passthrough(MissingCredential.REJECT, "k-a"), BOTH, OPENAI));
        assertThat(CredentialResolver.resolve(passthrough(MissingCredential.ACCESS_KEY, "sk-b"), BOTH, OPENAI)
                        .credential())
                .isSameAs(OURS);
        assertThat(CredentialResolver.resolve(passthrough(MissingCredential.FORWARD, "sk-b"), BOTH, OPENAI)
                        .credential())
                .isNull();
        assertThat(CredentialResolver.resolve(passthrough(MissingCredential.REJECT, "sk-[ab]"), BOTH, OPENAI)
                        .credential())
                .isSameAs(A);
    }

    @Test
    @DisplayName("R48: what a client brought names its slots only")
    void showsNoValues() {
        assertThat(BOTH.toString()).contains("AUTHORIZATION").doesNotContain("sk-");
        assertThat(CredentialResolver.resolve(passthrough(MissingCredential.REJECT, null), BOTH, OPENAI)
                        .toString())
                .doesNotContain("sk-");
        assertThat(passthrough(MissingCredential.REJECT, null).toString()).doesNotContain("sk-");
    }
}
