package io.plano.credential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * One form in which a secret may stand in a text, and how to recognise it there. Each character counts as itself, as a
 * percent-escape (RFC 3986 §2.1, also escaped again), as an escape of JSON and JavaScript strings (RFC 8259 §7, also within
 * another string) or as a character reference of HTML, in any mixture; zero bytes of UTF-16 in between are passed over.
 * Immutable.
 *
 * <p>The forms are the secret itself, its hexadecimal digits, and what base64 makes of it in each of the three positions in
 * which it can stand in a longer text such as {@code user:password}, in both alphabets of RFC 4648. What a neighbour shares
 * a character with is left out there: less than a byte of the secret at either end.
 */
final class SecretForm {
    /** What {@link #match} answers where the text says something else. */
    static final int NONE = 0;

    private static final int MAX_RUN = 16;
    private static final int LONGEST_REFERENCE = 10;

    private enum Letters {
        EXACT,
        ANY_CASE
    }

    private final byte[] characters;
    private final Letters letters;

    private SecretForm(byte[] characters, Letters letters) {
        this.characters = characters;
        this.letters = letters;
    }

    static List<SecretForm> of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<SecretForm> forms = new ArrayList<>();
        forms.add(new SecretForm(bytes, Letters.EXACT));
        forms.add(new SecretForm(ascii(HexFormat.of().formatHex(bytes)), Letters.ANY_CASE));
        for (int offset = 0; offset < 3; offset++) {
            String plain = core(Base64.getEncoder(), bytes, offset);
            String url = core(Base64.getUrlEncoder(), bytes, offset);
            forms.add(new SecretForm(ascii(plain), Letters.EXACT));
            if (!url.equals(plain)) {
                forms.add(new SecretForm(ascii(url), Letters.EXACT));
            }
        }
        return forms;
    }

    /** The characters that depend on the secret alone, where so many other bytes stand in front of it. */
    private static String core(Base64.Encoder encoder, byte[] secret, int offset) {
        byte[] shifted = new byte[offset + secret.length];
        System.arraycopy(secret, 0, shifted, offset, secret.length);
        int first = (offset * 8 + 5) / 6;
        return encoder.encodeToString(shifted).substring(first, shifted.length * 8 / 6);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int length() {
        return characters.length;
    }

    /** Marks the bytes with which it may begin. */
    void markStarts(boolean[] starts) {
        starts[characters[0] & 0xff] = true;
        if (letters == Letters.ANY_CASE) {
            starts[Character.toUpperCase(characters[0])] = true;
        }
        starts['%'] = true;
        starts['\\'] = true;
        starts['&'] = true;
    }

    /**
     * How many bytes at that place stand for it; {@link #NONE} where they do not; negative where the text ends before that
     * shows, and then how many of its characters were found, as {@code -1 - count}.
     */
    int match(byte[] text, int at, int end) {
        int same = 0;
        while (same < characters.length && at + same < end && isSame(text[at + same], characters[same])) {
            same++;
        }
        if (same == characters.length) {
            return same;
        }
        return at + same == end ? -1 - same : matchEscaped(text, at, end);
    }

    private int matchEscaped(byte[] text, int at, int end) {
        int place = at;
        for (int i = 0; i < characters.length; i++) {
            int used = unit(text, place, end, characters[i]);
            if (used < 0) {
                return -1 - i;
            }
            if (used == 0) {
                return NONE;
            }
            place += used;
        }
        return place - at;
    }

    private boolean isSame(byte octet, byte wanted) {
        return octet == wanted || (letters == Letters.ANY_CASE && Character.toLowerCase(octet) == wanted);
    }

    /** How many bytes stand for that character; 0 where they mean another; -1 where the text ends too early. */
    private int unit(byte[] text, int at, int end, byte wanted) {
        int place = at;
        while (place < end && text[place] == 0 && place - at < 3) {
            place++;
        }
        if (place == end) {
            return -1;
        }
        int used = switch (text[place]) {
            case '%' -> percent(text, place, end, wanted);
            case '\\' -> backslash(text, place, end, wanted);
            case '&' -> reference(text, place, end, wanted);
            default -> 0;
        };
        if (used == 0 && isSame(text[place], wanted)) {
            used = 1;
        }
        return used > 0 ? place - at + used : used;
    }

    private int percent(byte[] text, int at, int end, byte wanted) {
        int digits = at + 1;
        while (digits - at < MAX_RUN && digits + 2 <= end && text[digits] == '2' && text[digits + 1] == '5') {
            if (wanted == '%') {
                return digits + 2 - at;
            }
            if (digits + 4 > end) {
                return -1;
            }
            if (hex(text, digits + 2, 2) < 0) {
                return 0;
            }
            digits += 2;
        }
        if (digits + 2 > end) {
            return -1;
        }
        return isMeant(hex(text, digits, 2), wanted) ? digits + 2 - at : 0;
    }

    private int backslash(byte[] text, int at, int end, byte wanted) {
        int place = at;
        while (place < end && text[place] == '\\' && place - at < MAX_RUN) {
            place++;
        }
        if (place == end) {
            return -1;
        }
        int digits = text[place] == 'u' ? 4 : text[place] == 'x' ? 2 : 0;
        if (digits > 0) {
            if (place + 1 + digits > end) {
                return -1;
            }
            if (isMeant(hex(text, place + 1, digits), wanted)) {
                return place + 1 + digits - at;
            }
        }
        if (wanted == '\\') {
            return Math.min(place - at, 2);
        }
        return isSame(text[place], wanted) ? place + 1 - at : 0;
    }

    private int reference(byte[] text, int at, int end, byte wanted) {
        int limit = Math.min(end, at + LONGEST_REFERENCE);
        int semicolon = at + 1;
        while (semicolon < limit && isOfReference(text[semicolon])) {
            semicolon++;
        }
        if (semicolon == limit || text[semicolon] != ';') {
            return semicolon == end ? -1 : 0;
        }
        String name = new String(text, at + 1, semicolon - at - 1, StandardCharsets.ISO_8859_1);
        return isMeant(SecretForm.meantBy(name), wanted) ? semicolon + 1 - at : 0;
    }

    private static boolean isOfReference(byte octet) {
        return octet == '#' || Character.isLetterOrDigit(octet);
    }

    private static int meantBy(String name) {
        return switch (name) {
            case "amp" -> '&';
            case "lt" -> '<';
            case "gt" -> '>';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> number(name);
        };
    }

    private static int number(String name) {
        try {
            if (name.startsWith("#x") || name.startsWith("#X")) {
                return Integer.parseInt(name.substring(2), 16);
            }
            return name.startsWith("#") ? Integer.parseInt(name.substring(1)) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private boolean isMeant(int value, byte wanted) {
        return value >= 0 && value < 0x80 && isSame((byte) value, wanted);
    }

    /** The number that so many hexadecimal digits are, or -1. */
    private static int hex(byte[] text, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            int digit = i < text.length ? Character.digit(text[i], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
