package io.plano.upstream.http1;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionInitializer;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What HttpCore's HTTP/1.1 engine takes for its session. It differs from the real one in two ways.
 *
 * <p><b>Without read interest it yields no bytes.</b> The reader of HttpCore clears its read interest when the
 * flow-control window is spent, but its loop goes on for as long as the socket has bytes: a fast upstream pushes
 * megabytes past a stalled client. Here the loop finds an empty socket and stops at the window.
 *
 * <p><b>Within a turn, interest is noted and not registered.</b> The engine asks to be told when the socket can be
 * written to and writes then, which is two changes of the selector's registration and a round of its loop for every
 * request, while the socket could have been written to at once. Whoever holds the turn writes first ({@link #wants}),
 * and {@link #register registers} what interest is left. What other threads ask for in the meantime is registered as it
 * comes. Interest is never withdrawn late: that could take away what another thread has registered since.
 */
final class Http1Session implements ProtocolIOSession {
    private final ProtocolIOSession session;
    private final ReentrantLock turn = new ReentrantLock();
    /** Operations. Of the turn. */
    private int noted;
    /** Of the turn. */
    private @Nullable Command command;

    Http1Session(ProtocolIOSession session) {
        this.session = session;
    }

    /** Begins a turn: one thread at a time runs the events of a connection. Ends by {@link Lock#unlock}. */
    ReentrantLock turn() {
        return turn;
    }

    /** The next command that is polled. Only within a turn. */
    void put(Command next) {
        command = next;
    }

    /** Takes back what was put and not polled. Only within a turn. */
    @Nullable
    Command takeBack() {
        Command left = command;
        command = null;
        return left;
    }

    /** Whether interest in an operation is noted. Only within a turn. */
    boolean wants(int operation) {
        return (noted & operation) != 0;
    }

    /** Registers the interest that was noted. Only within a turn. */
    void register() {
        int left = noted;
        noted = 0;
        if (left != 0 && session.isOpen() && (left & ~session.getEventMask()) != 0) {
            session.setEvent(left);
        }
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        if ((getEventMask() & SelectionKey.OP_READ) == 0) {
            return 0;
        }
        return session.read(destination);
    }

    @Override
    public int getEventMask() {
        return turn.isHeldByCurrentThread() ? session.getEventMask() | noted : session.getEventMask();
    }

    @Override
    public void setEvent(int operation) {
        if (turn.isHeldByCurrentThread()) {
            noted |= operation;
        } else {
            session.setEvent(operation);
        }
    }

    @Override
    public void clearEvent(int operation) {
        if (turn.isHeldByCurrentThread()) {
            noted &= ~operation;
            if ((session.getEventMask() & operation) == 0) {
                return;
            }
        }
        session.clearEvent(operation);
    }

    @Override
    public @Nullable Command poll() {
        if (turn.isHeldByCurrentThread() && command != null) {
            return takeBack();
        }
        return session.poll();
    }

    @Override
    public void setEventMask(int operations) {
        session.setEventMask(operations);
    }

    @Override
    public void updateReadTime() {
        session.updateReadTime();
    }

    @Override
    public void enqueue(Command next, Command.Priority priority) {
        session.enqueue(next, priority);
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public Lock getLock() {
        return session.getLock();
    }

    @Override
    public boolean hasCommands() {
        return session.hasCommands();
    }

    @Override
    public ByteChannel channel() {
        return session.channel();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return session.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return session.getLocalAddress();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public void close(CloseMode closeMode) {
        session.close(closeMode);
    }

    @Override
    public Status getStatus() {
        return session.getStatus();
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public Timeout getSocketTimeout() {
        return session.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        session.setSocketTimeout(timeout);
    }

    @Override
    public long getLastReadTime() {
        return session.getLastReadTime();
    }

    @Override
    public long getLastWriteTime() {
        return session.getLastWriteTime();
    }

    @Override
    public long getLastEventTime() {
        return session.getLastEventTime();
    }

    @Override
    public void updateWriteTime() {
        session.updateWriteTime();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return session.write(source);
    }

    @Override
    public IOEventHandler getHandler() {
        return session.getHandler();
    }

    @Override
    public void upgrade(IOEventHandler handler) {
        session.upgrade(handler);
    }

    @Override
    public NamedEndpoint getInitialEndpoint() {
        return session.getInitialEndpoint();
    }

    @Override
    public @Nullable TlsDetails getTlsDetails() {
        return session.getTlsDetails();
    }

    @Override
    public void startTls(
            SSLContext context,
            NamedEndpoint endpoint,
            SSLBufferMode bufferMode,
            SSLSessionInitializer initializer,
            SSLSessionVerifier verifier,
            Timeout handshakeTimeout) {
        throw new UnsupportedOperationException("TLS begins before HTTP does");
    }
}
