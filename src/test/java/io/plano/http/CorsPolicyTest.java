package io.plano.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R54: CORS only as configured")
class CorsPolicyTest {
    private static final CorsPolicy ONE = new CorsPolicy(Set.of("https://app.example", "http://localhost:5173"));
    private static final CorsPolicy ALL = new CorsPolicy(Set.of("*"));

    @Test
    void saysNothingWhereNothingIsConfigured() {
        Headers preflight = preflight("https://app.example", "authorization");
        assertThat(CorsPolicy.NONE.forAnswer(preflight)).isEqualTo(Headers.EMPTY);
        assertThat(CorsPolicy.NONE.forPreflight(preflight)).isEqualTo(Headers.EMPTY);
    }

    @Test
    void namesAnAllowedOriginAndShowsWhatClientsRead() {
        Headers answer = ONE.forAnswer(Headers.of("Origin", "https://app.example"));
        assertThat(answer.first("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(answer.first("Vary")).isEqualTo("Origin");
        assertThat(answer.first("Access-Control-Expose-Headers").split(", "))
                .contains("x-request-id", "request-id", "retry-after", "x-ratelimit-remaining-tokens");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.evil.example",
                "https://app.example:443",
                "http://app.example",
                "https://APP.example",
                "null",
                "*",
                ""
            })
    void doesNotAllowAnyOtherOriginButTellsCachesThatItMatters(String origin) {
        Headers preflight = preflight(origin, "authorization");
        assertThat(ONE.forAnswer(preflight)).isEqualTo(Headers.of("Vary", "Origin"));
        assertThat(ONE.forPreflight(preflight)).isEqualTo(Headers.EMPTY);
    }

    @Test
    void allowsAllOriginsByTheWildcardAndNeverTheirCredentials() {
        Headers preflight = preflight("https://any.example", "authorization");
        assertThat(ALL.forAnswer(preflight).first("Access-Control-Allow-Origin"))
                .isEqualTo("*");
        assertThat(ALL.forAnswer(preflight).contains("Access-Control-Allow-Credentials"))
                .isFalse();
        assertThat(ALL.forPreflight(preflight).contains("Access-Control-Allow-Credentials"))
                .isFalse();
    }

    @Test
    void answersAPreflightForWhateverHeadersItAsks() {
        String asked = "authorization,x-api-key, anthropic-version,x-stainless-lang";
        Headers answer = ONE.forPreflight(preflight("http://localhost:5173", asked));
        assertThat(answer.first("Access-Control-Allow-Headers")).isEqualTo(asked);
        assertThat(answer.first("Access-Control-Allow-Methods")).contains("POST", "GET", "DELETE");
        assertThat(answer.first("Access-Control-Max-Age")).isEqualTo("7200");
        assertThat(answer.first("Vary")).isEqualTo("Access-Control-Request-Headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization\r\nX-Evil: 1", "a;b", "", "<x>"})
    void reflectsNothingThatIsNoListOfNames(String asked) {
        assertThat(ONE.forPreflight(preflight("https://app.example", asked)).contains("Access-Control-Allow-Headers"))
                .isFalse();
    }

    @Test
    void takesAnOptionsRequestWithoutAMethodForNoPreflight() {
        assertThat(ONE.forPreflight(Headers.of("Origin", "https://app.example")))
                .isEqualTo(Headers.EMPTY);
    }

    private static Headers preflight(String origin, String headers) {
        return Headers.of(
                "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", headers);
    }
}
