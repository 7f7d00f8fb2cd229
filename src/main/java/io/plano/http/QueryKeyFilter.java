package io.plano.http;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the parameter {@code key} out of a query and refuses other credentials in it (RFC 6750 §5.3 says why a query is
 * no place for them: it is logged everywhere). What remains is not re-encoded.
 */
final class QueryKeyFilter {
    private static final String KEY = "key";

    /** Names without regard to case, {@code -} and {@code _}. */
    private static final Set<String> CREDENTIALS = Set.of(
            "apikey",
            "xapikey",
            "xgoogapikey",
            "accesskey",
            "accesstoken",
            "authtoken",
            "oauthtoken",
            "bearertoken",
            "authorization",
            "subscriptionkey",
            "ocpapimsubscriptionkey",
            "xamzsecuritytoken",
            "code", // keys of Azure Functions, authorization codes (RFC 6749 §4.1.2)
            "ticket", // CAS
            "samlresponse",
            "samlrequest");

    private final StringBuilder rest = new StringBuilder();
    private @Nullable String key;

    QueryKeyFilter(String query) {
        TargetSyntax.checkQuery(query);
        int start = 0;
        while (start <= query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            parameter(query.substring(start, end), start == 0 ? "" : "&");
            start = end + 1;
        }
    }

    @Nullable
    String key() {
        return key;
    }

    /** Null where nothing is left. */
    @Nullable
    String remainder() {
        if (key == null) {
            return rest.toString();
        }
        int start = rest.length() > 0 && rest.charAt(0) == '&' ? 1 : 0;
        return rest.length() == start ? null : rest.substring(start);
    }

    private void parameter(String parameter, String separator) {
        if (parameter.indexOf(';') >= 0) {
            refuseHidden(parameter);
        }
        int equals = parameter.indexOf('=');
        String decoded = decodedName(equals < 0 ? parameter : parameter.substring(0, equals));
        String name = normalised(decoded);
        if (name.equals(KEY) ? key != null : isCredential(decoded, name)) {
            throw refusal();
        }
        if (name.equals(KEY)) {
            key = equals < 0 ? "" : percentDecoded(parameter.substring(equals + 1));
        } else {
            rest.append(separator).append(parameter);
        }
    }

    /** Some servers separate parameters at semicolons too, and would find a credential that {@code &} does not show. */
    private static void refuseHidden(String parameter) {
        for (String piece : parameter.split(";", -1)) {
            int equals = piece.indexOf('=');
            String decoded = decodedName(equals < 0 ? piece : piece.substring(0, equals));
            String name = normalised(decoded);
            if (name.equals(KEY) || isCredential(decoded, name)) {
                throw refusal();
            }
        }
    }

    private static boolean isCredential(String decoded, String normalised) {
        return CREDENTIALS.contains(normalised) || NameWords.isCredential(decoded);
    }

    private static String decodedName(String rawName) {
        String name = percentDecoded(rawName);
        int bracket = name.indexOf('[');
        return (bracket > 0 ? name.substring(0, bracket) : name).strip();
    }

    private static String normalised(String decodedName) {
        return decodedName.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    static String percentDecoded(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw.replace('+', ' ');
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(TargetSyntax.decoded(raw, i));
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    static GatewayException refusal() {
        return GatewayException.coded(
                FailureKind.INVALID_REQUEST,
                "credential_in_query",
                "The query holds a credential. Queries are logged in many places: send the key in a header instead.");
    }
}
