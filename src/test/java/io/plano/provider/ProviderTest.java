package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.CredentialPolicy;
import io.plano.credential.MissingCredential;
import io.plano.http.Headers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderTest {
    private static Provider provider(String template, @Nullable String model, String prefix) {
        ProviderType type = new ProviderType(
                "p",
                "P",
                null,
                "/base",
                template,
                Map.of(ApiDialect.OPENAI, CredentialPlacement.BEARER),
                List.of(WireFormat.COMPLETIONS),
                CompletionsQuirks.OPENAI);
        return new Provider(
                "n",
                "p",
                model,
                prefix,
                type,
                new Endpoint("https", "h", 443, "/base"),
                null,
                new CredentialPolicy(true, null, MissingCredential.REJECT, null),
                Headers.EMPTY,
                Timeouts.DEFAULT,
                Transport.DIRECT,
                false,
                Set.of());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,-,/base/chat/completions", "m,-,/base/chat/completions", "m,a=b,/base/chat/completions?a=b"})
    void keepsPlainPathsAndTheClientsQuery(@Nullable String model, @Nullable String query, String target) {
        assertThat(provider("{path}", "m", "").target("chat/completions", model, query))
                .isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "m,-,/base/m/chat?v=1",
                "m,a=b,/base/m/chat?v=1&a=b",
                "m,v=2,/base/m/chat?v=2",
                "m,a=b&v=2,/base/m/chat?a=b&v=2",
                "m,av=2,/base/m/chat?v=1&av=2",
                "-,a=b,/base/chat?a=b"
            })
    void letsTheClientsQueryOverruleTheRows(@Nullable String model, @Nullable String query, String target) {
        assertThat(provider("{model}/{path}?v=1", "m", "").target("chat", model, query))
                .isEqualTo(target);
    }

    @Test
    @DisplayName("R30: a model in a path is one segment, whatever it holds")
    void encodesTheModelInAPath() {
        Provider provider = provider("{model}/{path}", "m", "");
        assertThat(provider.target("chat", "a?b#c/\u00e9 {path}", null))
                .isEqualTo("/base/a%3Fb%23c%2F%C3%A9%20%7Bpath%7D/chat");
    }

    @Test
    void readsTheModelOfAWildcard() {
        assertThat(provider("{path}", null, "").wildcardModel("p/a/b")).isEqualTo("a/b");
        assertThat(provider("{path}", null, "").wildcardModel("p/")).isNull();
        assertThat(provider("{path}", null, "").wildcardModel("q/a")).isNull();
        assertThat(provider("{path}", null, "anthropic/").wildcardModel("p/anthropic/c"))
                .isEqualTo("anthropic/c");
        assertThat(provider("{path}", null, "anthropic/").wildcardModel("p/anthropic/"))
                .isNull();
        assertThat(provider("{path}", "a", "").wildcardModel("p/a")).isNull();
    }

    @Test
    void leavesTheSchemesOwnPortOutOfHost() {
        assertThat(new Endpoint("https", "h", 443, "").authority()).isEqualTo("h");
        assertThat(new Endpoint("http", "h", 443, "").authority()).isEqualTo("h:443");
        assertThat(new Endpoint("http", "::1", 80, "").authority()).isEqualTo("[::1]");
    }
}
