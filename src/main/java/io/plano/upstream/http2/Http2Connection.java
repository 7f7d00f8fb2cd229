package io.plano.upstream.http2;

import io.plano.failure.DefectException;
import io.plano.upstream.RequestBody;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private static final int MAX_OUTPUT = 1 << 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Timeout FAREWELL = Timeout.ofSeconds(1);

    private final IOSession session;
    private final Timeout maxIdle;
    private final FrameReader reader;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Places places = new Places();

    private volatile @Nullable ConnectionListener listener;
    private volatile boolean gone;
    private volatile @Nullable Thread turn;

    // Reactor thread only.
    private final FrameWriter writer = new FrameWriter();
    private final PeerSettings peer = new PeerSettings();
    private final StreamTable streams = new StreamTable(writer, peer);
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
        return places.reserve();
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
        try {
            if (!stream.isClosed()) {
                place(stream);
            }
        } catch (RuntimeException | Error e) {
            stream.lose(DefectException.exception(e)); // nobody else knows it yet
        }
    }

    private void place(Http2Stream stream) {
        if (places.areClosed() || gone || streams.isFull()) {
            stream.refuse();
            return;
        }
        if (settled && streams.size() == 0) {
            session.setSocketTimeout(Timeout.DISABLED); // streams have limits of their own
        }
        streams.open(stream);
        if (streams.isUsedUp()) {
            endReservations();
        }
    }

    FrameWriter writer() {
        return writer;
    }

    StreamTable streams() {
        return streams;
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
        streams.remove(stream);
        vacate();
    }

    private void vacate() {
        if (places.vacate() && settled && !gone) {
            session.setSocketTimeout(maxIdle);
        }
    }

    private void endReservations() {
        if (places.close()) {
            ConnectionListener interested = listener;
            if (interested != null) {
                interested.ended();
            }
        }
    }

    @Override
    public void connected(IOSession current) {
        writer.preface();
        writer.settings(
                PeerSettings.ENABLE_PUSH, 0,
                PeerSettings.INITIAL_WINDOW_SIZE, Http2Stream.WINDOW,
                PeerSettings.MAX_HEADER_LIST_SIZE, FrameReader.MAX_BLOCK);
        writer.windowUpdate(0, StreamTable.RECEIVE_WINDOW - Http2Stream.WINDOW);
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
                streams.pause();
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
            streams.sendBodies();
            if (writer.pending() > MAX_OUTPUT) {
                throw new H2ConnectionException(H2Error.ENHANCE_YOUR_CALM, "more to answer than is read");
            }
            moving = writer.drainTo(session);
        }
        if (places.areOver() && !gone) {
            lose(new ConnectionClosedException("not needed any more"), H2Error.NO_ERROR);
        } else if (writer.pending() > 0) {
            session.setEvent(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void timeout(IOSession current, Timeout timeout) {
        try {
            if (gone) {
                session.close(CloseMode.IMMEDIATE); // it did not answer our farewell
            } else if (settled) {
                endReservations();
                session.setEvent(SelectionKey.OP_WRITE); // the farewell, unless somebody came at the last moment
            } else {
                lose(new SocketTimeoutException("the provider did not say what it takes"));
            }
        } catch (RuntimeException | Error e) {
            breakDown(DefectException.exception(e));
        }
    }

    @Override
    public void exception(IOSession current, Exception cause) {
        breakDown(cause);
    }

    @Override
    public void disconnected(IOSession current) {
        try {
            lose(new ConnectionClosedException("the connection was closed"));
        } catch (RuntimeException | Error e) {
            breakDown(DefectException.exception(e));
        }
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
        try {
            endReservations();
        } finally {
            gone = true;
            try {
                takeLeave(farewell);
            } finally {
                streams.lose(cause);
                runTasks();
            }
        }
    }

    private void takeLeave(@Nullable H2Error farewell) {
        if (farewell == null) {
            session.close(CloseMode.IMMEDIATE);
            return;
        }
        try {
            session.setSocketTimeout(FAREWELL);
            writer.goAway(farewell);
            leave();
        } catch (RuntimeException | Error e) {
            session.close(CloseMode.IMMEDIATE); // without a word, then
        }
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
        } catch (IOException | RuntimeException | Error e) {
            session.close(CloseMode.IMMEDIATE); // nobody listens, or there are no means to tell
        }
    }

    /** What the server sends. */
    private final class Incoming implements FrameSink {
        @Override
        public void data(int streamId, ByteBuffer bytes, int flowLength, Last last) throws IOException {
            streams.data(streamId, bytes, flowLength, last);
        }

        @Override
        public void headers(int streamId, ByteBuffer block, Last last) throws IOException {
            streams.headers(streamId, block, last);
        }

        @Override
        public void reset(int streamId, int code) throws IOException {
            streams.reset(streamId, code);
        }

        @Override
        public void windowUpdate(int streamId, int increment) throws IOException {
            streams.windowUpdate(streamId, increment);
        }

        @Override
        public void settings(ByteBuffer pairs) throws IOException {
            long windowBefore = peer.initialWindow();
            peer.read(pairs);
            writer.settingsAcknowledged();
            places.limit(Math.min(MAX_STREAMS, peer.maxStreams()));
            streams.apply(peer.initialWindow() - windowBefore);
            if (!settled) {
                settled = true;
                session.setSocketTimeout(places.areFree() ? maxIdle : Timeout.DISABLED);
                Objects.requireNonNull(listener).ready();
            }
        }

        @Override
        public void ping(long opaque) {
            writer.pingAcknowledged(opaque);
        }

        @Override
        public void goAway(int lastStreamId, int code) {
            endReservations();
            streams.refuseBehind(lastStreamId);
        }
    }
}
