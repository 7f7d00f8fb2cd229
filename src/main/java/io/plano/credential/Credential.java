package io.plano.credential;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A secret that identifies somebody to a provider. Its value is private: {@link #toString()} shows a short fingerprint
 * under a key that lives as long as the process, {@link #equals} takes the same time for every input of one length, and
 * the value leaves through {@link #reveal()} alone, which only the provider's placement may call, and the egress proxy
 * for the credential that is its own (an architecture test holds this). Immutable and safe for every thread.
 */
public final class Credential {
    /** How the secret was presented, which decides how it may be presented again. */
    public enum Scheme {
        /** {@code Authorization: Bearer token} (RFC 6750). */
        BEARER,
        /** A bare key, from a key header or from the configuration. */
        KEY,
        /** Any other {@code Authorization} scheme: the whole field value, which must stay what it is. */
        VERBATIM
    }

    /** In characters; longer than any key or token that a provider gives out. What is longer is refused unread. */
    public static final int MAX_LENGTH = 8 << 10;

    /** What broken clients send for "no key" (an unset variable printed by a shell, JavaScript or Python). */
    private static final Set<String> PLACEHOLDERS = Set.of("null", "undefined", "none");

    /**
     * What stands for a key where a server wants none but a client library insists on one, in the words of vLLM, llama.cpp,
     * LM Studio and Ollama.
     */
    private static final Set<String> WORTHLESS = Set.of(
            "empty",
            "dummy",
            "not-needed",
            "no-key-required",
            "sk-no-key-required",
            "placeholder",
            "ollama",
            "lm-studio");

    private static final Mac FINGERPRINT = newFingerprint();

    private final Scheme scheme;
    private final String value;

    private Credential(Scheme scheme, String value) {
        this.scheme = scheme;
        this.value = value;
    }

    /** A bare key. Blank values and placeholders such as {@code undefined} give null. */
    public static @Nullable Credential key(String value) {
        return present(Scheme.KEY, value);
    }

    /** A bearer token. Blank values and placeholders give null. */
    public static @Nullable Credential bearer(String token) {
        return present(Scheme.BEARER, token);
    }

    /**
     * The credential in an {@code Authorization} field value: a bearer token, a value without any scheme (a bare key),
     * or another scheme's whole value. Null where the value holds none ({@code Bearer} alone, blanks, placeholders).
     */
    public static @Nullable Credential parseAuthorization(String fieldValue) {
        String text = fieldValue.strip();
        int space = text.indexOf(' ');
        if (space < 0) {
            return text.equalsIgnoreCase("Bearer") || text.equalsIgnoreCase("Basic") ? null : key(text);
        }
        String rest = text.substring(space + 1).strip();
        if (text.substring(0, space).equalsIgnoreCase("Bearer")) {
            return bearer(rest);
        }
        return isAbsent(rest) ? null : new Credential(Scheme.VERBATIM, text);
    }

    private static @Nullable Credential present(Scheme scheme, String value) {
        String text = value.strip();
        return isAbsent(text) ? null : new Credential(scheme, text);
    }

    private static boolean isAbsent(String text) {
        return text.isEmpty() || (text.length() <= 9 && PLACEHOLDERS.contains(text.toLowerCase(Locale.ROOT)));
    }

    public Scheme scheme() {
        return scheme;
    }

    /** The secret itself; for {@link Scheme#VERBATIM} with its scheme. Callers: the provider's placement and the egress proxy. */
    public String reveal() {
        return value;
    }

    /** Whether it is a word that is known to open nothing, set because something had to be. */
    public boolean isPlaceholder() {
        return WORTHLESS.contains(value.toLowerCase(Locale.ROOT));
    }

    /** Whether the whole secret matches, as {@code client_credential_pattern} asks. */
    public boolean matches(CredentialPattern pattern) {
        return pattern.matches(value);
    }

    /** Twelve hexadecimal digits that tell two credentials apart within one run of the process, and nothing else. */
    public String fingerprint() {
        return HexFormat.of().formatHex(digest(value), 0, 6);
    }

    /**
     * The texts that are secret in it, for those who look for them: the key or token; of {@code Basic} what is sent, the
     * pair, and the password (RFC 7617).
     */
    List<String> secretTexts() {
        int space = value.indexOf(' ');
        if (scheme != Scheme.VERBATIM || space < 0) {
            return List.of(value);
        }
        String rest = value.substring(space + 1).strip();
        String pair = basicPair();
        return pair == null ? List.of(value, rest) : List.of(value, rest, pair, pair.substring(pair.indexOf(':') + 1));
    }

    /** The user of {@code Basic}, where broken clients put a key; null for every other scheme. */
    @Nullable
    String basicUser() {
        String pair = basicPair();
        int colon = pair == null ? -1 : pair.indexOf(':');
        return pair == null || colon < 0 ? pair : pair.substring(0, colon);
    }

    private @Nullable String basicPair() {
        boolean isBasic = scheme == Scheme.VERBATIM && value.regionMatches(true, 0, "Basic ", 0, 6);
        return isBasic ? decoded(value.substring(6).strip()) : null;
    }

    private static @Nullable String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A digest under a key that lives as long as the process. */
    static byte[] digest(String text) {
        try {
            Mac mac = (Mac) FINGERPRINT.clone();
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be cloned", e);
        }
    }

    private static Mac newFingerprint() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credential that
                && scheme == that.scheme
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return scheme.hashCode() * 31 + value.hashCode();
    }

    @Override
    public String toString() {
        return "Credential[" + scheme + " " + fingerprint() + "]";
    }

    @SuppressWarnings("unused") // called by serialisation, to refuse it
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("Credential");
    }
}
