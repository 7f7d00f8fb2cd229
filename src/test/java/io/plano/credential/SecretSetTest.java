package io.plano.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R45: a client that presents one of the gateway's own secrets is known")
class SecretSetTest {
    private static final String SECRET = "sk-own-0123456789=";
    private static final SecretSet OWN = SecretSet.of(
            List.of(Objects.requireNonNull(Credential.key(SECRET)), Objects.requireNonNull(Credential.key("ollama"))));

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void knowsItInEveryScheme() {
        for (String value : List.of(
                SECRET,
                "Bearer " + SECRET,
                "bearer   " + SECRET,
                "Token " + SECRET,
                "Token token=\"" + SECRET + "\"",
                "Token token=" + SECRET + ", nonce=1",
                basic("user:" + SECRET),
                basic(SECRET + ":"),
                basic(SECRET))) {
            Credential presented = Objects.requireNonNull(Credential.parseAuthorization(value));
            assertThat(OWN.isPresentedBy(presented)).as(value).isTrue();
        }
    }

    @Test
    void knowsItAsAWordOfAnyField() {
        assertThat(OWN.isIn(SECRET)).isTrue();
        assertThat(OWN.isIn("  " + SECRET + "\t")).isTrue();
        assertThat(OWN.isIn("Bearer " + SECRET)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sk-own-0123456788=", "sk-own-0123456789", "xsk-own-0123456789=", "ollama", "Bearer ollama"})
    void knowsNothingElse(String text) {
        assertThat(OWN.isIn(text)).isFalse();
    }

    @Test
    void holdsNothingWhereThereIsNothing() {
        assertThat(SecretSet.of(List.of()).isIn("sk-anything-at-all")).isFalse();
        assertThat(SecretSet.of(List.of()).isIn(null)).isFalse();
    }
}
