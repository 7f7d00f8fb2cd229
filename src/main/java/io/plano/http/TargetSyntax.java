package io.plano.http;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.HexFormat;

/** Which request targets are unambiguous: a subset of RFC 3986 that every server reads alike. */
final class TargetSyntax {
    private static final boolean[] IN_PATH = new boolean[128];
    private static final boolean[] IN_QUERY = new boolean[128];

    static {
        String unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
        allow(IN_PATH, unreserved + "!$&'()*+,=:@/%");
        allow(IN_QUERY, unreserved + "!$&'()*+,=:@/%;?[]");
    }

    private TargetSyntax() {}

    private static void allow(boolean[] table, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            table[characters.charAt(i)] = true;
        }
    }

    static void checkPath(String path) {
        if (path.charAt(0) != '/') {
            throw invalid("does not start with a slash");
        }
        int segmentStart = 1;
        for (int i = 1; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                checkSegment(path, segmentStart, i);
                segmentStart = i + 1;
            }
        }
    }

    /** Only the last segment may be empty: a path may end in a slash. */
    private static void checkSegment(String path, int start, int end) {
        if (start == end && end < path.length()) {
            throw invalid("has an empty segment");
        }
        int dots = 0;
        int characters = 0;
        int index = start;
        while (index < end) {
            char c = path.charAt(index);
            require(IN_PATH, c);
            boolean encoded = c == '%';
            int meant = encoded ? decoded(path, index) : c;
            if (encoded) {
                checkEncoded(meant);
            }
            dots += meant == '.' ? 1 : 0;
            characters++;
            index += encoded ? 3 : 1;
        }
        if (dots == characters && (dots == 1 || dots == 2)) {
            throw invalid("has a dot segment");
        }
    }

    /** Encoded, these are read as themselves by some server behind some proxy; {@code %} opens a second encoding. */
    private static void checkEncoded(int meant) {
        if (meant < 0x20 || meant >= 0x7f || "/\\;%?#".indexOf(meant) >= 0) {
            throw invalid("has an encoded character that is not allowed there");
        }
    }

    static void checkQuery(String query) {
        for (int i = 0; i < query.length(); i++) {
            require(IN_QUERY, query.charAt(i));
            if (query.charAt(i) == '%') {
                decoded(query, i);
            }
        }
    }

    /** The byte that the escape at that index stands for. */
    static int decoded(String text, int percent) {
        int high = percent + 2 < text.length() ? hexDigit(text.charAt(percent + 1)) : -1;
        int low = percent + 2 < text.length() ? hexDigit(text.charAt(percent + 2)) : -1;
        if (high < 0 || low < 0) {
            throw invalid("has a malformed percent escape");
        }
        return high << 4 | low;
    }

    private static int hexDigit(char c) {
        return HexFormat.isHexDigit(c) ? HexFormat.fromHexDigit(c) : -1;
    }

    private static void require(boolean[] table, char c) {
        if (c >= 128 || !table[c]) {
            throw invalid("has a character that is not allowed there");
        }
    }

    private static GatewayException invalid(String problem) {
        return GatewayException.of(FailureKind.INVALID_REQUEST, "The request target " + problem + ".");
    }
}
