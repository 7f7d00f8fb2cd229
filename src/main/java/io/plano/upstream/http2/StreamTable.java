package io.plano.upstream.http2;

import io.plano.failure.DefectException;
import io.plano.failure.Guard;
import io.plano.upstream.http2.FrameSink.Last;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection and what they have in common: numbers, the connection's windows in both directions, and the
 * order in which they send. What is wrong with one of them ends that one. Reactor thread of the connection only.
 */
final class StreamTable {
    private static final int LAST_STREAM_ID = 1 << 30;

    /** What the server may send on all streams together, in bytes: as good as unlimited. */
    static final int RECEIVE_WINDOW = Integer.MAX_VALUE;

    /** Bodies are not framed ahead of a socket that takes nothing. */
    private static final int OUTPUT_AHEAD = 32 << 10;

    private final FrameWriter writer;
    private final PeerSettings peer;
    private final HeaderCodec codec = new HeaderCodec();
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final Deque<Http2Stream> sending = new ArrayDeque<>();
    private final List<Http2Stream> pausing = new ArrayList<>();
    private int lastStreamId = -1;
    private long sendWindow = Http2Stream.WINDOW;
    private long receiveWindow = RECEIVE_WINDOW;

    StreamTable(FrameWriter writer, PeerSettings peer) {
        this.writer = writer;
        this.peer = peer;
    }

    int size() {
        return streams.size();
    }

    /** Whether the server takes no more streams for now. */
    boolean isFull() {
        return streams.size() >= peer.maxStreams();
    }

    /** Whether the numbers are near their end. */
    boolean isUsedUp() {
        return lastStreamId >= LAST_STREAM_ID;
    }

    /** Gives the stream its number, and sends its head. */
    void open(Http2Stream stream) {
        lastStreamId += 2;
        streams.put(lastStreamId, stream);
        try {
            stream.open(lastStreamId, peer.initialWindow(), codec);
        } catch (IOException | RuntimeException | Error e) {
            stream.lose(DefectException.exception(e)); // a head that cannot be encoded: nothing has been written of it
        }
    }

    void remove(Http2Stream stream) {
        streams.remove(stream.id());
    }

    /** It has something to send, and does when it is its turn. */
    void queue(Http2Stream stream) {
        sending.add(stream);
    }

    /** So many bytes of a body have gone out. */
    void sent(int bytes) {
        sendWindow -= bytes;
    }

    /** One frame of each that has something to send, as far as the socket has taken what was framed before. */
    void sendBodies() {
        int rounds = sending.size();
        while (rounds > 0 && writer.pending() < OUTPUT_AHEAD) {
            sending.remove().send(sendWindow);
            rounds--;
        }
    }

    /** Its listener is to hear when all that has arrived has been looked at. */
    void pauseLater(Http2Stream stream) {
        pausing.add(stream);
    }

    /** All that has arrived has been looked at. */
    void pause() {
        pausing.forEach(Http2Stream::pause);
        pausing.clear();
    }

    void data(int streamId, ByteBuffer bytes, int flowLength, Last last) throws IOException {
        receiveWindow -= flowLength;
        if (receiveWindow < RECEIVE_WINDOW / 2) {
            writer.windowUpdate(0, (int) (RECEIVE_WINDOW - receiveWindow));
            receiveWindow = RECEIVE_WINDOW;
        }
        Http2Stream stream = find(streamId);
        if (stream != null) {
            guarded(stream, () -> stream.onData(bytes, flowLength, last));
        }
    }

    void headers(int streamId, ByteBuffer block, Last last) throws IOException {
        var fields = codec.decode(block);
        Http2Stream stream = find(streamId);
        if (stream != null) {
            guarded(stream, () -> stream.onHeaders(HeaderCodec.read(fields), last));
        }
    }

    private static void guarded(Http2Stream stream, Step step) {
        try {
            step.take();
        } catch (ProtocolException e) {
            stream.fail(H2Error.PROTOCOL_ERROR, e);
        } catch (RuntimeException | Error e) {
            stream.fail(H2Error.INTERNAL_ERROR, DefectException.exception(e));
        }
    }

    void reset(int streamId, int code) throws IOException {
        Http2Stream stream = find(streamId);
        if (stream != null) {
            stream.onReset(code);
        }
    }

    void windowUpdate(int streamId, int increment) throws IOException {
        if (streamId == 0) {
            sendWindow += increment;
            if (increment == 0 || sendWindow > Integer.MAX_VALUE) {
                throw new H2ConnectionException(H2Error.FLOW_CONTROL_ERROR, "a window that cannot be");
            }
            all().forEach(Http2Stream::retry);
            return;
        }
        Http2Stream stream = find(streamId);
        if (stream != null) {
            if (increment == 0) {
                stream.fail(H2Error.PROTOCOL_ERROR, new ProtocolException("a window update of nothing"));
            } else {
                stream.growSendWindow(increment);
            }
        }
    }

    /** The server's settings have changed, of which these concern what is open. */
    void apply(long windowGrowth) {
        codec.limitTable(peer.tableSize());
        if (windowGrowth != 0) {
            all().forEach(stream -> stream.growSendWindow(windowGrowth));
        }
    }

    /** The server has not looked at any behind this one, and will not. */
    void refuseBehind(int lastSeen) {
        all().stream().filter(stream -> stream.id() > lastSeen).forEach(Http2Stream::refuse);
    }

    /** The connection is lost, and all of them with it, each whatever becomes of the others. */
    void lose(Exception cause) {
        for (Http2Stream stream : all()) {
            Guard.quietly(() -> stream.lose(cause));
        }
    }

    /** A copy: what happens to one may take it, or others, out. */
    private List<Http2Stream> all() {
        return new ArrayList<>(streams.values());
    }

    /** Null for one that has ended: what was on its way when it did is no mistake. */
    private @Nullable Http2Stream find(int streamId) throws IOException {
        if ((streamId & 1) == 0 || streamId > lastStreamId) {
            throw new H2ConnectionException(H2Error.PROTOCOL_ERROR, "a frame on a stream that nobody opened");
        }
        return streams.get(streamId);
    }

    private interface Step {
        void take() throws ProtocolException;
    }
}
