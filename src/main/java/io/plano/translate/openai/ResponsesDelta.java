package io.plano.translate.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the events that a stream is made of, an object of plain members with a {@code delta}, without building a tree:
 * {@code response.output_text.delta}, {@code …function_call_arguments.delta} and their kin. Everything out of the ordinary (a
 * member that holds an object, log probabilities, an escape outside of {@code delta}, half a surrogate pair, anything
 * malformed) is left to whoever reads the whole document. One per stream; one thread at a time.
 */
final class ResponsesDelta {
    private static final byte[] TYPE = bytes("type");
    private static final byte[] DELTA = bytes("delta");
    private static final byte[] OUTPUT_INDEX = bytes("output_index");
    private static final byte[] CONTENT_INDEX = bytes("content_index");
    private static final byte[] SUMMARY_INDEX = bytes("summary_index");

    /** What a delta is of. */
    enum Kind {
        TEXT("response.output_text.delta"),
        ARGUMENTS("response.function_call_arguments.delta"),
        INPUT("response.custom_tool_call_input.delta"),
        SUMMARY("response.reasoning_summary_text.delta"),
        REASONING("response.reasoning_text.delta"),
        REFUSAL("response.refusal.delta");

        private final byte[] type;

        Kind(String type) {
            this.type = bytes(type);
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private byte[] data = new byte[0];
    private int at;
    private int end;
    private int stringStart;
    private int stringEnd;
    private boolean escaped;
    private byte[] unescaped = new byte[256];

    private @Nullable Kind kind;
    private @Nullable String delta;
    private int outputIndex;
    private int partIndex;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What this event is a delta of; null where it is something else, or not for this class. */
    @Nullable
    Kind read(byte[] bytes, int offset, int length) {
        data = bytes;
        at = offset;
        end = offset + length;
        kind = null;
        delta = null;
        outputIndex = 0;
        partIndex = 0;
        boolean known = members() && kind != null && delta != null;
        data = new byte[0];
        return known ? kind : null;
    }

    /** The piece of the last event that was one. */
    String delta() {
        return delta == null ? "" : delta;
    }

    /** The place of its item. */
    int outputIndex() {
        return outputIndex;
    }

    /** The place in its item: {@code content_index} or {@code summary_index}. */
    int partIndex() {
        return partIndex;
    }

    private boolean members() {
        if (!next('{')) {
            return false;
        }
        do {
            if (!string() || escaped) {
                return false;
            }
            int nameStart = stringStart;
            int nameEnd = stringEnd;
            if (!next(':') || !value(nameStart, nameEnd)) {
                return false;
            }
        } while (next(','));
        return next('}') && rest();
    }

    private boolean value(int nameStart, int nameEnd) {
        space();
        if (at == end) {
            return false;
        }
        byte first = data[at];
        if (first == '"') {
            return string() && text(nameStart, nameEnd);
        } else if (first == '[') {
            at++;
            return next(']');
        } else if (first >= '0' && first <= '9') {
            return number(nameStart, nameEnd);
        }
        return first == 'n' && word("null");
    }

    private boolean text(int nameStart, int nameEnd) {
        if (is(DELTA, nameStart, nameEnd)) {
            delta = escaped ? unescape() : utf8(data, stringStart, stringEnd);
            return delta != null;
        } else if (is(TYPE, nameStart, nameEnd)) {
            kind = kind();
            return kind != null;
        }
        return true;
    }

    private static String utf8(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private @Nullable Kind kind() {
        for (Kind candidate : KINDS) {
            if (is(candidate.type, stringStart, stringEnd)) {
                return candidate;
            }
        }
        return null;
    }

    private boolean number(int nameStart, int nameEnd) {
        int value = 0;
        int start = at;
        while (at < end && data[at] >= '0' && data[at] <= '9') {
            value = value * 10 + data[at++] - '0';
        }
        if (at - start > 9 || (at < end && (data[at] == '.' || data[at] == 'e' || data[at] == 'E'))) {
            return false;
        }
        if (is(OUTPUT_INDEX, nameStart, nameEnd)) {
            outputIndex = value;
        } else if (is(CONTENT_INDEX, nameStart, nameEnd) || is(SUMMARY_INDEX, nameStart, nameEnd)) {
            partIndex = value;
        }
        return true;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at == end || data[at++] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean is(byte[] name, int from, int to) {
        return to - from == name.length && Arrays.equals(data, from, to, name, 0, name.length);
    }

    /** A string from its quote on, left behind the last one. */
    private boolean string() {
        space();
        if (at == end || data[at] != '"') {
            return false;
        }
        byte[] bytes = data;
        int limit = end;
        int index = at + 1;
        stringStart = index;
        escaped = false;
        while (index < limit) {
            byte c = bytes[index++];
            if (c == '"') {
                stringEnd = index - 1;
                at = index;
                return true;
            } else if (c == '\\') {
                escaped = true;
                index++;
            } else if (c >= 0 && c < ' ') {
                return false;
            }
        }
        return false;
    }

    private @Nullable String unescape() {
        if (unescaped.length < stringEnd - stringStart) {
            unescaped = new byte[(stringEnd - stringStart) * 2];
        }
        int size = 0;
        for (int i = stringStart; i < stringEnd; i++) {
            byte c = data[i];
            if (c != '\\') {
                unescaped[size++] = c;
                continue;
            }
            c = data[++i];
            if (c == 'u') {
                int point = i + 4 < stringEnd ? hex(i + 1) : -1;
                if (point < 0 || Character.isSurrogate((char) point)) {
                    return null;
                }
                size = put(point, size);
                i += 4;
            } else {
                byte plain = plain(c);
                if (plain == 0) {
                    return null;
                }
                unescaped[size++] = plain;
            }
        }
        return utf8(unescaped, 0, size);
    }

    private static byte plain(byte escape) {
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> 0;
        };
    }

    /** Four hexadecimal digits; -1 where they are none. */
    private int hex(int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(data[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** No longer than the six bytes of the escape. */
    private int put(int point, int size) {
        int to = size;
        if (point < 0x80) {
            unescaped[to++] = (byte) point;
        } else if (point < 0x800) {
            unescaped[to++] = (byte) (0xC0 | (point >> 6));
            unescaped[to++] = (byte) (0x80 | (point & 0x3F));
        } else {
            unescaped[to++] = (byte) (0xE0 | (point >> 12));
            unescaped[to++] = (byte) (0x80 | ((point >> 6) & 0x3F));
            unescaped[to++] = (byte) (0x80 | (point & 0x3F));
        }
        return to;
    }

    private boolean next(char wanted) {
        space();
        if (at < end && data[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < end && (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t')) {
            at++;
        }
    }

    private boolean rest() {
        space();
        return at == end;
    }
}
