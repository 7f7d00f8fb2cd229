package io.plano.upstream.http2;

import io.plano.upstream.http2.FrameSink.Last;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.apache.hc.core5.http2.H2Error;

/** Frames on their way out, in one buffer that grows as needed. One connection, one thread. */
final class FrameWriter {
    /** The client's part of the connection preface (RFC 9113 §3.4). */
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final int INITIAL_SIZE = 4096;

    /** An emptied buffer that is larger than that is given up. */
    private static final int KEPT_SIZE = 64 << 10;

    /** Filled up to its position. */
    private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_SIZE);

    int pending() {
        return buffer.position();
    }

    /** Writes as much as the channel takes; whether that is anything. */
    boolean drainTo(WritableByteChannel channel) throws IOException {
        if (buffer.position() == 0) {
            return false;
        }
        buffer.flip();
        int written;
        try {
            written = channel.write(buffer);
        } finally {
            buffer.compact();
        }
        if (buffer.position() == 0 && buffer.capacity() > KEPT_SIZE) {
            buffer = ByteBuffer.allocate(INITIAL_SIZE);
        }
        return written > 0;
    }

    private ByteBuffer room(int size) {
        if (buffer.remaining() < size) {
            int needed = buffer.position() + size;
            buffer =
                    ByteBuffer.allocate(Math.max(needed, buffer.capacity() * 2)).put(buffer.flip());
        }
        return buffer;
    }

    private ByteBuffer frame(int type, int flags, int streamId, int length) {
        return room(FrameType.HEAD_LENGTH + length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(streamId);
    }

    void preface() {
        room(PREFACE.length).put(PREFACE);
    }

    /** @param pairs name, value, name, value … */
    void settings(int... pairs) {
        ByteBuffer out = frame(FrameType.SETTINGS, 0, 0, pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            out.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
    }

    void settingsAcknowledged() {
        frame(FrameType.SETTINGS, FrameType.FLAG_ACK, 0, 0);
    }

    void pingAcknowledged(long opaque) {
        frame(FrameType.PING, FrameType.FLAG_ACK, 0, 8).putLong(opaque);
    }

    void windowUpdate(int streamId, int increment) {
        frame(FrameType.WINDOW_UPDATE, 0, streamId, 4).putInt(increment);
    }

    void reset(int streamId, H2Error code) {
        frame(FrameType.RST_STREAM, 0, streamId, 4).putInt(code.getCode());
    }

    /** This end has accepted no stream of the other's, whatever happens. */
    void goAway(H2Error code) {
        frame(FrameType.GOAWAY, 0, 0, 8).putInt(0).putInt(code.getCode());
    }

    /** A block of fields, in as many frames as it needs. */
    void headers(int streamId, ByteBuffer block, Last last) {
        int type = FrameType.HEADERS;
        int flags = flags(last);
        do {
            int length = Math.min(block.remaining(), FrameType.MAX_PAYLOAD);
            boolean whole = length == block.remaining();
            frame(type, flags | (whole ? FrameType.FLAG_END_HEADERS : 0), streamId, length)
                    .put(block.slice(block.position(), length));
            block.position(block.position() + length);
            type = FrameType.CONTINUATION;
            flags = 0;
        } while (block.hasRemaining());
    }

    void data(int streamId, ByteBuffer bytes, Last last) {
        frame(FrameType.DATA, flags(last), streamId, bytes.remaining()).put(bytes);
    }

    private static int flags(Last last) {
        return last == Last.YES ? FrameType.FLAG_END_STREAM : 0;
    }
}
