package io.plano.body;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON string literals (RFC 8259 §7): reading one, writing one. */
final class JsonStrings {
    private JsonStrings() {}

    /** The text of UTF-8 bytes, or null where they are not well-formed. */
    static @Nullable String decodeUtf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** What the inside of a literal means, or null where it holds an escape that JSON does not know. */
    static @Nullable String unescape(String inside) {
        int escape = inside.indexOf('\\');
        if (escape < 0) {
            return inside;
        }
        StringBuilder text = new StringBuilder(inside.length());
        int done = 0;
        while (escape >= 0) {
            text.append(inside, done, escape);
            int unit = escapedUnit(inside, escape + 1);
            if (unit < 0) {
                return null;
            }
            text.append((char) unit);
            done = escape + (inside.charAt(escape + 1) == 'u' ? 6 : 2);
            escape = inside.indexOf('\\', done);
        }
        return text.append(inside, done, inside.length()).toString();
    }

    /** The UTF-16 unit that the escape stands for whose letter is at that index, or -1. */
    private static int escapedUnit(String inside, int index) {
        if (index >= inside.length()) {
            return -1;
        }
        char letter = inside.charAt(index);
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexUnit(inside, index + 1);
            default -> -1;
        };
    }

    private static int hexUnit(String inside, int from) {
        if (from + 4 > inside.length()) {
            return -1;
        }
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = hexDigit(inside.charAt(i));
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** The value of an ASCII hexadecimal digit, or -1; {@link Character#digit} takes digits of other scripts too. */
    static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** The literal for a text, with its quotes, in UTF-8. */
    static byte[] quote(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < 0x20 || isLoneSurrogate(text, i)) {
                literal.append(String.format("\\u%04x", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
