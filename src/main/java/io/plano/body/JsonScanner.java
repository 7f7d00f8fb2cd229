package io.plano.body;

import io.plano.body.ModelScan.Shape;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a JSON body that finds the members {@code model} and {@code stream} of the outermost object. Used once,
 * by one thread.
 *
 * <h2>Three loops</h2>
 *
 * Inside a string only its end matters: {@link #string} jumps from quote to quote and counts the backslashes before
 * each. Below the outermost object only brackets and quotes matter: {@link #nested} counts depth in one integer, so
 * depth costs no stack. On the outermost level {@link #top} follows the grammar of RFC 8259 byte by byte. A segment may
 * end anywhere; what has to survive that is in the fields.
 *
 * <h2>How strict</h2>
 *
 * Whatever leaves the members of the outermost object beyond doubt passes: odd numbers and literals, bad UTF-8, a
 * trailing comma, brackets that close each other wrongly further down. Comments, single quotes and anything else that
 * only some readers know are refused, for two readers of one body must not find two models.
 */
final class JsonScanner {
    private enum State {
        START,
        KEY,
        COLON,
        VALUE,
        SCALAR,
        AFTER_VALUE,
        END,
        /** The body is an array or a scalar: JSON, but nothing that could name a model. */
        NOT_AN_OBJECT
    }

    private enum Member {
        MODEL,
        STREAM,
        OTHER
    }

    private static final byte ILLEGAL = 0;
    private static final byte BLANK = 1;
    private static final byte SCALAR = 2;
    private static final byte PUNCTUATION = 3;
    private static final byte QUOTE = 4;
    private static final byte OPEN = 5;
    private static final byte CLOSE = 6;
    private static final byte[] CLASSES = new byte[256];

    static {
        classify(" \t\r\n", BLANK);
        classify("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.", SCALAR);
        classify(",:", PUNCTUATION);
        classify("\"", QUOTE);
        classify("{[", OPEN);
        classify("}]", CLOSE);
    }

    /** What JSON other than an object starts with. */
    private static final String OTHER_STARTS = "[\"-0123456789tfn";

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};

    /** {@code stream} with every letter as a six-byte escape; no longer key can be one that we look for. */
    private static final int LONGEST_KEY = 36;

    private final ByteSegments body;
    private State state = State.START;
    private Member member = Member.OTHER;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean modelSeen;
    private boolean stream;
    private long tokenStart;
    private long modelStart = -1;
    private long modelEnd = -1;

    JsonScanner(ByteSegments body) {
        this.body = body;
    }

    private static void classify(String characters, byte type) {
        for (int i = 0; i < characters.length(); i++) {
            CLASSES[characters.charAt(i)] = type;
        }
    }

    ModelScan scan() {
        long begin = body.matches(0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        for (int i = 0; i < body.segmentCount() && state != State.NOT_AN_OBJECT; i++) {
            ByteSegments.Segment segment = body.segment(i);
            int skipped = (int) Math.max(0, Math.min(segment.length(), begin - body.startOf(i)));
            segment(segment, skipped, body.startOf(i) - segment.from);
        }
        return switch (state) {
            case START, NOT_AN_OBJECT -> new ModelScan(null, -1, -1, false, Shape.NO_OBJECT);
            case END -> new ModelScan(model(), modelStart, modelEnd, stream, shape());
            default -> throw malformed("it ends before its outermost object does");
        };
    }

    /** @param base the position in the body that index 0 of the segment's array would have */
    private void segment(ByteSegments.Segment segment, int skipped, long base) {
        byte[] bytes = segment.bytes;
        int to = segment.to;
        int index = segment.from + skipped;
        while (index < to && state != State.NOT_AN_OBJECT) {
            if (inString) {
                index = string(bytes, index, to);
                if (!inString) {
                    stringEnded(base + index);
                }
            } else if (depth > 1) {
                index = nested(bytes, index, to);
            } else {
                index = top(bytes, index, base);
            }
        }
    }

    /** Goes on in a string; returns the index after its closing quote, or {@code to}. */
    private int string(byte[] bytes, int from, int to) {
        int known = escaped ? from + 1 : from;
        while (true) {
            int quote = ByteSearch.indexOf(bytes, known, to, (byte) '"');
            escaped = backslashesBefore(bytes, known, quote) % 2 == 1;
            if (quote == to) {
                return to;
            }
            if (!escaped) {
                inString = false;
                return quote + 1;
            }
            escaped = false;
            known = quote + 1;
        }
    }

    private static int backslashesBefore(byte[] bytes, int from, int index) {
        int count = 0;
        while (index - count > from && bytes[index - count - 1] == '\\') {
            count++;
        }
        return count;
    }

    /** Goes on below the outermost object; returns the index at which another loop takes over, or {@code to}. */
    private int nested(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to) {
            byte type = CLASSES[bytes[index++] & 0xff];
            if (type == QUOTE) {
                inString = true;
                return index;
            } else if (type == OPEN) {
                depth++;
            } else if (type == CLOSE) {
                if (--depth == 1) {
                    return index;
                }
            } else if (type == ILLEGAL) {
                throw malformed("it has a byte outside of strings that JSON does not know");
            }
        }
        return index;
    }

    private int top(byte[] bytes, int index, long base) {
        byte type = CLASSES[bytes[index] & 0xff];
        if (state == State.SCALAR) {
            if (type != SCALAR) {
                scalarEnded(base + index);
                return index;
            }
        } else if (type != BLANK) {
            token(bytes[index], type, base + index);
        }
        return index + 1;
    }

    private void token(byte token, byte type, long position) {
        switch (state) {
            case START -> start(token);
            case KEY -> key(token, position);
            case COLON -> {
                require(token == ':');
                state = State.VALUE;
            }
            case VALUE -> value(type, position);
            case AFTER_VALUE -> afterValue(token);
            default -> throw malformed("something follows its outermost object");
        }
    }

    private void start(byte token) {
        require(token == '{' || OTHER_STARTS.indexOf(token) >= 0);
        depth = token == '{' ? 1 : 0;
        state = token == '{' ? State.KEY : State.NOT_AN_OBJECT;
    }

    private void key(byte token, long position) {
        if (token == '}') {
            objectEnded();
        } else {
            require(token == '"');
            openString(position);
        }
    }

    private void value(byte type, long position) {
        require(type == QUOTE || type == OPEN || type == SCALAR);
        if (type == QUOTE) {
            openString(position);
            return;
        }
        if (member == Member.MODEL) {
            throw invalid("\"model\" must be a string.");
        }
        if (member == Member.STREAM) {
            stream = false;
        }
        tokenStart = position;
        depth = type == OPEN ? 2 : 1;
        state = type == OPEN ? State.AFTER_VALUE : State.SCALAR;
    }

    private void afterValue(byte token) {
        if (token == '}') {
            objectEnded();
        } else {
            require(token == ',');
            state = State.KEY;
        }
    }

    private void objectEnded() {
        depth = 0;
        state = State.END;
    }

    private void openString(long position) {
        inString = true;
        tokenStart = position;
    }

    private void stringEnded(long end) {
        if (depth > 1) {
            return;
        }
        if (state == State.KEY) {
            member = member(tokenStart + 1, end - 1);
            state = State.COLON;
            return;
        }
        if (member == Member.MODEL) {
            modelStart = tokenStart;
            modelEnd = end;
        } else if (member == Member.STREAM) {
            stream = false;
        }
        state = State.AFTER_VALUE;
    }

    private void scalarEnded(long end) {
        if (member == Member.STREAM) {
            stream = end - tokenStart == TRUE.length && Arrays.equals(body.copyRange(tokenStart, end), TRUE);
        }
        state = State.AFTER_VALUE;
    }

    private Member member(long start, long end) {
        if (end - start < 5 || end - start > LONGEST_KEY) {
            return Member.OTHER;
        }
        String name = JsonStrings.unescape(new String(body.copyRange(start, end), StandardCharsets.UTF_8));
        if (name == null) {
            throw malformed("the name of a member has an escape that JSON does not know");
        }
        if (name.equalsIgnoreCase("model")) {
            if (modelSeen) {
                throw invalid("The request body names \"model\" more than once.");
            }
            modelSeen = true;
            return name.equals("model") ? Member.MODEL : Member.OTHER;
        }
        return name.equals("stream") ? Member.STREAM : Member.OTHER;
    }

    private Shape shape() {
        return modelSeen && modelStart < 0 ? Shape.RESPELLED : Shape.OBJECT;
    }

    private @Nullable String model() {
        if (modelStart < 0) {
            return null;
        }
        if (modelEnd - modelStart > BodyScan.MAX_MODEL_BYTES) {
            throw invalid("\"model\" is longer than any model's name.");
        }
        String inside = JsonStrings.decodeUtf8(body.copyRange(modelStart + 1, modelEnd - 1));
        String text = inside == null ? null : JsonStrings.unescape(inside);
        if (text == null) {
            throw invalid("\"model\" is not a valid JSON string in UTF-8.");
        }
        return text;
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw malformed("its outermost object cannot be read");
        }
    }

    private static GatewayException malformed(String problem) {
        return invalid("The request body is not valid JSON: " + problem + ".");
    }

    private static GatewayException invalid(String message) {
        return GatewayException.of(FailureKind.INVALID_REQUEST, message);
    }
}
