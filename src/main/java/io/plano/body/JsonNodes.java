package io.plano.body;

/**
 * Counts the values of a JSON document without building them: what a tree of it weighs is known before there is one. Counts
 * a little too many (an empty array counts as one more), never too few, whether or not the document is valid. Used once, by
 * one thread.
 *
 * <p>A string whose text is an object or array itself, such as the arguments of a call, may be read as JSON later: what is
 * in it counts as well. Text that begins in any other way is one value.
 */
public final class JsonNodes {
    private enum Place {
        OUTSIDE,
        /** In a string, before its first character that is not blank. */
        BEGINNING,
        /** In a string that is no JSON. */
        TEXT,
        /** In a string that may be JSON. */
        NESTED
    }

    private Place place = Place.OUTSIDE;
    private boolean escaped;
    private long count = 1;

    private JsonNodes() {}

    public static long count(ByteSegments document) {
        JsonNodes nodes = new JsonNodes();
        for (int i = 0; i < document.segmentCount(); i++) {
            ByteSegments.Segment segment = document.segment(i);
            nodes.read(segment.bytes, segment.from, segment.to);
        }
        return nodes.count;
    }

    public static long count(byte[] document, int offset, int length) {
        JsonNodes nodes = new JsonNodes();
        nodes.read(document, offset, offset + length);
        return nodes.count;
    }

    /** Of a text that may be JSON, or a piece of such a text, how many values it can have at most. */
    public static long countAtMost(String text) {
        long count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (separates(text.charAt(i))) {
                count++;
            }
        }
        return count;
    }

    private static boolean separates(int c) {
        return c == ',' || c == '[' || c == '{';
    }

    private void read(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to) {
            if (place == Place.TEXT) {
                index = text(bytes, index, to);
            } else if (place == Place.OUTSIDE) {
                index = outside(bytes, index, to);
            } else {
                nested(bytes[index++]);
            }
        }
    }

    private int outside(byte[] bytes, int from, int to) {
        for (int index = from; index < to; index++) {
            byte b = bytes[index];
            if (separates(b)) {
                count++;
            } else if (b == '"') {
                place = Place.BEGINNING;
                return index + 1;
            }
        }
        return to;
    }

    private int text(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to) {
            byte b = bytes[index++];
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                place = Place.OUTSIDE;
                return index;
            }
        }
        return to;
    }

    /** An escape of four hex digits may be a bracket or a comma. */
    private void nested(byte b) {
        if (escaped) {
            escaped = false;
            if (b == 'u') {
                count++;
                place = Place.NESTED;
            } else if (place == Place.BEGINNING && b != 'n' && b != 'r' && b != 't') {
                place = Place.TEXT;
            }
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            place = Place.OUTSIDE;
        } else if (separates(b)) {
            count++;
            place = Place.NESTED;
        } else if (place == Place.BEGINNING && b != ' ') {
            place = Place.TEXT;
        }
    }
}
