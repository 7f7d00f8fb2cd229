package io.plano.provider;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * A client's value as one segment of an upstream's path: a deployment, a model. It is percent-encoded, slashes too; but a
 * server that decodes before it resolves dots (RFC 3986 §5.2.4) would still find a way out of the path, so what reads as
 * a dot segment or as an empty one, to any server, is refused. So are characters of which servers make others: a percent
 * sign, which a second decoding takes for an escape, a backslash, a semicolon, control characters, and whatever becomes
 * dots or slashes when it is normalised (NFKC).
 */
public final class PathSegment {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:@";
    private static final String REFUSED = "%\\;";

    private PathSegment() {}

    /**
     * The value, encoded.
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST} where it could mean another path
     */
    public static String encode(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw GatewayException.coded(
                    FailureKind.INVALID_REQUEST,
                    "invalid_model",
                    "\"model\" " + problem + "; the provider of this model has it in its URL.");
        }
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(String.format("%02X", octet));
            }
        }
        return encoded.toString();
    }

    /** Why the value cannot be part of a path; null where it can. */
    public static @Nullable String problem(String value) {
        String problem = problemAsSpelled(value);
        String normal = Normalizer.normalize(value, Normalizer.Form.NFKC);
        return problem == null && !normal.equals(value) ? problemAsSpelled(normal) : problem;
    }

    private static @Nullable String problemAsSpelled(String value) {
        if (value.chars().anyMatch(c -> Character.isISOControl(c) || REFUSED.indexOf(c) >= 0)) {
            return "has a character that a path cannot have";
        }
        for (String segment : value.split("/", -1)) {
            String path = segment.split("[?#]", 2)[0];
            if (path.chars().allMatch(c -> c == '.' || Character.isWhitespace(c))) {
                return "has an empty part, or one of dots alone";
            }
        }
        return null;
    }
}
