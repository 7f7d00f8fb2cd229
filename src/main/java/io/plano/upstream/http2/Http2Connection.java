package io.plano.upstream.http2;

import io.plano.failure.DefectException;
import io.plano.failure.Guard;
import io.plano.upstream.RequestBody;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one HTTP/2 connection, which many attempts share.
 *
 * <p><b>Threads.</b> Its state belongs to the reactor thread of its session. Other threads {@link #reserve} a place,
 * {@link #open} a stream in it, and act on streams; what they want done waits in a queue for the reactor's next turn.
 *
 * <p><b>How many.</b> One attempt until the server has said how many it takes, then as many, but never more than {@link
 * #MAX_STREAMS}. None any more after the server's farewell (GOAWAY), after a stream fell silent together with the whole
 * connection, and near the end of the numbers. The streams that the server's farewell does not cover are refused: their
 * requests have not been processed. The others go on.
 *
 * <p><b>Memory.</b> The connection's own window is as good as unlimited; each stream's is small. Bodies wait one frame
 * ahead per stream. A server that makes this end answer more than it reads is cut off.
 */
public final class Http2Connection implements IOEventHandler {
    /** More than that on one connection wait for each other at every lost packet. */
    static final int MAX_STREAMS = 100;

    private static final int LAST_STREAM_ID = 1 << 30;
    private static final int CONNECTION_WINDOW = Integer.MAX_VALUE;

    /** Bodies are not framed ahead of a socket that takes nothing. */
    private static final int OUTPUT_AHEAD = 32 << 10;

    private static final int MAX_OUTPUT = 1 << 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Timeout FAREWELL = Timeout.ofSeconds(1);

    /** Of {@link #places}: nobody gets a place any more. */
    private static final int CLOSED = Integer.MIN_VALUE / 2;

    private final IOSession session;
    private final Timeout maxIdle;
    private final FrameReader reader;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger places = new AtomicInteger();

    private volatile @Nullable ConnectionListener listener;
    private volatile int limit = 1;
    private volatile boolean gone;
    private volatile @Nullable Thread turn;

    // Reactor thread only.
    private final FrameWriter writer = new FrameWriter();
    private final HeaderCodec codec = new HeaderCodec();
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final Deque<Http2Stream> sending = new ArrayDeque<>();
    private final List<Http2Stream> pausing = new ArrayList<>();
    private final PeerSettings peer = new PeerSettings();
    private int lastStreamId = -1;
    private long sendWindow = Http2Stream.WINDOW;
    private long receiveWindow = CONNECTION_WINDOW;
    private long lastReadNanos = System.nanoTime();
    private boolean settled;

    /**
     * @param maxIdle how long it is kept without an attempt
     */
    public Http2Connection(IOSession session, Timeout maxIdle) {
        this.session = session;
        this.maxIdle = maxIdle;
        this.reader = new FrameReader(new Incoming());
    }

    /** Called on the reactor thread, before anything that the listener could miss. */
    public void tell(ConnectionListener connectionListener) {
        listener = connectionListener;
    }

    /** Takes a place for one attempt, which {@link #open} must follow, or {@link #giveBack}; false where there is none. */
    public boolean reserve() {
        int taken = places.get();
        while (taken >= 0 && taken < limit) {
            if (places.compareAndSet(taken, taken + 1)) {
                return true;
            }
            taken = places.get();
        }
        return false;
    }

    /** Starts an attempt in a place that was reserved. */
    Http2Stream open(StreamRequest head, @Nullable RequestBody body, StreamListener streamListener) {
        Http2Stream stream = new Http2Stream(this, head, body, streamListener);
        execute(() -> start(stream));
        return stream;
    }

    /** Gives a place back that is not needed after all. */
    public void giveBack() {
        execute(this::vacate);
    }

    /** Does it on the reactor thread; where there is no connection any more, here. */
    void execute(Runnable task) {
        tasks.add(task);
        if (gone) {
            runTasks();
        } else if (turn != Thread.currentThread()) {
            session.setEvent(SelectionKey.OP_WRITE);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void start(Http2Stream stream) {
        if (stream.isClosed()) {
            return;
        }
        if (places.get() < 0 || gone || streams.size() >= peer.maxStreams()) {
            stream.refuse();
            return;
        }
        lastStreamId += 2;
        streams.put(lastStreamId, stream);
        if (settled && streams.size() == 1) {
            session.setSocketTimeout(Timeout.DISABLED); // streams have limits of their own
        }
        try {
            stream.open(lastStreamId, peer.initialWindow());
        } catch (IOException | RuntimeException | Error e) {
            stream.lose(DefectException.exception(e)); // a head that cannot be encoded: nothing has been written of it
        }
        if (lastStreamId >= LAST_STREAM_ID) {
            endReservations();
        }
    }

    FrameWriter writer() {
        return writer;
    }

    HeaderCodec codec() {
        return codec;
    }

    void queue(Http2Stream stream) {
        sending.add(stream);
    }

    /** Its listener is to hear when all that has arrived has been looked at. */
    void pauseLater(Http2Stream stream) {
        pausing.add(stream);
    }

    void sent(int bytes) {
        sendWindow -= bytes;
    }

    /**
     * A stream has been given up for its silence. Where the whole connection has been silent for half of that time or
     * longer, it may be dead, and nobody else should try it.
     */
    void givenUp(long silentSinceNanos) {
        long silence = System.nanoTime() - silentSinceNanos;
        if (System.nanoTime() - lastReadNanos > silence / 2) {
            endReservations();
        }
    }

    void release(Http2Stream stream) {
        streams.remove(stream.id());
        vacate();
    }

    private void vacate() {
        if (places.decrementAndGet() == 0 && settled && !gone) {
            session.setSocketTimeout(maxIdle);
        }
    }

    private void endReservations() {
        int taken = places.get();
        while (taken >= 0) {
            if (places.compareAndSet(taken, taken + CLOSED)) {
                ConnectionListener interested = listener;
                if (interested != null) {
                    interested.ended();
                }
                return;
            }
            taken = places.get();
        }
    }

    @Override
    public void connected(IOSession current) {
        writer.preface();
        writer.settings(
                PeerSettings.ENABLE_PUSH, 0,
                PeerSettings.INITIAL_WINDOW_SIZE, Http2Stream.WINDOW,
                PeerSettings.MAX_HEADER_LIST_SIZE, FrameReader.MAX_BLOCK);
        writer.windowUpdate(0, CONNECTION_WINDOW - Http2Stream.WINDOW);
        session.setEvent(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Override
    public void inputReady(IOSession current, @Nullable ByteBuffer decrypted) {
        if (gone) {
            return;
        }
        turn = Thread.currentThread();
        try {
            if (decrypted != null) {
                lastReadNanos = System.nanoTime();
                reader.feed(decrypted);
                pausing.forEach(Http2Stream::pause);
                pausing.clear();
            }
            turn();
            // With TLS the bytes come with the event; to be read there is only the end.
            if (session.read(NOTHING) < 0) {
                lose(new ConnectionClosedException("the provider closed the connection"));
            }
        } catch (IOException | RuntimeException | Error e) {
            breakDown(DefectException.exception(e));
        } finally {
            turn = null;
        }
    }

    @Override
    public void outputReady(IOSession current) {
        if (gone) {
            leave();
            return;
        }
        turn = Thread.currentThread();
        try {
            turn();
            if (writer.pending() == 0) {
                session.clearEvent(SelectionKey.OP_WRITE);
                if (!tasks.isEmpty()) {
                    session.setEvent(SelectionKey.OP_WRITE);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            breakDown(DefectException.exception(e));
        } finally {
            turn = null;
        }
    }

    /** What every event ends with: what others want done, then bytes onto the wire. */
    private void turn() throws IOException {
        boolean moving = true;
        while (moving || !tasks.isEmpty()) {
            runTasks();
            sendBodies();
            if (writer.pending() > MAX_OUTPUT) {
                throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "more to answer than is read");
            }
            moving = writer.drainTo(session);
        }
        if (places.get() == CLOSED && !gone) {
            lose(new ConnectionClosedException("not needed any more"), H2Error.NO_ERROR);
        } else if (writer.pending() > 0) {
            session.setEvent(SelectionKey.OP_WRITE);
        }
    }

    private void sendBodies() {
        int rounds = sending.size();
        while (rounds > 0 && writer.pending() < OUTPUT_AHEAD) {
            sending.remove().send(sendWindow);
            rounds--;
        }
    }

    @Override
    public void timeout(IOSession current, Timeout timeout) {
        if (gone) {
            session.close(CloseMode.IMMEDIATE); // it did not answer our farewell
        } else if (settled) {
            endReservations();
            session.setEvent(SelectionKey.OP_WRITE); // the farewell, unless somebody came at the last moment
        } else {
            breakDown(new SocketTimeoutException("the provider did not say what it takes"));
        }
    }

    @Override
    public void exception(IOSession current, Exception cause) {
        Guard.quietly(() -> lose(cause));
    }

    @Override
    public void disconnected(IOSession current) {
        Guard.quietly(() -> lose(new ConnectionClosedException("the connection was closed")));
    }

    /** Never fails: the reactor would end with an error, and with it all other connections. */
    private void breakDown(Exception cause) {
        try {
            endBy(cause);
        } catch (Throwable defect) {
            gone = true;
            session.close(CloseMode.IMMEDIATE);
        }
    }

    private void endBy(Exception cause) {
        if (cause instanceof H2ConnectionException fault) {
            lose(new ProtocolException(String.valueOf(fault.getMessage()), fault), H2Error.getByCode(fault.getCode()));
        } else {
            lose(cause);
        }
    }

    private void lose(Exception cause) {
        lose(cause, null);
    }

    /** @param farewell what the server is told; null where it does not listen any more */
    private void lose(Exception cause, @Nullable H2Error farewell) {
        if (gone) {
            return;
        }
        endReservations();
        gone = true;
        if (farewell == null) {
            session.close(CloseMode.IMMEDIATE);
        } else {
            session.setSocketTimeout(FAREWELL);
            writer.goAway(farewell);
            leave();
        }
        for (Http2Stream stream : List.copyOf(streams.values())) {
            Guard.quietly(() -> stream.lose(cause)); // each of them, whatever becomes of the others
        }
        runTasks();
    }

    /** Closes the connection once everything is said. */
    private void leave() {
        try {
            writer.drainTo(session);
            if (writer.pending() == 0) {
                session.clearEvent(SelectionKey.OP_WRITE);
                session.close(CloseMode.GRACEFUL);
            } else {
                session.setEvent(SelectionKey.OP_WRITE);
            }
        } catch (IOException e) {
            session.close(CloseMode.IMMEDIATE); // nobody listens
        }
    }

    /** What the server sends. */
    private final class Incoming implements FrameSink {
        @Override
        public void data(int streamId, ByteBuffer bytes, int flowLength, Last last) throws IOException {
            receiveWindow -= flowLength;
            if (receiveWindow < CONNECTION_WINDOW / 2) {
                writer.windowUpdate(0, (int) (CONNECTION_WINDOW - receiveWindow));
                receiveWindow = CONNECTION_WINDOW;
            }
            Http2Stream stream = find(streamId);
            if (stream != null) {
                guarded(stream, () -> stream.onData(bytes, flowLength, last));
            }
        }

        @Override
        public void headers(int streamId, ByteBuffer block, Last last) throws IOException {
            var fields = codec.decode(block);
            Http2Stream stream = find(streamId);
            if (stream != null) {
                guarded(stream, () -> stream.onHeaders(HeaderCodec.read(fields), last));
            }
        }

        /** What is wrong with one stream ends that one stream. */
        private void guarded(Http2Stream stream, Step step) {
            try {
                step.take();
            } catch (ProtocolException e) {
                stream.fail(H2Error.PROTOCOL_ERROR, e);
            } catch (RuntimeException | Error e) {
                stream.fail(H2Error.INTERNAL_ERROR, DefectException.exception(e));
            }
        }

        /** Null for one that has ended: what was on its way when it did is no mistake. */
        private @Nullable Http2Stream find(int streamId) throws IOException {
            if ((streamId & 1) == 0 || streamId > lastStreamId) {
                throw new H2ConnectionException(H2Error.PROTOCOL_ERROR, "a frame on a stream that nobody opened");
            }
            return streams.get(streamId);
        }

        @Override
        public void reset(int streamId, int code) throws IOException {
            Http2Stream stream = find(streamId);
            if (stream != null) {
                stream.onReset(code);
            }
        }

        @Override
        public void settings(ByteBuffer pairs) throws IOException {
            long before = peer.initialWindow();
            peer.read(pairs);
            codec.limitTable(peer.tableSize());
            writer.settingsAcknowledged();
            limit = Math.min(MAX_STREAMS, peer.maxStreams());
            long growth = peer.initialWindow() - before;
            if (growth != 0) {
                all().forEach(stream -> stream.growSendWindow(growth));
            }
            if (!settled) {
                settled = true;
                session.setSocketTimeout(places.get() == 0 ? maxIdle : Timeout.DISABLED);
                Objects.requireNonNull(listener).ready();
            }
        }

        private List<Http2Stream> all() {
            return new ArrayList<>(streams.values());
        }

        @Override
        public void ping(long opaque) {
            writer.pingAcknowledged(opaque);
        }

        @Override
        public void goAway(int last, int code) {
            endReservations();
            all().stream().filter(stream -> stream.id() > last).forEach(Http2Stream::refuse);
        }

        @Override
        public void windowUpdate(int streamId, int increment) throws IOException {
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
    }

    private interface Step {
        void take() throws ProtocolException;
    }
}
