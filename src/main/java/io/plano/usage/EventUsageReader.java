package io.plano.usage;

import io.plano.body.ByteSearch;

/**
 * Finds the counts in a stream of server-sent events (WHATWG HTML, §9.2) that comes in pieces, split anywhere. Holds no event,
 * however large it is. Not thread-safe.
 *
 * <h2>Two speeds</h2>
 *
 * Nearly all events have no counts, and streams come at hundreds of thousands of events a second. So events that lie in one
 * piece are searched for the bytes {@code "usage"}, and one is read only if they are in it and are not followed by {@code
 * null}. (In the text of a model their quotes are escaped. A name that is spelled with escapes is found in neither way; no
 * provider does that.) Only the event at the end of a piece that goes on in the next one is read as it comes.
 */
final class EventUsageReader implements UsageReader {
    private enum Line {
        /** Between two events. */
        NONE,
        /** At the start of a line of an event. */
        START,
        /** In the name of a field. */
        NAME,
        /** In a value that belongs to the event's data. */
        DATA,
        /** In a line of another field, or in a comment. */
        OTHER
    }

    private static final byte[] NAME = {'d', 'a', 't', 'a'};
    private static final byte[] KEY = {'"', 'u', 's', 'a', 'g', 'e', '"'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    /** Stands between the data lines of one event. */
    private static final byte[] LINE_FEED = {'\n'};

    private final JsonUsageReader json;
    private Line line = Line.NONE;
    private int named;
    private boolean hasData;
    private boolean afterCarriageReturn;

    EventUsageReader(JsonUsageReader json) {
        this.json = json;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int index = line == Line.NONE ? from : readEvent(bytes, from, to);
        int rest = behindLastEvent(bytes, index, to);
        search(bytes, index, rest);
        for (index = rest; index < to; ) {
            index = readEvent(bytes, index, to);
        }
    }

    /** Looks for what is worth reading in whole events. */
    private void search(byte[] bytes, int from, int to) {
        int start = from;
        int index = from;
        while (index < to) {
            index = ByteSearch.indexOfPair(bytes, index, to, KEY[0], KEY[1]);
            if (!startsWith(bytes, index, to, KEY) || isNull(bytes, index + KEY.length, to)) {
                index++;
                continue;
            }
            int event = behindLastEvent(bytes, start, index);
            start = readEvent(bytes, event, to);
            index = start;
        }
    }

    private static boolean isNull(byte[] bytes, int from, int to) {
        int colon = skipSpaces(bytes, from, to);
        return colon < to && bytes[colon] == ':' && startsWith(bytes, skipSpaces(bytes, colon + 1, to), to, NULL);
    }

    private static int skipSpaces(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && bytes[index] == ' ') {
            index++;
        }
        return index;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] text) {
        if (to - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** The index behind the last blank line in {@code [from, to)} that ends an event there, or {@code from}. */
    private static int behindLastEvent(byte[] bytes, int from, int to) {
        for (int index = to - 1; index > from; index--) {
            if (isLineEnd(bytes[index]) && isLineEnd(bytes[index - 1])) {
                boolean ofOneLine = bytes[index] == '\n' && bytes[index - 1] == '\r';
                if (!ofOneLine || (index - 2 >= from && isLineEnd(bytes[index - 2]))) {
                    return index + 1;
                }
            }
        }
        return from;
    }

    private static boolean isLineEnd(byte octet) {
        return octet == '\n' || octet == '\r';
    }

    /** Reads on until the event ends; returns the index behind it, or {@code to}. */
    private int readEvent(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to) {
            if (afterCarriageReturn && bytes[index] == '\n') {
                index++;
            }
            afterCarriageReturn = false;
            int end = ByteSearch.indexOfLineEnd(bytes, index, to);
            if (index < end) {
                read(bytes, index, end);
            }
            if (end == to) {
                return to;
            }
            afterCarriageReturn = bytes[end] == '\r';
            index = end + 1;
            boolean blank = line == Line.NONE || line == Line.START;
            line = blank ? Line.NONE : Line.START;
            if (blank) {
                return index;
            }
        }
        return index;
    }

    /** A piece of a line, without its end. */
    private void read(byte[] bytes, int from, int to) {
        int index = from;
        if (line == Line.NONE) {
            json.begin();
            hasData = false;
        }
        if (line == Line.NONE || line == Line.START) {
            line = Line.NAME;
            named = 0;
        }
        if (line == Line.NAME) {
            index = readName(bytes, from, to);
        }
        if (line == Line.DATA && index < to) {
            json.accept(bytes, index, to);
        }
    }

    /** Goes on in a field's name; returns the index behind its colon, or {@code to}. */
    private int readName(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && named == 0 && isByteOrderMark(bytes[index])) {
            index++;
        }
        while (index < to && named < NAME.length && bytes[index] == NAME[named]) {
            index++;
            named++;
        }
        if (index == to) {
            return to;
        }
        if (named < NAME.length || bytes[index] != ':') {
            line = Line.OTHER;
            return to;
        }
        line = Line.DATA;
        if (hasData) {
            json.accept(LINE_FEED, 0, LINE_FEED.length);
        }
        hasData = true;
        return index + 1;
    }

    /** One may stand before the first field of a stream. */
    private static boolean isByteOrderMark(byte octet) {
        return octet == (byte) 0xEF || octet == (byte) 0xBB || octet == (byte) 0xBF;
    }
}
