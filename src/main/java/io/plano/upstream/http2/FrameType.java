package io.plano.upstream.http2;

/** Types and flags of frames (RFC 9113 §6). */
final class FrameType {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int FLAG_END_STREAM = 0x1;
    static final int FLAG_ACK = 0x1;
    static final int FLAG_END_HEADERS = 0x4;
    static final int FLAG_PADDED = 0x8;
    static final int FLAG_PRIORITY = 0x20;

    static final int HEAD_LENGTH = 9;

    /** The least that every endpoint must accept, and the most that this one sends and accepts (RFC 9113 §4.2). */
    static final int MAX_PAYLOAD = 16 << 10;

    private FrameType() {}
}
