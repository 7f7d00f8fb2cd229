package io.plano.upstream.http2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;

/** What the server has said about itself (RFC 9113 §6.5.2). What it leaves out stays as it was. */
final class PeerSettings {
    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;

    private long tableSize = 4096;
    private int maxStreams = Integer.MAX_VALUE;
    private long initialWindow = Http2Stream.WINDOW;

    void read(ByteBuffer pairs) throws IOException {
        while (pairs.hasRemaining()) {
            int name = pairs.getShort() & 0xffff;
            long value = pairs.getInt() & 0xffff_ffffL;
            switch (name) {
                case HEADER_TABLE_SIZE -> tableSize = value;
                case ENABLE_PUSH -> require(value == 0, H2Error.PROTOCOL_ERROR);
                case MAX_CONCURRENT_STREAMS -> maxStreams = (int) Math.min(value, Integer.MAX_VALUE);
                case INITIAL_WINDOW_SIZE -> {
                    require(value <= Integer.MAX_VALUE, H2Error.FLOW_CONTROL_ERROR);
                    initialWindow = value;
                }
                case MAX_FRAME_SIZE ->
                    require(value >= FrameType.MAX_PAYLOAD && value < 1 << 24, H2Error.PROTOCOL_ERROR);
                default -> {
                    // advice, or unknown
                }
            }
        }
    }

    private static void require(boolean met, H2Error otherwise) throws IOException {
        if (!met) {
            throw new H2ConnectionException(otherwise, "a setting that cannot be");
        }
    }

    long tableSize() {
        return tableSize;
    }

    /** How many streams it allows at once; no limit until it names one. */
    int maxStreams() {
        return maxStreams;
    }

    /** How much of a body it takes before it says more. */
    long initialWindow() {
        return initialWindow;
    }
}
