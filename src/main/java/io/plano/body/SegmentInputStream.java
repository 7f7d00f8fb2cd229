package io.plano.body;

import java.io.InputStream;
import java.util.Objects;

/** Reads a body from its segments. One reader at a time; nothing to close. */
final class SegmentInputStream extends InputStream {
    private final ByteSegments body;
    private int index;
    private int offset;
    private long remaining;

    SegmentInputStream(ByteSegments body) {
        this.body = body;
        this.remaining = body.length();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int count) {
        Objects.checkFromIndexSize(at, count, target.length);
        if (count == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        ByteSegments.Segment segment = body.segment(index);
        int copied = Math.min(count, segment.length() - offset);
        System.arraycopy(segment.bytes, segment.from + offset, target, at, copied);
        advance(copied, segment.length());
        return copied;
    }

    private void advance(int copied, int segmentLength) {
        remaining -= copied;
        offset += copied;
        if (offset == segmentLength) {
            offset = 0;
            index++;
        }
    }

    /** Exact: gzip asks it to learn whether another member follows. */
    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, remaining);
    }
}
