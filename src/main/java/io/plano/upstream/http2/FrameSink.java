package io.plano.upstream.http2;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the frames of a connection as they come in. Buffers are the reader's, and used again after the call. */
interface FrameSink {
    /**
     * @param flowLength what it counts in flow control, padding included
     */
    void data(int streamId, ByteBuffer bytes, int flowLength, Last last) throws IOException;

    /** A whole block of fields, put together from all its frames. */
    void headers(int streamId, ByteBuffer block, Last last) throws IOException;

    void reset(int streamId, int code) throws IOException;

    /** Pairs of a 16-bit name and a 32-bit value. */
    void settings(ByteBuffer pairs) throws IOException;

    void ping(long opaque) throws IOException;

    void goAway(int lastStreamId, int code) throws IOException;

    /** @param streamId 0 for the connection */
    void windowUpdate(int streamId, int increment) throws IOException;

    /** Whether a frame ends its stream. */
    enum Last {
        YES,
        NO
    }
}
