package io.plano.translate.anthropic;

import java.nio.charset.StandardCharsets;

/**
 * Reads the event of which a stream mostly consists, as Anthropic writes it, without a parser:
 *
 * <pre>
 * {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"…"}    }
 * </pre>
 *
 * Anything else, and be it a space in another place, is not recognised and left to the parser. One per stream.
 */
final class DeltaScan {
    /** What the delta continues. */
    enum Kind {
        TEXT("text_delta\",\"text\":\""),
        THINKING("thinking_delta\",\"thinking\":\""),
        INPUT("input_json_delta\",\"partial_json\":\"");

        private final byte[] marker;

        Kind(String marker) {
            this.marker = ascii(marker);
        }
    }

    private static final byte[] HEAD = ascii("{\"type\":\"content_block_delta\",\"index\":");
    private static final byte[] DELTA = ascii(",\"delta\":{\"type\":\"");
    private static final Kind[] KINDS = Kind.values();
    private static final int MAX_DIGITS = 6;

    private Kind kind = Kind.TEXT;
    private int index;
    private String text = "";

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Kind kind() {
        return kind;
    }

    int index() {
        return index;
    }

    String text() {
        return text;
    }

    /** Whether the data is such an event; then the rest tells what it says. */
    boolean read(byte[] bytes, int offset, int length) {
        int to = offset + length;
        int at = readIndex(bytes, after(HEAD, bytes, offset, to), to);
        at = readKind(bytes, after(DELTA, bytes, at, to), to);
        if (at < 0) {
            return false;
        }
        boolean escaped = false;
        int end = at;
        while (end < to && bytes[end] != '"') {
            if (bytes[end] == '\\') {
                escaped = true;
                end++;
            } else if (bytes[end] >= 0 && bytes[end] < ' ') {
                return false;
            }
            end++;
        }
        return isEnd(bytes, end, to) && readText(new String(bytes, at, end - at, StandardCharsets.UTF_8), escaped);
    }

    private static int after(byte[] expected, byte[] bytes, int at, int to) {
        if (at < 0 || to - at < expected.length) {
            return -1;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[at + i] != expected[i]) {
                return -1;
            }
        }
        return at + expected.length;
    }

    private int readIndex(byte[] bytes, int from, int to) {
        if (from < 0) {
            return -1;
        }
        int number = 0;
        int at = from;
        while (at < to && at - from < MAX_DIGITS && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        index = number;
        return at == from ? -1 : at;
    }

    private int readKind(byte[] bytes, int at, int to) {
        for (Kind candidate : KINDS) {
            int behind = after(candidate.marker, bytes, at, to);
            if (behind >= 0) {
                kind = candidate;
                return behind;
            }
        }
        return -1;
    }

    /** The closing quote, two braces, and spaces, which Anthropic adds so that lengths tell nothing. */
    private static boolean isEnd(byte[] bytes, int quote, int to) {
        int braces = 0;
        for (int at = quote + 1; at < to; at++) {
            if (bytes[at] == '}') {
                braces++;
            } else if (bytes[at] != ' ') {
                return false;
            }
        }
        return quote < to && braces == 2;
    }

    private boolean readText(String inside, boolean escaped) {
        if (!escaped) {
            text = inside;
            return true;
        }
        StringBuilder plain = new StringBuilder(inside.length());
        int at = 0;
        while (at < inside.length()) {
            char c = inside.charAt(at);
            if (c != '\\') {
                plain.append(c);
                at++;
            } else if (inside.charAt(at + 1) == 'u') {
                int unit = hex(inside, at + 2);
                if (unit < 0) {
                    return false;
                }
                plain.append((char) unit);
                at += 6;
            } else {
                char meant = shortEscape(inside.charAt(at + 1));
                if (meant == 0) {
                    return false;
                }
                plain.append(meant);
                at += 2;
            }
        }
        text = plain.toString();
        return true;
    }

    /** The four digits from there, or -1. */
    private static int hex(String inside, int from) {
        if (from + 4 > inside.length()) {
            return -1;
        }
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            char c = inside.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private static char shortEscape(char letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> 0;
        };
    }
}
