package io.plano.body;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a {@code text/event-stream} (WHATWG HTML, "Server-sent events", §9.2.6) that comes in pieces of any size, split
 * anywhere. Lines end in LF, CRLF or CR; a byte order mark at the start, comments, and fields other than {@code event} and
 * {@code data} are skipped; an event without a data line is none.
 *
 * <p>An event that lies in one piece is handed over where it lies; only what crosses pieces, or has several data lines, is
 * copied. Not thread-safe.
 */
public final class SseParser implements EventReader {
    /** Encrypted reasoning and images reach hundreds of kilobytes; nothing known comes near this. */
    public static final int MAX_EVENT_BYTES = 16 << 20;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int KNOWN_TYPES = 64;

    private final EventSink listener;
    private final String[] types = new String[KNOWN_TYPES];

    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private boolean lineOpen;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;
    private boolean hasData;
    private String type = "";

    /** Data that lies in the piece being read: where it starts, or -1. */
    private int sliceStart = -1;

    private int sliceLength;

    public SseParser(EventSink listener) {
        this.listener = listener;
        Arrays.fill(types, "");
    }

    /**
     * Reads the next piece.
     *
     * @throws IOException where an event or line is larger than {@link #MAX_EVENT_BYTES}; nothing more may be read then
     */
    @Override
    public void accept(byte[] bytes, int offset, int length) throws IOException {
        int to = offset + length;
        int index = offset;
        while (index < to) {
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (bytes[index] == '\n') {
                    index++;
                    continue;
                }
            }
            int end = ByteSearch.indexOfLineEnd(bytes, index, to);
            if (end == to) {
                line.add(bytes, index, end);
                lineOpen = true;
                break;
            }
            lineEnds(bytes, index, end);
            afterCarriageReturn = bytes[end] == '\r';
            index = end + 1;
        }
        keepSlice(bytes);
    }

    /** How much of an event that is not whole has been read. */
    @Override
    public int pending() {
        return line.size + data.size;
    }

    /** What is kept in memory. */
    @Override
    public int held() {
        return line.array.length + data.array.length;
    }

    /**
     * The stream has ended in order. The standard discards an event that lacks its blank line; providers forget it, so it
     * counts here.
     */
    @Override
    public void end() throws IOException {
        if (lineOpen) {
            lineEnds(line.array, 0, 0);
        }
        if (hasData) {
            dispatch(line.array);
        }
    }

    private void lineEnds(byte[] bytes, int from, int to) throws IOException {
        if (!lineOpen) {
            line(bytes, from, to);
            return;
        }
        line.add(bytes, from, to);
        keepSlice(bytes);
        lineOpen = false;
        int length = line.size;
        line.size = 0;
        line(line.array, 0, length);
        keepSlice(line.array);
    }

    private void line(byte[] bytes, int from, int to) throws IOException {
        int start = from;
        if (firstLine) {
            firstLine = false;
            if (startsWith(bytes, from, to, BYTE_ORDER_MARK)) {
                start += BYTE_ORDER_MARK.length;
            }
        }
        if (start == to) {
            dispatch(bytes);
        } else if (isField(bytes, start, to, DATA)) {
            addData(bytes, valueStart(bytes, start + DATA.length, to), to);
        } else if (isField(bytes, start, to, EVENT)) {
            int value = valueStart(bytes, start + EVENT.length, to);
            type = typeOf(bytes, value, to);
        }
    }

    private void addData(byte[] bytes, int from, int to) throws IOException {
        if (!hasData) {
            hasData = true;
            sliceStart = from;
            sliceLength = to - from;
            return;
        }
        keepSlice(bytes);
        data.add('\n');
        data.add(bytes, from, to);
    }

    /** The piece will be gone: what lies in it moves. */
    private void keepSlice(byte[] bytes) throws IOException {
        if (sliceStart >= 0) {
            data.add(bytes, sliceStart, sliceStart + sliceLength);
            sliceStart = -1;
        }
    }

    private void dispatch(byte[] bytes) {
        String name = type;
        type = "";
        if (!hasData) {
            return;
        }
        hasData = false;
        if (sliceStart >= 0) {
            int start = sliceStart;
            sliceStart = -1;
            listener.event(name, bytes, start, sliceLength);
        } else {
            int length = data.size;
            data.size = 0;
            listener.event(name, data.array, 0, length);
            data.shrink();
        }
        line.shrink();
    }

    private static boolean isField(byte[] bytes, int from, int to, byte[] name) {
        return startsWith(bytes, from, to, name) && (from + name.length == to || bytes[from + name.length] == ':');
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] start) {
        return to - from >= start.length && Arrays.equals(bytes, from, from + start.length, start, 0, start.length);
    }

    /** Behind the colon and one blank. */
    private static int valueStart(byte[] bytes, int colon, int to) {
        int start = Math.min(colon + 1, to);
        return start < to && bytes[start] == ' ' ? start + 1 : start;
    }

    /** A stream has few names, and each of them thousands of times. */
    private String typeOf(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "";
        }
        int slot = (length * 31 + bytes[to - 1] * 7 + bytes[from + length / 2]) & (KNOWN_TYPES - 1);
        String known = types[slot];
        if (!matches(known, bytes, from, length)) {
            known = new String(bytes, from, length, StandardCharsets.UTF_8);
            types[slot] = known;
        }
        return known;
    }

    private static boolean matches(String known, byte[] bytes, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Bytes that grow to a limit. */
    private static final class Bytes {
        private static final int KEPT = 64 << 10;

        private byte[] array = new byte[256];
        private int size;

        private void add(byte[] bytes, int from, int to) throws IOException {
            room(to - from);
            System.arraycopy(bytes, from, array, size, to - from);
            size += to - from;
        }

        private void add(char octet) throws IOException {
            room(1);
            array[size++] = (byte) octet;
        }

        private void room(int count) throws IOException {
            if (size + count > MAX_EVENT_BYTES) {
                throw new IOException("an event is larger than " + MAX_EVENT_BYTES + " bytes");
            }
            if (size + count > array.length) {
                array = Arrays.copyOf(array, Math.max(size + count, array.length * 2));
            }
        }

        private void shrink() {
            if (size == 0 && array.length > KEPT) {
                array = new byte[256];
            }
        }
    }
}
