package io.plano.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;

/**
 * A credential as the stand-in provider tells of it.
 *
 * @param header where it arrived
 * @param fingerprint the first eight hex digits of the SHA-256 of the bare key
 */
public record StandInCredential(String header, String fingerprint) {
    private static final List<String> HEADERS = List.of("Authorization", "x-api-key", "api-key", "x-goog-api-key");

    /** All that arrived: a gateway that lets a second one slip through is to be found out. */
    static List<StandInCredential> all(HttpFields fields) {
        List<StandInCredential> found = new ArrayList<>();
        for (String header : HEADERS) {
            for (String value : fields.getValuesList(header)) {
                String key = bareKey(value);
                if (!key.isEmpty()) {
                    found.add(new StandInCredential(header, fingerprint(key)));
                }
            }
        }
        return found;
    }

    private static String bareKey(String value) {
        boolean isBearer = value.toLowerCase(Locale.ROOT).startsWith("bearer");
        return isBearer ? value.substring("bearer".length()).strip() : value.strip();
    }

    public static String fingerprint(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The middle of a sentence. */
    String description() {
        return "the key with fingerprint " + fingerprint + " that arrived in " + header;
    }
}
