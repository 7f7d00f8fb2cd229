package io.plano.body;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Watches a stream of server-sent events pass by and knows two things about its end: whether it stands between two
 * events, where a comment or an event of our own may go (R66, R67), and whether the last event was one that ends the
 * stream in its format. Follows the WHATWG grammar: lines end in LF, CRLF or CR, a blank line ends an event.
 *
 * <p>Line ends are searched for eight bytes at a time and only the first bytes of each line are looked at, so an event
 * of a megabyte costs what a search for its end costs. Not thread-safe; called by whoever relays the bytes.
 */
public final class SseTail {
    /** Enough for the first member of a data object, {@code "type":"response.incomplete"}, and any blanks in it. */
    private static final int LINE_HEAD = 64;

    private static final String[] LAST_TYPES = {
        "message_stop", "response.completed", "response.failed", "response.incomplete", "error"
    };

    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't', ':'};
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

    private final byte[] line = new byte[LINE_HEAD];
    private long lineLength;
    private boolean afterCarriageReturn;
    private boolean eventOpen;
    private boolean eventTyped;
    private boolean eventIsLast;
    private boolean terminated;

    /** Takes note of the next bytes of the stream. They may be split anywhere. */
    public void accept(byte[] bytes, int offset, int count) {
        int to = offset + count;
        int index = offset;
        while (index < to) {
            if (afterCarriageReturn && bytes[index] == '\n') {
                index++;
            }
            afterCarriageReturn = false;
            int end = ByteSearch.indexOfLineEnd(bytes, index, to);
            keep(bytes, index, end);
            if (end < to) {
                lineEnded();
                afterCarriageReturn = bytes[end] == '\r';
                end++;
            }
            index = end;
        }
    }

    /** As {@link #accept(byte[], int, int)}; the buffer's position stays where it is. */
    public void accept(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            accept(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        accept(copy, 0, copy.length);
    }

    /** Whether what follows would be a new event: nothing came yet, or a blank line came last. */
    public boolean isAtEventBoundary() {
        return !eventOpen && lineLength == 0;
    }

    /**
     * Whether the last event that came with data is one after which its format sends nothing: {@code data: [DONE]}, or
     * an event of type {@code message_stop}, {@code response.completed}, {@code response.failed}, {@code
     * response.incomplete} or {@code error}. Such an event counts when its blank line came; {@code [DONE]} counts at
     * once, because some providers close the connection right behind it.
     */
    public boolean isTerminated() {
        return terminated || isDone();
    }

    private void keep(byte[] bytes, int from, int to) {
        int room = LINE_HEAD - (int) Math.min(lineLength, LINE_HEAD);
        int kept = Math.min(room, to - from);
        if (kept > 0) {
            System.arraycopy(bytes, from, line, (int) lineLength, kept);
        }
        lineLength += to - from;
    }

    private void lineEnded() {
        if (lineLength == 0) {
            eventEnded();
            return;
        }
        eventOpen = true;
        if (line[0] == 'd' || line[0] == 'e') {
            field();
        }
        lineLength = 0;
    }

    private void eventEnded() {
        terminated |= eventIsLast;
        eventOpen = false;
        eventTyped = false;
        eventIsLast = false;
    }

    private void field() {
        int type = valueStart(EVENT);
        int data = type < 0 ? valueStart(DATA) : -1;
        if (type < 0 && data < 0) {
            return;
        }
        terminated = data >= 0 && isDone();
        if (type >= 0) {
            eventTyped = true;
            eventIsLast = isLastType(text(type, lineHead()));
        } else if (!eventTyped) {
            eventIsLast |= startsWithLastType(data);
        }
    }

    private int lineHead() {
        return (int) Math.min(lineLength, LINE_HEAD);
    }

    private boolean isDone() {
        int data = valueStart(DATA);
        return data >= 0
                && data < lineHead()
                && line[data] == '['
                && text(data, lineHead()).equals("[DONE]");
    }

    /** Where the value of that field starts in the line's head, or -1 where the line is another field. */
    private int valueStart(byte[] field) {
        if (lineHead() < field.length || !Arrays.equals(line, 0, field.length, field, 0, field.length)) {
            return -1;
        }
        return skipBlanks(field.length);
    }

    private int skipBlanks(int from) {
        int index = from;
        while (index < lineHead() && line[index] == ' ') {
            index++;
        }
        return index;
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1).strip();
    }

    private static boolean isLastType(String type) {
        for (String last : LAST_TYPES) {
            if (last.equals(type)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the data is an object whose first member is {@code type} with one of the last types. */
    private boolean startsWithLastType(int data) {
        int member = data < lineHead() && line[data] == '{' ? skipBlanks(data + 1) : lineHead();
        if (member + 1 >= lineHead() || line[member + 1] != 't') {
            return false;
        }
        String[] quoted = text(member, lineHead()).split("\"", 5);
        return quoted.length >= 4
                && quoted[0].isEmpty()
                && quoted[1].equals("type")
                && quoted[2].strip().equals(":")
                && isLastType(quoted[3]);
    }

    /** A comment (WHATWG HTML, server-sent events): clients skip it. */
    public static byte[] keepAlive() {
        return new byte[] {':', '\n', '\n'};
    }
}
