package io.plano.upstream.http1;

import io.plano.failure.DefectException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The events of one HTTP/1.1 connection, one at a time: its reactor thread's, and {@link #execute} of whichever thread
 * has a request for it. The reactor knows exceptions only and would end with an {@link Error}, so none leaves from here.
 *
 * <p>Where a provider is faster than one small buffer at a time, several are read before the attempt hears that it
 * should send on what it got: a write to the client and a turn of the selector cost more than all the rest.
 */
final class Http1Connection extends ClientHttp1IOEventHandler {
    /** Together half of the flow-control window, so that the other half may be read while these are written. */
    private static final int MAX_READS = 4;

    /** One to make the head, one to send it, one for what the socket would not take with it. */
    private static final int MAX_WRITES = 3;

    private static final long CLOSE_NANOS = 200_000;

    private final Http1Session session;
    private final int worthAnother;

    // Made once: the turns of a connection make nothing.
    private final Step connecting = nothing -> connect();
    private final Step reading = this::read;
    private final Step writing = nothing -> write();
    private final Step expiring = nothing -> expire();

    private @Nullable Http1Attempt attempt;
    private int received;
    private long lastReadNanos;

    Http1Connection(ClientHttp1StreamDuplexer duplexer, Http1Session session, int bufferBytes) {
        super(duplexer);
        this.session = session;
        worthAnother = bufferBytes / 2;
    }

    /** Whose answer the connection brings; null when it is complete. */
    void serve(@Nullable Http1Attempt served) {
        attempt = served;
    }

    @Nullable
    Http1Attempt attempt() {
        return attempt;
    }

    /** The head of the answer is large, and so many bytes more of it have come. */
    void headGrew(int bytes) {
        if (attempt != null) {
            attempt.headGrew(bytes);
        }
    }

    /** That many bytes of a body came out of what was just read. */
    void received(int bytes) {
        received += bytes;
    }

    /**
     * Runs a command on the calling thread, which saves the reactor's being woken up for it. TLS sends nothing outside
     * its own events, so there would be nothing to save.
     *
     * @return whether it was run, or failed; if not, it has to be enqueued
     */
    boolean execute(Command command) {
        if (session.getTlsDetails() != null
                || session.turn().isHeldByCurrentThread()
                || !session.turn().tryLock()) {
            return false;
        }
        try {
            session.put(command);
            try {
                write();
                session.register();
            } catch (CancelledKeyException closed) {
                session.close(CloseMode.IMMEDIATE);
            } catch (IOException | RuntimeException e) { // as the reactor does
                exception(session, e);
                session.close(CloseMode.IMMEDIATE);
            } catch (Error defect) {
                exception(session, DefectException.of(defect));
                session.close(CloseMode.IMMEDIATE);
            }
            return session.takeBack() == null;
        } finally {
            session.turn().unlock();
        }
    }

    @Override
    public void inputReady(IOSession unused, @Nullable ByteBuffer source) throws IOException {
        turn(reading, source);
        if (attempt != null && received < worthAnother) {
            letMoreComeTogether();
        }
    }

    @Override
    public void outputReady(IOSession unused) throws IOException {
        turn(writing, null);
    }

    @Override
    public void connected(IOSession unused) throws IOException {
        turn(connecting, null);
    }

    @Override
    public void timeout(IOSession unused, Timeout timeout) throws IOException {
        turn(expiring, null);
    }

    private void turn(Step step, @Nullable ByteBuffer source) throws IOException {
        session.turn().lock();
        try {
            step.take(source);
            session.register();
        } catch (Error defect) {
            throw DefectException.of(defect);
        } finally {
            session.turn().unlock();
        }
    }

    @Override
    public void exception(IOSession unused, Exception cause) {
        lastTurn(cause);
    }

    @Override
    public void disconnected(IOSession unused) {
        lastTurn(null);
    }

    /** @param cause null where the connection is closed already */
    private void lastTurn(@Nullable Exception cause) {
        session.turn().lock();
        try {
            if (cause == null) {
                super.disconnected(session);
            } else {
                super.exception(session, cause);
            }
        } catch (RuntimeException | Error defect) {
            endAttempt(defect);
        } finally {
            session.turn().unlock();
        }
    }

    /** Nobody else would: the engine did not come to its end. */
    private void endAttempt(Throwable defect) {
        Http1Attempt served = attempt;
        if (served != null) {
            served.breakDown(defect);
        }
    }

    private void read(@Nullable ByteBuffer source) throws IOException {
        int reads = 0;
        do {
            received = 0;
            super.inputReady(session, reads == 0 ? source : null);
            reads++;
        } while (received >= worthAnother && attempt != null && reads < MAX_READS && session.isOpen());
        if (attempt != null) {
            attempt.keptWaiting();
            attempt.paused();
        }
        sendOn();
    }

    private void write() throws IOException {
        super.outputReady(session);
        sendOn();
    }

    private void connect() throws IOException {
        super.connected(session);
        sendOn();
    }

    private void expire() throws IOException {
        super.timeout(session, session.getSocketTimeout());
    }

    /** Writes what an event has left to be written, as far as the socket takes it. */
    private void sendOn() throws IOException {
        for (int writes = 0; writes < MAX_WRITES && session.wants(SelectionKey.OP_WRITE); writes++) {
            super.outputReady(session);
        }
    }

    /**
     * Pieces that follow each other this closely cost least when several are passed on at once. Where the processors have
     * others to run, one of them is who writes the next piece or reads the last one; where not, this returns at once. No
     * model writes so fast that its stream would come here.
     */
    @SuppressWarnings("ThreadPriorityCheck") // it is no more than a hint, and no less is meant
    private void letMoreComeTogether() {
        long now = System.nanoTime();
        boolean close = now - lastReadNanos < CLOSE_NANOS;
        lastReadNanos = now;
        if (close) {
            Thread.yield();
        }
    }

    /** What a turn does. */
    private interface Step {
        /** @param source what has been read already; null where that is still to be done, or where nothing is read */
        void take(@Nullable ByteBuffer source) throws IOException;
    }
}
