package io.plano.http;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses request heads that two readers could take for two requests, before anything is made of them. Stateless.
 *
 * <p>The filter takes the credentials out of a request before its headers are read, so what concerns them is in methods
 * of its own.
 */
public final class HeaderAdmission {
    /** No body is longer, and the value fits into a long. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private static final boolean[] SEPARATORS = new boolean[128];

    static {
        for (char c : "()<>@,;:\\\"/[]?={}".toCharArray()) {
            SEPARATORS[c] = true;
        }
    }

    private HeaderAdmission() {}

    /**
     * @param viaPseudonym the name under which this gateway appears in Via
     * @throws GatewayException {@link FailureKind#HEADERS_TOO_LARGE} beyond the limits (R28); {@link
     *     FailureKind#LOOP_DETECTED} where Via holds our pseudonym (R9); {@link FailureKind#INVALID_REQUEST} for names
     *     and values that could end a line (R19), for Content-Length fields that are malformed, disagree or come with
     *     Transfer-Encoding (R16–R18), and for a Connection that names a credential (R4); {@link
     *     FailureKind#UNSUPPORTED_TRANSFER_CODING} for any transfer coding but chunked
     */
    public static void check(Headers clientHeaders, HeaderLimits limits, String viaPseudonym) {
        checkSize(clientHeaders, limits);
        String length = null;
        boolean coded = false;
        boolean onlyChunked = true;
        for (int i = 0; i < clientHeaders.size(); i++) {
            String name = clientHeaders.name(i);
            String value = clientHeaders.value(i);
            if (!isFieldName(name) || !isFieldValue(value)) {
                throw invalid("A header field has a character that is not allowed there.");
            }
            if (name.equalsIgnoreCase("Content-Length")) {
                length = agreed(length, value);
            }
            if (name.equalsIgnoreCase("Transfer-Encoding")) {
                coded = true;
                onlyChunked &= value.strip().equalsIgnoreCase("chunked");
            }
            checkConnection(name, value);
            checkLoop(name, value, viaPseudonym);
        }
        if (coded && length != null) {
            throw invalid("Content-Length and Transfer-Encoding exclude each other.");
        }
        if (!onlyChunked) {
            // A container takes the chunks off and nothing else: what is coded below them would be taken for the body.
            throw GatewayException.of(
                    FailureKind.UNSUPPORTED_TRANSFER_CODING,
                    "The only Transfer-Encoding that is served here is chunked.");
        }
    }

    /**
     * Refuses a Connection field that names a credential. Obeying it would drop the client's own key, and what then
     * goes upstream in its place could be one with more rights (R4).
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST}
     */
    public static void refuseStripping(Iterable<String> connectionValues) {
        for (String value : connectionValues) {
            refuseStripping(value);
        }
    }

    /**
     * Refuses more than one credential in Authorization, on several lines or joined by a comma (R38). Schemes whose
     * parameters are a list themselves, such as Digest, pass.
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST}
     */
    public static void refuseAmbiguousAuthorization(Iterable<String> authorizationValues) {
        boolean seen = false;
        for (String value : authorizationValues) {
            if (seen || holdsTwoCredentials(value.strip())) {
                throw invalid("The request has more than one Authorization.");
            }
            seen = true;
        }
    }

    /**
     * Refuses schemes that authenticate the connection instead of the request. Connections to providers are shared, so
     * the next client's request would go out as this one's (R50).
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST}
     */
    public static void refuseConnectionBound(Iterable<String> authorizationValues) {
        for (String value : authorizationValues) {
            String text = value.strip();
            int space = text.indexOf(' ');
            String scheme = space < 0 ? text : text.substring(0, space);
            if (scheme.equalsIgnoreCase("NTLM") || scheme.equalsIgnoreCase("Negotiate")) {
                throw invalid("This scheme of Authorization is bound to a connection and cannot be passed on.");
            }
        }
    }

    /** Whether a field of that name can be sent: a token (RFC 9110 §5.1). */
    public static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7f || SEPARATORS[c]) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether a field can have that value: nothing in it ends a line or a string (RFC 9110 §5.5). */
    public static boolean isFieldValue(String value) {
        return value.indexOf('\r') < 0 && value.indexOf('\n') < 0 && value.indexOf('\0') < 0;
    }

    private static void checkSize(Headers headers, HeaderLimits limits) {
        long bytes = 0;
        for (int i = 0; i < headers.size(); i++) {
            bytes += headers.name(i).length() + headers.value(i).length();
        }
        if (headers.size() > limits.maxCount() || bytes > limits.maxBytes()) {
            throw GatewayException.of(FailureKind.HEADERS_TOO_LARGE, "The request has too many or too large headers.");
        }
    }

    private static void checkConnection(String name, String value) {
        if (name.equalsIgnoreCase("Connection") && !ConnectionOptions.isPlain(value)) {
            refuseStripping(value);
        }
    }

    private static void refuseStripping(String connection) {
        for (String option : ConnectionOptions.split(connection)) {
            HeaderTable.Row row = HeaderTable.find(option);
            if (row != null && row.towardsUpstream() == HeaderTable.Action.CREDENTIAL) {
                throw invalid("Connection must not name a header that carries a credential.");
            }
        }
    }

    private static void checkLoop(String name, String value, String viaPseudonym) {
        if (!name.equalsIgnoreCase("Via")) {
            return;
        }
        for (String entry : ConnectionOptions.split(value)) {
            int start = entry.indexOf(' ');
            String by = start < 0 ? "" : entry.substring(start).strip();
            int end = by.indexOf(' ');
            if (viaPseudonym.equalsIgnoreCase(end < 0 ? by : by.substring(0, end))) {
                throw GatewayException.of(FailureKind.LOOP_DETECTED, "The request came back to this gateway.");
            }
        }
    }

    private static String agreed(@Nullable String before, String value) {
        String digits = value.strip();
        boolean malformed = digits.isEmpty() || digits.length() > MAX_LENGTH_DIGITS;
        for (int i = 0; i < digits.length(); i++) {
            malformed |= digits.charAt(i) < '0' || digits.charAt(i) > '9';
        }
        if (malformed || (before != null && !before.equals(digits))) {
            throw invalid("Content-Length is malformed or contradicts itself.");
        }
        return digits;
    }

    /**
     * Behind a comma there is either another parameter of the same credentials ({@code name=value}) or another
     * credential. Bearer, Basic and bare keys have no parameters.
     */
    private static boolean holdsTwoCredentials(String value) {
        int comma = value.indexOf(',');
        if (comma < 0) {
            return false;
        }
        int space = value.indexOf(' ');
        String scheme = space < 0 ? "" : value.substring(0, space);
        if (space < 0 || space > comma || scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("Basic")) {
            return true;
        }
        for (String piece : ConnectionOptions.split(value.substring(comma + 1))) {
            int blank = piece.indexOf(' ');
            int equals = piece.indexOf('=');
            if (blank > 0
                    && (equals < 0 || blank < equals)
                    && !piece.substring(blank).strip().startsWith("=")) {
                return true;
            }
        }
        return false;
    }

    private static GatewayException invalid(String message) {
        return GatewayException.of(FailureKind.INVALID_REQUEST, message);
    }
}
