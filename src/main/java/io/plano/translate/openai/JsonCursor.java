package io.plano.translate.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over one JSON document in UTF-8 (RFC 8259), on the path that every chunk of a stream takes. Each method says
 * whether it found what it looks for; where it did not, the walk is over, except after {@link #take}, {@link #takeNull} and
 * {@link #takeEmptyArray}, which do not move then. Gives up on what is legal but rare, such as deep nesting. Reused; one
 * thread.
 */
final class JsonCursor {
    private static final int MAX_DEPTH = 16;
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = {};
    private int at;
    private int end;
    private int keyFrom;
    private int keyTo;
    private int from;
    private int to;
    private boolean escapes;
    private boolean ascii;

    void reset(byte[] document, int offset, int length) {
        bytes = document;
        at = offset;
        end = offset + length;
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    boolean isAtEnd() {
        skipSpace();
        return at == end;
    }

    /** Whether that character comes next; it is passed then. */
    boolean take(char c) {
        skipSpace();
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether {@code null} comes next; it is passed then. */
    boolean takeNull() {
        skipSpace();
        return literal(NULL);
    }

    private boolean literal(byte[] word) {
        if (end - at >= word.length && Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
            at += word.length;
            return true;
        }
        return false;
    }

    /** Whether {@code []} comes next; it is passed then. */
    boolean takeEmptyArray() {
        int start = at;
        if (take('[') && take(']')) {
            return true;
        }
        at = start;
        return false;
    }

    /** The name of a member, and the colon behind it. */
    boolean key() {
        if (!string() || escapes) {
            return false;
        }
        keyFrom = from;
        keyTo = to;
        return take(':');
    }

    boolean isKey(byte[] name) {
        return Arrays.equals(bytes, keyFrom, keyTo, name, 0, name.length);
    }

    /** Whether the latest string is written like that. */
    boolean isText(byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }

    /** A string. */
    boolean string() {
        if (!take('"')) {
            return false;
        }
        from = at;
        escapes = false;
        int seen = 0;
        for (int i = at; i < end; i++) {
            byte b = bytes[i];
            if (b == '"') {
                to = i;
                at = i + 1;
                ascii = seen >= 0;
                return true;
            } else if (b == '\\') {
                escapes = true;
                i = escaped(i + 1);
            } else if (b >= 0 && b < ' ') {
                return false;
            }
            seen |= b;
        }
        return false;
    }

    /** The last byte of the escape, or the end of the document where it is none. */
    private int escaped(int index) {
        if (index >= end) {
            return end;
        }
        return switch (bytes[index]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> index;
            case 'u' -> isHex(index + 1) ? index + 4 : end;
            default -> end;
        };
    }

    private boolean isHex(int index) {
        if (end - index < 4) {
            return false;
        }
        for (int i = index; i < index + 4; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** What the latest string says. */
    String text() {
        if (!escapes) {
            return new String(bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(to - from);
        int plain = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                text.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
                i++;
                text.append(unescaped(i));
                i += bytes[i] == 'u' ? 4 : 0;
                plain = i + 1;
            }
        }
        return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }

    private char unescaped(int index) {
        return switch (bytes[index]) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int c = 0;
                for (int i = index + 1; i <= index + 4; i++) {
                    c = c * 16 + Character.digit(bytes[i], 16);
                }
                yield (char) c;
            }
            default -> (char) bytes[index];
        };
    }

    /** A number of one to three digits, or -1. */
    int smallNumber() {
        skipSpace();
        int start = at;
        int number = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - start < 4) {
            number = number * 10 + bytes[at++] - '0';
        }
        boolean ends = at < end && (bytes[at] == ',' || bytes[at] == '}' || bytes[at] == ' ');
        boolean canonical = at - start == 1 || (at - start < 4 && at > start && bytes[start] != '0');
        return canonical && ends ? number : -1;
    }

    /** Any value. */
    boolean skip() {
        return skip(0);
    }

    private boolean skip(int depth) {
        skipSpace();
        if (at == end || depth > MAX_DEPTH) {
            return false;
        }
        return switch (bytes[at]) {
            case '"' -> string();
            case '{' -> skipObject(depth);
            case '[' -> skipArray(depth);
            case 'n' -> literal(NULL);
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            default -> number();
        };
    }

    private boolean skipObject(int depth) {
        take('{');
        if (take('}')) {
            return true;
        }
        do {
            if (!string() || !take(':') || !skip(depth + 1)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean skipArray(int depth) {
        take('[');
        if (take(']')) {
            return true;
        }
        do {
            if (!skip(depth + 1)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean number() {
        if (bytes[at] == '-') {
            at++;
        }
        int start = at;
        if (!digits() || (at - start > 1 && bytes[start] == '0')) {
            return false;
        }
        if (at < end && bytes[at] == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > start;
    }
}
