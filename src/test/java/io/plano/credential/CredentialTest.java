package io.plano.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.credential.Credential.Scheme;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
    private static final String SECRET = "sk-ant-api03-CANARY";

    private static Credential present(@Nullable Credential credential) {
        return Objects.requireNonNull(credential);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bearer sk-1|BEARER|sk-1",
                "bearer sk-1|BEARER|sk-1",
                "BEARER    sk-1   |BEARER|sk-1",
                "sk-1|KEY|sk-1",
                "Basic dTpw|VERBATIM|Basic dTpw",
                "basic dTpw|VERBATIM|basic dTpw",
                "AWS4-HMAC-SHA256 Credential=a, Signature=b|VERBATIM|AWS4-HMAC-SHA256 Credential=a, Signature=b",
                "Bearers sk-1|VERBATIM|Bearers sk-1"
            })
    void readsAnAuthorizationByItsScheme(String field, Scheme scheme, String value) {
        Credential credential = present(Credential.parseAuthorization(field));
        assertThat(credential.scheme()).isEqualTo(scheme);
        assertThat(credential.reveal()).isEqualTo(value);
    }

    @DisplayName("R37: blanks and placeholders are no credential")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "Bearer",
                "bearer ",
                "Basic",
                "Bearer null",
                "Bearer  undefined ",
                "Bearer None",
                "NULL",
                "Undefined",
                "none",
                "Token null",
                "Basic undefined"
            })
    void takesNoPlaceholderForACredential(String field) {
        assertThat(Credential.parseAuthorization(field)).isNull();
        assertThat(Credential.key(field.replace("Bearer", "")
                        .replace("bearer", "")
                        .replace("Basic", "")
                        .replace("Token", "")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nullable", "undefined1", "nonesuch", "Bearer-sk", "sk null"})
    void takesAKeyThatOnlyLooksLikeAPlaceholder(String key) {
        assertThat(present(Credential.key(key)).reveal()).isEqualTo(key);
    }

    @Test
    @DisplayName("R48: shows a fingerprint and never its value")
    void hidesItsValue() {
        Credential credential = present(Credential.bearer(SECRET));
        assertThat(credential.toString()).matches("Credential\\[BEARER [0-9a-f]{12}]");
        assertThat("" + credential + credential.hashCode() + credential.fingerprint())
                .doesNotContain("CANARY");
        assertThat(present(Credential.key(SECRET)).fingerprint()).isEqualTo(credential.fingerprint());
        assertThat(present(Credential.key(SECRET + "x")).fingerprint()).isNotEqualTo(credential.fingerprint());
    }

    @Test
    @DisplayName("R48: neither Jackson nor serialisation finds a value in it")
    void isInvisibleToSerialisers() {
        Credential credential = present(Credential.key(SECRET));
        assertThatExceptionOfType(NotSerializableException.class)
                .isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(credential));
        String json;
        try {
            json = new ObjectMapper().writeValueAsString(credential);
        } catch (com.fasterxml.jackson.core.JsonProcessingException refused) {
            json = refused.getMessage();
        }
        assertThat(json).doesNotContain("CANARY");
    }

    @Test
    @DisplayName("R51: compares the whole value and the scheme")
    void comparesWholeValues() {
        Credential credential = present(Credential.key(SECRET));
        assertThat(credential)
                .isEqualTo(Credential.key(" " + SECRET + " "))
                .hasSameHashCodeAs(present(Credential.key(SECRET)));
        assertThat(credential)
                .isNotEqualTo(Credential.bearer(SECRET))
                .isNotEqualTo(Credential.key(SECRET + "x"))
                .isNotEqualTo(Credential.key(SECRET.substring(1)))
                .isNotEqualTo(SECRET);
    }

    @Test
    void matchesAPatternAsAWholeOnly() {
        Credential credential = present(Credential.key(SECRET));
        assertThat(credential.matches(pattern("sk-ant-.*"))).isTrue();
        assertThat(credential.matches(pattern("sk-ant-"))).isFalse();
        assertThat(credential.matches(pattern("CANARY$"))).isFalse();
    }

    static CredentialPattern pattern(String text) {
        try {
            return CredentialPattern.compile(text);
        } catch (CredentialPattern.Invalid e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }
}
