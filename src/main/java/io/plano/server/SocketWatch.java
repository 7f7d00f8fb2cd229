package io.plano.server;

import io.plano.client.ClientWatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the client of an HTTP/1.1 connection has gone while its answer is under way. Jetty does not read from a
 * connection between a request and the end of its answer; this reads instead, one byte at most: an end of stream means
 * that the client has left, a byte is the start of a pipelined request and goes to the connection.
 *
 * <pre>
 *   IDLE ── watch ──▶ WATCHING ── readable ──▶ READING ── nothing ──▶ WATCHING
 *                        │                        └── byte, or end ──▶ DONE
 *                        └── release ──▶ DONE
 * </pre>
 *
 * {@link #release} waits out a reading in progress (one system call), so that the connection is Jetty's alone when the
 * answer is completed.
 */
final class SocketWatch implements ClientWatch, Callback {
    private enum State {
        IDLE,
        WATCHING,
        READING,
        DONE
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final AbstractEndPoint endPoint;
    private final Connection.UpgradeTo connection;
    private volatile @Nullable Runnable gone;

    SocketWatch(AbstractEndPoint endPoint, Connection.UpgradeTo connection) {
        this.endPoint = endPoint;
        this.connection = connection;
    }

    /** Makes a watch available to the web application, where the request's connection allows one. */
    static void offer(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        EndPoint endPoint = connection.getEndPoint();
        if (endPoint instanceof AbstractEndPoint socket && connection instanceof Connection.UpgradeTo http) {
            request.setAttribute(ClientWatch.ATTRIBUTE, new SocketWatch(socket, http));
        }
    }

    @Override
    public void watch(Runnable callback) {
        gone = callback;
        if (state.compareAndSet(State.IDLE, State.WATCHING) && !endPoint.tryFillInterested(this)) {
            // Jetty itself waits for the rest of the request: then it also notices the end.
            state.compareAndSet(State.WATCHING, State.DONE);
        }
    }

    @Override
    public void release() {
        while (state.get() != State.DONE) {
            if (state.compareAndSet(State.WATCHING, State.DONE)) {
                endPoint.getFillInterest().onFail(new IOException("released"));
            } else if (!state.compareAndSet(State.IDLE, State.DONE)) {
                Thread.onSpinWait(); // being read
            }
        }
    }

    /** The connection is readable. Called on a selector thread. */
    @Override
    public void succeeded() {
        if (!state.compareAndSet(State.WATCHING, State.READING)) {
            return;
        }
        try {
            read();
        } catch (Throwable defect) {
            reportGone(State.READING); // whoever waits in release() would do so for ever
        }
    }

    private void read() {
        ByteBuffer buffer = BufferUtil.allocate(1);
        int count;
        try {
            count = endPoint.fill(buffer);
        } catch (IOException e) {
            count = -1;
        }
        if (count > 0) {
            connection.onUpgradeTo(buffer);
            state.set(State.DONE);
        } else if (count < 0) {
            reportGone(State.READING);
        } else {
            state.set(State.WATCHING);
            if (!endPoint.tryFillInterested(this)) {
                state.compareAndSet(State.WATCHING, State.DONE);
            }
        }
    }

    /** Released, or the connection was closed, or was idle for too long. */
    @Override
    public void failed(Throwable cause) {
        if (!endPoint.isOpen()) {
            reportGone(State.WATCHING); // does nothing once released
        }
    }

    private void reportGone(State from) {
        Runnable callback = gone;
        // Before the call: it ends the exchange, which releases this watch.
        if (state.compareAndSet(from, State.DONE) && callback != null) {
            callback.run();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
