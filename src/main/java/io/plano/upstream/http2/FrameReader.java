package io.plano.upstream.http2;

import io.plano.upstream.http2.FrameSink.Last;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into frames and checks all that can be checked without knowing its streams (RFC 9113 §4
 * and §6). A block of fields that comes in several frames is handed on as one. One connection, one thread.
 */
final class FrameReader {
    /** A block of fields as it travels; heads are limited to as much where they are decoded. */
    static final int MAX_BLOCK = 256 << 10;

    /** More pieces than an honest sender makes of a block. */
    private static final int MAX_CONTINUATIONS = 128;

    private final FrameSink sink;
    private final ByteBuffer partial = ByteBuffer.allocate(FrameType.HEAD_LENGTH + FrameType.MAX_PAYLOAD);

    private @Nullable ByteBuffer block;
    private int blockStream;
    private Last blockLast = Last.NO;
    private int continuations;

    FrameReader(FrameSink sink) {
        this.sink = sink;
    }

    /** Whether the bytes so far end within a frame or a block of fields. */
    boolean isWithinFrame() {
        return partial.position() > 0 || block != null;
    }

    /** Takes all the bytes. */
    void feed(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (partial.position() == 0) {
                readWhole(bytes);
                partial.put(bytes); // less than a frame
            } else {
                complete(bytes);
            }
        }
    }

    private void readWhole(ByteBuffer bytes) throws IOException {
        while (bytes.remaining() >= FrameType.HEAD_LENGTH) {
            int length = length(bytes, bytes.position());
            if (bytes.remaining() < FrameType.HEAD_LENGTH + length) {
                return;
            }
            frame(bytes, length);
        }
    }

    private void complete(ByteBuffer bytes) throws IOException {
        int needed = FrameType.HEAD_LENGTH;
        if (partial.position() >= needed) {
            needed += length(partial, 0);
        }
        int count = Math.min(needed - partial.position(), bytes.remaining());
        partial.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        if (partial.position() < FrameType.HEAD_LENGTH) {
            return;
        }
        int length = length(partial, 0);
        if (partial.position() == FrameType.HEAD_LENGTH + length) {
            partial.flip();
            frame(partial, length);
            partial.clear();
        }
    }

    private static int length(ByteBuffer bytes, int index) throws IOException {
        int length = bytes.getInt(index) >>> 8;
        if (length > FrameType.MAX_PAYLOAD) {
            throw new H2ConnectionException(H2Error.FRAME_SIZE_ERROR, "a frame of " + length + " bytes");
        }
        return length;
    }

    /** Moves behind the frame. */
    private void frame(ByteBuffer bytes, int length) throws IOException {
        int start = bytes.position();
        int type = bytes.get(start + 3) & 0xff;
        int flags = bytes.get(start + 4) & 0xff;
        int streamId = bytes.getInt(start + 5) & Integer.MAX_VALUE;
        ByteBuffer payload = bytes.slice(start + FrameType.HEAD_LENGTH, length);
        bytes.position(start + FrameType.HEAD_LENGTH + length);
        if (block != null && (type != FrameType.CONTINUATION || streamId != blockStream)) {
            throw malformed("a block of fields is interrupted");
        }
        dispatch(type, flags, streamId, payload);
    }

    private void dispatch(int type, int flags, int streamId, ByteBuffer payload) throws IOException {
        switch (type) {
            case FrameType.DATA -> {
                int flowLength = payload.remaining();
                sink.data(onStream(streamId), unpadded(payload, flags), flowLength, last(flags));
            }
            case FrameType.HEADERS -> headers(onStream(streamId), unpadded(payload, flags), flags);
            case FrameType.CONTINUATION -> continuation(payload, flags);
            case FrameType.RST_STREAM ->
                sink.reset(onStream(streamId), exactly(4, payload).getInt());
            case FrameType.SETTINGS -> settings(onConnection(streamId, payload), flags);
            case FrameType.PUSH_PROMISE -> throw malformed("a push, which was switched off");
            case FrameType.PING -> {
                long opaque = exactly(8, onConnection(streamId, payload)).getLong();
                if ((flags & FrameType.FLAG_ACK) == 0) {
                    sink.ping(opaque);
                }
            }
            case FrameType.GOAWAY -> {
                if (onConnection(streamId, payload).remaining() < 8) {
                    throw wrongSize();
                }
                sink.goAway(payload.getInt() & Integer.MAX_VALUE, payload.getInt());
            }
            case FrameType.WINDOW_UPDATE ->
                sink.windowUpdate(streamId, exactly(4, payload).getInt() & Integer.MAX_VALUE);
            default -> {
                // PRIORITY has no meaning any more, and what is unknown is ignored (RFC 9113 §4.1, §5.3.2).
            }
        }
    }

    private void headers(int streamId, ByteBuffer payload, int flags) throws IOException {
        if ((flags & FrameType.FLAG_PRIORITY) != 0) {
            if (payload.remaining() < 5) {
                throw wrongSize();
            }
            payload.position(payload.position() + 5);
        }
        if ((flags & FrameType.FLAG_END_HEADERS) != 0) {
            sink.headers(streamId, payload, last(flags));
            return;
        }
        blockStream = streamId;
        blockLast = last(flags);
        continuations = 0;
        block = ByteBuffer.allocate(Math.max(4096, payload.remaining() * 2)).put(payload);
    }

    private void continuation(ByteBuffer payload, int flags) throws IOException {
        ByteBuffer collected = block;
        if (collected == null) {
            throw malformed("a continuation of nothing");
        }
        continuations++;
        int size = collected.position() + payload.remaining();
        if (continuations > MAX_CONTINUATIONS || size > MAX_BLOCK) {
            throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "a block of fields that is too large");
        }
        if (collected.remaining() < payload.remaining()) {
            collected = ByteBuffer.allocate(size * 2).put(collected.flip());
        }
        collected.put(payload);
        block = collected;
        if ((flags & FrameType.FLAG_END_HEADERS) != 0) {
            block = null;
            sink.headers(blockStream, collected.flip(), blockLast);
        }
    }

    private void settings(ByteBuffer payload, int flags) throws IOException {
        boolean acknowledged = (flags & FrameType.FLAG_ACK) != 0;
        if (payload.remaining() % 6 != 0 || (acknowledged && payload.hasRemaining())) {
            throw wrongSize();
        }
        if (!acknowledged) {
            sink.settings(payload);
        }
    }

    private static ByteBuffer unpadded(ByteBuffer payload, int flags) throws IOException {
        if ((flags & FrameType.FLAG_PADDED) == 0) {
            return payload;
        }
        int padding = payload.hasRemaining() ? payload.get() & 0xff : Integer.MAX_VALUE;
        if (padding > payload.remaining()) {
            throw malformed("more padding than payload");
        }
        return payload.limit(payload.limit() - padding);
    }

    private static Last last(int flags) {
        return (flags & FrameType.FLAG_END_STREAM) != 0 ? Last.YES : Last.NO;
    }

    private static int onStream(int streamId) throws IOException {
        if (streamId == 0) {
            throw malformed("a frame without its stream");
        }
        return streamId;
    }

    private static ByteBuffer onConnection(int streamId, ByteBuffer payload) throws IOException {
        if (streamId != 0) {
            throw malformed("a frame of the connection on a stream");
        }
        return payload;
    }

    private static ByteBuffer exactly(int size, ByteBuffer payload) throws IOException {
        if (payload.remaining() != size) {
            throw wrongSize();
        }
        return payload;
    }

    private static H2ConnectionException wrongSize() {
        return new H2ConnectionException(H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
    }

    private static H2ConnectionException malformed(String what) {
        return new H2ConnectionException(H2Error.PROTOCOL_ERROR, what);
    }
}
