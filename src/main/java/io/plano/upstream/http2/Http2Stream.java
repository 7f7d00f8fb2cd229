package io.plano.upstream.http2;

import io.plano.failure.DefectException;
import io.plano.failure.Guard;
import io.plano.upstream.RequestBody;
import io.plano.upstream.http2.FrameSink.Last;
import io.plano.upstream.http2.StreamListener.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. {@link #cancel}, {@link #abandon} and {@link #update} may come from any thread, the rest is
 * its connection's, on the reactor thread.
 *
 * <p>The answer's window is {@value #WINDOW} bytes and grows again only by what the owner credits, so no more than that
 * ever waits for a slow client. Credit goes to the server in steps of a quarter of it.
 */
final class Http2Stream implements OpenStream {
    /** The default of the protocol, which is little enough (RFC 9113 §6.9.2). */
    static final int WINDOW = 65_535;

    private static final int CREDIT_STEP = WINDOW / 4;
    private static final long UNDECLARED = -1;

    private final Http2Connection connection;
    private final StreamListener listener;
    private final StreamRequest request;
    private final @Nullable OutgoingBody outgoing;
    private final AtomicLong credit = new AtomicLong();
    private volatile long lastEventNanos = System.nanoTime();
    private volatile long lastSentNanos = lastEventNanos;

    // Reactor thread only.
    private int id;
    private long sendWindow;
    private long receiveWindow = WINDOW;
    private long declared = UNDECLARED;
    private long received;
    private boolean headSeen;
    private boolean localEnded;
    private boolean remoteEnded;
    private boolean closed;
    private boolean queued;
    private boolean heard;

    Http2Stream(
            Http2Connection connection, StreamRequest request, @Nullable RequestBody body, StreamListener listener) {
        this.connection = connection;
        this.request = request;
        this.listener = listener;
        this.outgoing = body == null ? null : new OutgoingBody(body, this::wake);
    }

    @Override
    public void cancel() {
        connection.execute(() -> reset(H2Error.CANCEL));
    }

    @Override
    public void abandon(Exception cause) {
        connection.execute(() -> {
            if (!closed) {
                connection.givenUp(lastEventNanos);
                fail(H2Error.CANCEL, cause);
            }
        });
    }

    @Override
    public long lastEventNanos() {
        return lastEventNanos;
    }

    @Override
    public long lastSentNanos() {
        return lastSentNanos;
    }

    /** Lets the server send so many bytes more. */
    @Override
    public void update(int increment) {
        if (credit.addAndGet(increment) >= CREDIT_STEP) {
            connection.execute(this::sendCredit);
        }
    }

    private void sendCredit() {
        long increment = Math.min(credit.getAndSet(0), Integer.MAX_VALUE - receiveWindow);
        if (!closed && !remoteEnded && increment > 0) {
            receiveWindow += increment;
            connection.writer().windowUpdate(id, (int) increment);
        }
    }

    private void wake() {
        connection.execute(this::queue);
    }

    private void queue() {
        if (!queued && !closed && !localEnded && id != 0) {
            queued = true;
            connection.streams().queue(this);
        }
    }

    int id() {
        return id;
    }

    boolean isClosed() {
        return closed;
    }

    /** Sends the head. */
    void open(int streamId, long initialSendWindow, HeaderCodec codec) throws IOException {
        id = streamId;
        sendWindow = initialSendWindow;
        localEnded = outgoing == null;
        ByteBuffer block = codec.encode(request);
        connection.writer().headers(id, block, localEnded ? Last.YES : Last.NO);
        sent();
        queue();
    }

    /** Sends at most one frame of the body; the connection's window is the least that it may rely on. */
    void send(long connectionWindow) {
        queued = false;
        OutgoingBody body = outgoing;
        if (closed || localEnded || body == null) {
            return;
        }
        try {
            body.produce();
        } catch (IOException | RuntimeException | Error e) {
            fail(H2Error.CANCEL, DefectException.exception(e));
            return;
        }
        long window = Math.min(FrameType.MAX_PAYLOAD, Math.min(connectionWindow, sendWindow));
        if (body.isAtEnd() || (window > 0 && body.available() > 0)) {
            int count = body.take(connection.writer(), id, (int) Math.max(0, window));
            sendWindow -= count;
            connection.streams().sent(count);
            localEnded = body.isClosed();
            sent();
            if (localEnded && remoteEnded) {
                close();
            } else {
                queue();
            }
        }
    }

    private void sent() {
        touch();
        lastSentNanos = lastEventNanos;
    }

    private void touch() {
        lastEventNanos = System.nanoTime();
    }

    /** By a window update of this stream, or a change of the initial window. */
    void growSendWindow(long increment) {
        sendWindow += increment;
        if (sendWindow > Integer.MAX_VALUE) {
            fail(H2Error.FLOW_CONTROL_ERROR, new ProtocolException("a window that is too large"));
        } else {
            queue();
        }
    }

    /** The connection's window has grown. */
    void retry() {
        queue();
    }

    void onHeaders(FieldBlock block, Last last) throws ProtocolException {
        touch();
        if (headSeen) {
            if (block.status() != FieldBlock.NO_STATUS || last == Last.NO) {
                throw new ProtocolException("a second head");
            }
            endRemote();
            return;
        }
        if (block.status() < 200) {
            if (block.status() < 100 || block.status() == 101 || last == Last.YES) {
                throw new ProtocolException("an interim answer that is none");
            }
            return; // speaks to the sender of the request, which is this gateway (RFC 9110 §15.2)
        }
        headSeen = true;
        boolean hasNoBody = request.method().equals("HEAD") || block.status() == 204 || block.status() == 304;
        declared = hasNoBody ? UNDECLARED : declaredLength(block);
        if (last == Last.YES && declared > 0) {
            throw new ProtocolException("a body that was announced is missing");
        }
        listener.head(this, block.status(), block.fields(), last == Last.YES ? Body.NONE : Body.FOLLOWS);
        goOn(last);
    }

    /** After what has been passed on. */
    private void goOn(Last last) {
        if (last == Last.YES) {
            endRemote();
        } else if (!heard) {
            heard = true;
            connection.streams().pauseLater(this);
        }
    }

    /** Everything that has arrived has been looked at. */
    void pause() {
        heard = false;
        if (closed || remoteEnded) {
            return;
        }
        try {
            listener.paused();
        } catch (RuntimeException | Error e) {
            fail(H2Error.INTERNAL_ERROR, DefectException.exception(e));
        }
    }

    private static long declaredLength(FieldBlock block) throws ProtocolException {
        long length = UNDECLARED;
        for (String value : block.fields().all("content-length")) {
            if (!value.matches("[0-9]{1,18}") || (length != UNDECLARED && length != Long.parseLong(value))) {
                throw new ProtocolException("an ambiguous length");
            }
            length = Long.parseLong(value);
        }
        return length;
    }

    void onData(ByteBuffer bytes, int flowLength, Last last) throws ProtocolException {
        touch();
        receiveWindow -= flowLength;
        received += bytes.remaining();
        if (receiveWindow < 0) {
            fail(H2Error.FLOW_CONTROL_ERROR, new ProtocolException("more than the window allows"));
            return;
        }
        if (!headSeen || (declared != UNDECLARED && received > declared)) {
            throw new ProtocolException("a body that was not announced");
        }
        int padding = flowLength - bytes.remaining();
        if (bytes.hasRemaining()) {
            listener.data(bytes);
        }
        if (padding > 0) {
            update(padding);
        }
        goOn(last);
    }

    private void endRemote() {
        remoteEnded = true;
        if (declared != UNDECLARED && received < declared) {
            fail(H2Error.PROTOCOL_ERROR, new ConnectionClosedException("the answer is shorter than announced"));
            return;
        }
        listener.end();
        if (localEnded) {
            close();
        } else {
            reset(H2Error.CANCEL); // nobody wants the rest of the request
        }
    }

    /** The server ended it. */
    void onReset(int code) {
        if (code == H2Error.REFUSED_STREAM.getCode()) {
            refuse();
        } else {
            lose(new H2StreamResetException(code, "reset by the provider (" + code + ")"));
        }
    }

    /** The server has not seen it, and will not. */
    void refuse() {
        if (headSeen) {
            lose(new ConnectionClosedException("the provider gave up an answer that it had begun"));
        } else if (!closed) {
            endWith(listener::refused);
        }
    }

    /** It has ended without a word of ours to the server. */
    void lose(Exception cause) {
        if (!closed) {
            endWith(() -> listener.failed(cause));
        }
    }

    /** Tells the server that it is over, and the listener why. */
    void fail(H2Error code, Exception cause) {
        if (!closed) {
            sendReset(code);
            lose(cause);
        }
    }

    private void reset(H2Error code) {
        if (!closed) {
            sendReset(code);
            close();
        }
    }

    private void sendReset(H2Error code) {
        if (id != 0) {
            connection.writer().reset(id, code);
        }
    }

    private void close() {
        endWith(() -> {});
    }

    /** Whatever the listener makes of its last words ends with it, and not with the connection of the others. */
    private void endWith(Runnable lastWord) {
        try {
            detach();
        } finally {
            Guard.quietly(lastWord);
            Guard.quietly(listener::closed);
        }
    }

    private void detach() {
        closed = true;
        if (outgoing != null) {
            outgoing.close();
        }
        connection.release(this);
    }
}
