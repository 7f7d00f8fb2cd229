package io.plano.testing;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing of RFC 9112 §6 off one body. Promises to tell a clean end (-1) from a cut one ({@link
 * EOFException}, or the socket's own exception), and to resume after a time-out at any byte.
 */
final class BodyReader {
    private enum State {
        CHUNK_SIZE,
        DATA,
        AFTER_CHUNK,
        TRAILERS,
        UNTIL_CLOSE,
        ENDED
    }

    private final WireReader wire;
    private final boolean chunked;
    private final StringBuilder line = new StringBuilder();
    private final List<HeaderLine> trailers = new ArrayList<>();
    private State state;
    private long remaining;

    private BodyReader(WireReader wire, State state, long remaining) {
        this.wire = wire;
        this.state = state;
        this.chunked = state == State.CHUNK_SIZE;
        this.remaining = remaining;
    }

    static BodyReader none(WireReader wire) {
        return new BodyReader(wire, State.ENDED, 0);
    }

    static BodyReader ofRequest(MessageHead head, WireReader wire) {
        @Nullable BodyReader framed = framed(head, wire);
        return framed == null ? none(wire) : framed;
    }

    static BodyReader ofResponse(MessageHead head, WireReader wire) {
        @Nullable BodyReader framed = framed(head, wire);
        return framed == null ? new BodyReader(wire, State.UNTIL_CLOSE, 0) : framed;
    }

    private static @Nullable BodyReader framed(MessageHead head, WireReader wire) {
        if (head.lists("Transfer-Encoding", "chunked")) {
            return new BodyReader(wire, State.CHUNK_SIZE, 0);
        }
        @Nullable String length = head.header("Content-Length");
        if (length == null) {
            return null;
        }
        long bytes = Long.parseLong(length);
        return new BodyReader(wire, bytes == 0 ? State.ENDED : State.DATA, bytes);
    }

    /** At least one byte of the body; -1 at its clean end. */
    int read(byte[] target) throws IOException {
        while (true) {
            switch (state) {
                case CHUNK_SIZE -> startChunk(readLine());
                case DATA -> {
                    return readData(target);
                }
                case AFTER_CHUNK -> endChunk(readLine());
                case TRAILERS -> addTrailer(readLine());
                case UNTIL_CLOSE -> {
                    return wire.read(target, target.length);
                }
                case ENDED -> {
                    return -1;
                }
            }
        }
    }

    List<HeaderLine> trailers() {
        return List.copyOf(trailers);
    }

    private int readData(byte[] target) throws IOException {
        int length = wire.read(target, (int) Math.min(target.length, remaining));
        if (length < 0) {
            throw new EOFException(remaining + " bytes of the body are missing");
        }
        remaining -= length;
        if (remaining == 0) {
            state = chunked ? State.AFTER_CHUNK : State.ENDED;
        }
        return length;
    }

    private void startChunk(String sizeLine) throws ProtocolException {
        try {
            remaining = Long.parseLong(sizeLine.split(";", 2)[0].strip(), 16);
        } catch (NumberFormatException notHexadecimal) {
            throw new ProtocolException("not a chunk size: " + sizeLine);
        }
        state = remaining == 0 ? State.TRAILERS : State.DATA;
    }

    private void endChunk(String empty) throws ProtocolException {
        if (!empty.isEmpty()) {
            throw new ProtocolException("a chunk is longer than its size: " + empty);
        }
        state = State.CHUNK_SIZE;
    }

    private void addTrailer(String trailer) {
        if (trailer.isEmpty()) {
            state = State.ENDED;
        } else {
            trailers.add(HeaderLine.parse(trailer));
        }
    }

    private String readLine() throws IOException {
        for (int next = wire.read(); next != '\n'; next = wire.read()) {
            if (next < 0) {
                throw new EOFException("the peer ended within the chunked framing");
            }
            line.append((char) next);
        }
        String complete = line.toString();
        line.setLength(0);
        return complete.endsWith("\r") ? complete.substring(0, complete.length() - 1) : complete;
    }
}
