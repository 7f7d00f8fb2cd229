package io.plano.translate;

import io.plano.body.ByteSearch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over one JSON document in UTF-8 (RFC 8259), on the path that every event of a stream takes, without building a tree
 * of it. Each method says whether it found what it looks for; if it did not, the walk is over, except after {@link #take},
 * {@link #takeNull} and {@link #takeEmptyArray}, which do not move then. Gives up on what is legal but rare, such as deep
 * nesting. Reused; one thread.
 */
public final class JsonCursor {
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

    /** Begins with another document, which must not change while it is walked over. */
    public void reset(byte[] document, int offset, int length) {
        bytes = document;
        at = offset;
        end = offset + length;
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    /** Whether nothing but space follows. */
    public boolean isAtEnd() {
        skipSpace();
        return at == end;
    }

    /** Whether that character comes next; it is passed then. */
    public boolean take(char c) {
        skipSpace();
        if (at < end && bytes[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether {@code null} comes next; it is passed then. */
    public boolean takeNull() {
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
    public boolean takeEmptyArray() {
        int start = at;
        if (take('[') && take(']')) {
            return true;
        }
        at = start;
        return false;
    }

    /** The name of a member, and the colon behind it. */
    public boolean key() {
        if (!string() || escapes) {
            return false;
        }
        keyFrom = from;
        keyTo = to;
        return take(':');
    }

    /** Whether the latest name is that. */
    public boolean isKey(byte[] name) {
        // Most names are recognised as others by this alone.
        return keyTo - keyFrom == name.length
                && bytes[keyFrom] == name[0]
                && Arrays.equals(bytes, keyFrom, keyTo, name, 0, name.length);
    }

    /** Whether the latest string has no escapes, so that it stands in the document as it is. */
    public boolean isPlain() {
        return !escapes;
    }

    /** Where the latest string begins in the array. */
    public int stringStart() {
        return from;
    }

    /** Where the latest string ends in the array. */
    public int stringEnd() {
        return to;
    }

    /** Whether the latest string is written like that. */
    public boolean isText(byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }

    /** A string. */
    public boolean string() {
        if (!take('"')) {
            return false;
        }
        from = at;
        escapes = false;
        int stop = ByteSearch.indexOfStringStop(bytes, at, end);
        while (stop < end && bytes[stop] == '\\') {
            escapes = true;
            stop = ByteSearch.indexOfStringStop(bytes, escaped(stop + 1) + 1, end);
        }
        if (stop >= end || bytes[stop] != '"') {
            return false;
        }
        to = stop;
        at = stop + 1;
        return true;
    }

    /** The last byte of the escape, or the end of the document if it is none. */
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
    public String text() {
        if (!escapes) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
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
    public int smallNumber() {
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

    /** A string, a number or a literal: a value that holds no others. */
    public boolean skipScalar() {
        skipSpace();
        return at < end && bytes[at] != '{' && bytes[at] != '[' && skip(0);
    }

    /** Any value. */
    public boolean skip() {
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
