package io.plano.body;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A body as it came in: bytes in segments that are never joined, so that a body of any size costs neither a copy nor an
 * array of its full length. Immutable, and safe for every thread as long as nobody writes into the arrays that {@link
 * #buffers()} shows. Positions are absolute and count bytes from 0.
 */
public final class ByteSegments {
    /** The size of a full segment in bytes. */
    public static final int SEGMENT_SIZE = 64 * 1024;

    /** No bytes at all. */
    public static final ByteSegments EMPTY = new ByteSegments(List.of());

    private final Segment[] segments;
    private final long[] starts;
    private final long length;

    private ByteSegments(List<Segment> parts) {
        segments = parts.toArray(new Segment[0]);
        starts = new long[segments.length];
        long position = 0;
        for (int i = 0; i < segments.length; i++) {
            starts[i] = position;
            position += segments[i].length();
        }
        length = position;
    }

    /** The arrays, one after the other; they are kept, not copied. */
    public static ByteSegments of(byte[]... arrays) {
        List<Segment> parts = new ArrayList<>(arrays.length);
        for (byte[] array : arrays) {
            addTo(parts, array, 0, array.length);
        }
        return new ByteSegments(parts);
    }

    public static Builder builder() {
        return new Builder(-1);
    }

    /** @param expectedLength the announced number of bytes, or negative where none was; a hint that may be a lie */
    public static Builder builder(long expectedLength) {
        return new Builder(expectedLength);
    }

    /** The number of bytes. */
    public long length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** @throws IndexOutOfBoundsException outside {@code [0, length)} */
    public byte byteAt(long position) {
        Objects.checkIndex(position, length);
        int index = segmentAt(position);
        return segments[index].bytes[segments[index].from + (int) (position - starts[index])];
    }

    /**
     * A copy of the bytes in {@code [start, end)}.
     *
     * @throws IndexOutOfBoundsException where that is no range of this body
     * @throws ArithmeticException where it does not fit into one array
     */
    public byte[] copyRange(long start, long end) {
        Objects.checkFromToIndex(start, end, length);
        byte[] copy = new byte[Math.toIntExact(end - start)];
        int filled = 0;
        for (int i = start == end ? segments.length : segmentAt(start); filled < copy.length; i++) {
            int skipped = (int) Math.max(0, start - starts[i]);
            int count = Math.min(segments[i].length() - skipped, copy.length - filled);
            System.arraycopy(segments[i].bytes, segments[i].from + skipped, copy, filled, count);
            filled += count;
        }
        return copy;
    }

    /** All bytes in one array; for bodies that are known to be small. */
    public byte[] toByteArray() {
        return copyRange(0, length);
    }

    /** Fresh buffers over the segments, for writing out. They share the bytes: read them only. */
    public List<ByteBuffer> buffers() {
        List<ByteBuffer> buffers = new ArrayList<>(segments.length);
        for (Segment segment : segments) {
            buffers.add(ByteBuffer.wrap(segment.bytes, segment.from, segment.length()));
        }
        return buffers;
    }

    public void writeTo(OutputStream out) throws IOException {
        for (Segment segment : segments) {
            out.write(segment.bytes, segment.from, segment.length());
        }
    }

    /** The bytes as a stream that never blocks and knows how much is left. */
    public InputStream newInputStream() {
        return new SegmentInputStream(this);
    }

    /**
     * The same bytes with those in {@code [start, end)} replaced. Segments are shared, so this costs nothing per byte.
     *
     * @throws IndexOutOfBoundsException where that is no range of this body
     */
    public ByteSegments splice(long start, long end, byte[] replacement) {
        Objects.checkFromToIndex(start, end, length);
        List<Segment> parts = new ArrayList<>(segments.length + 2);
        addRange(parts, 0, start);
        addTo(parts, replacement, 0, replacement.length);
        addRange(parts, end, length);
        return new ByteSegments(parts);
    }

    private void addRange(List<Segment> parts, long start, long end) {
        for (int i = start == end ? segments.length : segmentAt(start); i < segments.length && starts[i] < end; i++) {
            Segment segment = segments[i];
            int from = segment.from + (int) Math.max(0, start - starts[i]);
            int to = (int) Math.min(segment.to, segment.from + end - starts[i]);
            addTo(parts, segment.bytes, from, to);
        }
    }

    private static void addTo(List<Segment> parts, byte[] bytes, int from, int to) {
        if (from < to) {
            parts.add(new Segment(bytes, from, to));
        }
    }

    private int segmentAt(long position) {
        int found = Arrays.binarySearch(starts, position);
        return found >= 0 ? found : -found - 2;
    }

    /** The first position of the byte at or after {@code from}, or -1. */
    long indexOf(byte wanted, long from) {
        if (from >= length) {
            return -1;
        }
        for (int i = segmentAt(from); i < segments.length; i++) {
            Segment segment = segments[i];
            int begin = segment.from + (int) Math.max(0, from - starts[i]);
            int found = ByteSearch.indexOf(segment.bytes, begin, segment.to, wanted);
            if (found < segment.to) {
                return starts[i] + found - segment.from;
            }
        }
        return -1;
    }

    /**
     * The first position of a text at or after {@code from}, or -1.
     *
     * @param anchor which byte of the text is looked for first: one that is rare in bodies
     */
    public long indexOf(byte[] text, int anchor, long from) {
        long found = indexOf(text[anchor], from + anchor);
        while (found >= 0 && !(found >= from + anchor && matches(found - anchor, text))) {
            found = indexOf(text[anchor], found + 1);
        }
        return found < 0 ? -1 : found - anchor;
    }

    /** Whether the bytes at that position are these; false where the body ends before. */
    boolean matches(long position, byte[] expected) {
        if (position + expected.length > length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (byteAt(position + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    int segmentCount() {
        return segments.length;
    }

    public Segment segment(int index) {
        return segments[index];
    }

    long startOf(int index) {
        return starts[index];
    }

    /** The length only: bodies hold what people wrote. */
    @Override
    public String toString() {
        return "ByteSegments[" + length + " bytes]";
    }

    /** A part of an array, from inclusive to exclusive. */
    public static final class Segment {
        final byte[] bytes;
        final int from;
        final int to;

        Segment(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        int length() {
            return to - from;
        }
    }

    /**
     * Collects bytes at the end. What was built stays as it is when more is added. Not thread-safe.
     */
    public static final class Builder {
        private static final int SMALLEST = 512;
        private static final int UNANNOUNCED = 8 * 1024;

        private final List<Segment> full = new ArrayList<>();
        private final long expectedLength;
        private byte[] tail = new byte[0];
        private int used;
        private long length;

        private Builder(long expectedLength) {
            this.expectedLength = expectedLength;
        }

        /** The number of bytes collected so far. */
        public long length() {
            return length;
        }

        /** Adds a copy of a part of the array. */
        public Builder write(byte[] bytes, int offset, int count) {
            return write(ByteBuffer.wrap(bytes, offset, count));
        }

        /** Adds a copy of all that remains in the buffer. */
        public Builder write(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                makeRoom();
                int count = Math.min(bytes.remaining(), tail.length - used);
                bytes.get(tail, used, count);
                advance(count);
            }
            return this;
        }

        /**
         * Reads once, straight into the segments.
         *
         * @return what {@link InputStream#read(byte[], int, int)} returned: a number of bytes, or -1 at the end
         */
        public int readFrom(InputStream in) throws IOException {
            makeRoom();
            int count = in.read(tail, used, tail.length - used);
            advance(Math.max(count, 0));
            return count;
        }

        public ByteSegments build() {
            List<Segment> parts = new ArrayList<>(full);
            addTo(parts, tail, 0, used);
            return new ByteSegments(parts);
        }

        private void advance(int count) {
            used += count;
            length += count;
        }

        private void makeRoom() {
            if (used == tail.length) {
                addTo(full, tail, 0, used);
                tail = new byte[nextSize()];
                used = 0;
            }
        }

        private int nextSize() {
            if (length < expectedLength) {
                // One more than announced, so that reading the end does not ask for another segment.
                return (int) Math.max(SMALLEST, 1 + Math.min(SEGMENT_SIZE - 1, expectedLength - length));
            }
            return length < UNANNOUNCED ? UNANNOUNCED : SEGMENT_SIZE;
        }
    }
}
