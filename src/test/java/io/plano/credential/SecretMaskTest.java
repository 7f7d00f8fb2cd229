package io.plano.credential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.http.Headers;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("R45, R49: the gateway's own secret is masked by value")
class SecretMaskTest {
    private static final String SECRET = "sk-own/Key+42_with-Signs~&%";
    private static final SecretMask MASK = SecretMask.of(List.of(key(SECRET)));

    private static Credential key(String text) {
        return Objects.requireNonNull(Credential.key(text));
    }

    private static String each(String format) {
        return SECRET.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining());
    }

    /** How it may come back, by name. */
    private static Map<String, String> forms() {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("as it is", SECRET);
        forms.put("every character percent-encoded", each("%%%02X"));
        forms.put("in small digits", each("%%%02x"));
        forms.put("percent-encoded where it must be", "sk-own%2FKey%2B42_with-Signs~%26%25");
        forms.put("percent-encoded twice", "sk-own%252FKey%252B42_with-Signs~%2526%2525");
        forms.put("with JSON's escapes", each("\\u%04x"));
        forms.put("with JSON's escapes in capitals", each("\\u%04X"));
        forms.put("with one JSON escape", "sk\\u002down/Key+42_with-Signs~&%");
        forms.put("with an escaped solidus", "sk-own\\/Key+42_with-Signs~&%");
        forms.put("as JSON in JSON", "sk\\\\u002down\\\\/Key+42_with-Signs~&%");
        forms.put("as a string of JavaScript", each("\\x%02x"));
        forms.put("in HTML", "sk&#45;own&#x2F;Key+42_with-Signs~&amp;%");
        forms.put("in hexadecimal digits", HexFormat.of().formatHex(SECRET.getBytes(UTF_8)));
        forms.put("in capital digits", HexFormat.of().withUpperCase().formatHex(SECRET.getBytes(UTF_8)));
        for (String prefix : List.of("", "u:", "us:", "use:", "user:")) {
            for (String suffix : List.of("", ":", ":x", "\n")) {
                byte[] text = (prefix + SECRET + suffix).getBytes(UTF_8);
                String name = "in base64 of " + prefix.length() + "+" + suffix.length();
                forms.put(name, Base64.getEncoder().encodeToString(text));
                forms.put(name + " for URLs", Base64.getUrlEncoder().encodeToString(text));
            }
        }
        forms.put(
                "base64, percent-encoded",
                Base64.getEncoder()
                        .encodeToString(SECRET.getBytes(UTF_8))
                        .replace("/", "%2F")
                        .replace("+", "%2B"));
        return forms;
    }

    /** What of a form is left; in base64, neighbours share a character with it. */
    private static void assertMasked(String form, String masked) {
        assertThat(masked).hasSameSizeAs(form);
        assertThat(masked.replace("*", "").length()).as(masked).isLessThanOrEqualTo(14);
        assertThat(new String(lenientBase64(masked), ISO_8859_1)).doesNotContain("Key+42");
    }

    private static byte[] lenientBase64(String text) {
        String plain =
                text.replace('*', 'A').replace('-', '+').replace('_', '/').replaceAll("[^A-Za-z0-9+/]", "");
        return Base64.getDecoder().decode(plain.substring(0, plain.length() / 4 * 4));
    }

    @TestFactory
    Stream<DynamicTest> masksEveryForm() {
        return forms().entrySet().stream()
                .map(form -> DynamicTest.dynamicTest(form.getKey(), () -> {
                    assertMasked(form.getValue(), MASK.mask(form.getValue()));
                    String around = "{\"error\":{\"message\":\"Incorrect key: " + form.getValue() + ".\"}}";
                    String masked = MASK.mask(around);
                    assertThat(masked)
                            .hasSameSizeAs(around)
                            .startsWith("{\"error\":{\"message\":\"Incorrect key: ")
                            .endsWith(".\"}}");
                    assertThat(masked).doesNotContain(form.getValue()).contains("*******");
                }));
    }

    @TestFactory
    Stream<DynamicTest> masksAcrossEverySplitPoint() {
        return forms().entrySet().stream()
                .map(form -> DynamicTest.dynamicTest(form.getKey(), () -> {
                    byte[] body = ("{\"a\":\"%2 \\\\ & sk-own " + form.getValue() + "\",\"b\":1}").getBytes(US_ASCII);
                    byte[] whole = MASK.mask(body);
                    for (int split = 0; split <= body.length; split++) {
                        assertThat(inPieces(body, split, body.length))
                                .as("split at %d", split)
                                .isEqualTo(whole);
                    }
                    for (int size = 1; size < 5; size++) {
                        assertThat(inPieces(body, 0, size))
                                .as("pieces of %d", size)
                                .isEqualTo(whole);
                    }
                }));
    }

    private static byte[] inPieces(byte[] body, int first, int size) {
        SecretMask.Stream stream = MASK.stream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        int next = first;
        while (at < body.length) {
            out.writeBytes(stream.accept(java.util.Arrays.copyOfRange(body, at, Math.min(next, body.length))));
            at = Math.min(next, body.length);
            next = at + size;
        }
        out.writeBytes(stream.end());
        return out.toByteArray();
    }

    @Test
    void masksUtf16() {
        byte[] text = ("Incorrect key: " + SECRET).getBytes(UTF_16BE);

        assertThat(new String(MASK.mask(text), ISO_8859_1).replace("\0", ""))
                .doesNotContain("sk-own")
                .contains("*****");
    }

    @Test
    void holdsBackNoMoreThanMayBecomeASecret() {
        SecretMask.Stream stream = MASK.stream();

        assertThat(new String(stream.accept("data: {\"error\":\"x\"}\n\n".getBytes(US_ASCII)), US_ASCII))
                .isEqualTo("data: {\"error\":\"x\"}\n\n");
        assertThat(new String(stream.accept("abc sk-o".getBytes(US_ASCII)), US_ASCII))
                .isEqualTo("abc ");
        assertThat(new String(stream.accept("h".getBytes(US_ASCII)), US_ASCII)).isEqualTo("sk-oh");
    }

    @Test
    void masksTheLongBeginningOfASecretThatIsCutOff() {
        assertThat(MASK.mask("key: " + SECRET.substring(0, 20))).isEqualTo("key: " + "*".repeat(20));
        assertThat(MASK.mask("key: sk-own")).isEqualTo("key: sk-own");
    }

    @Test
    void changesNothingElse() {
        String text = "{\"message\":\"100% of \\\"sk-other\\\" & sk-own/Key+43 \\u002d c2std293\"}";

        assertThat(MASK.mask(text)).isSameAs(text);
    }

    @Test
    void looksForNoSecretThatIsShort() {
        assertThat(SecretMask.of(List.of(key("sk-1234")))).isSameAs(SecretMask.NONE);
        assertThat(SecretMask.of(List.of(key("sk-12345"))).mask("no sk-12345 here"))
                .isEqualTo("no ******** here");
    }

    @Test
    void masksHeadersAndLeavesOutThoseNamedAfterASecret() {
        SecretMask mask = SecretMask.of(List.of(key("sk-own-key-0123456789")));
        Headers headers =
                Headers.of("X-Dbg", "key sk-own-key-0123456789!", "sk-own-key-0123456789", "1", "Retry-After", "7");

        assertThat(mask.mask(headers))
                .isEqualTo(Headers.of("X-Dbg", "key " + "*".repeat(21) + "!", "Retry-After", "7"));
        Headers clean = Headers.of("X-Dbg", "a value that is longer than the key is");
        assertThat(mask.mask(clean)).isEqualTo(clean);
    }

    @Test
    void masksThePasswordOfBasic() {
        String pair = Base64.getEncoder().encodeToString("proxy-user:proxy-password".getBytes(UTF_8));
        SecretMask mask =
                SecretMask.of(List.of(Objects.requireNonNull(Credential.parseAuthorization("Basic " + pair))));

        assertThat(mask.mask("pw proxy-password")).isEqualTo("pw " + "*".repeat(14));
        assertThat(mask.mask("sent " + pair + "!")).doesNotContain(pair.substring(3));
        assertThat(mask.mask("user proxy-user is unknown")).contains("proxy-user");
    }

    @Test
    void saysNothingOfItself() {
        assertThat(MASK.toString() + SecretSet.of(List.of(key(SECRET)))).doesNotContain("sk-own");
    }
}
