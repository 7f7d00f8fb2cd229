package io.plano.upstream;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.Lock;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * Closes two gaps between a socket and the HTTP/1.1 reader above it.
 *
 * <p><b>A session without read interest yields no bytes.</b> The reader of HttpCore clears its read interest when the
 * flow-control window is spent, but its loop goes on for as long as the socket has bytes: a fast upstream pushes
 * megabytes past a stalled client. With the gate the loop finds an empty socket and stops at the window.
 *
 * <p><b>A connection with unread bytes is not used again</b> (RFC 9112 §6.3, R23). Bytes behind the end of an answer make
 * the reader come back for more within the same event; on a connection just released that betrays them.
 *
 * <p>All reads come from the reactor thread of the session.
 */
final class ReadGate implements IOSession {
    /** Enqueued on a session when its exchange is over; taken out here, never seen by the HTTP layer. */
    static final Command RELEASED = () -> true;

    private final IOSession session;
    private volatile boolean released;
    private boolean newEvent;

    ReadGate(IOSession session) {
        this.session = session;
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        if ((session.getEventMask() & SelectionKey.OP_READ) == 0) {
            return 0;
        }
        if (released && !newEvent) {
            session.close(CloseMode.IMMEDIATE);
            return 0;
        }
        return session.read(destination);
    }

    @Override
    public void updateReadTime() {
        newEvent = true;
        session.updateReadTime();
    }

    @Override
    public void enqueue(Command command, Command.Priority priority) {
        if (command == RELEASED) {
            newEvent = false;
            released = true;
            return;
        }
        released = false;
        session.enqueue(command, priority);
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
    public Command poll() {
        return session.poll();
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
    public int getEventMask() {
        return session.getEventMask();
    }

    @Override
    public void setEventMask(int operations) {
        session.setEventMask(operations);
    }

    @Override
    public void setEvent(int operation) {
        session.setEvent(operation);
    }

    @Override
    public void clearEvent(int operation) {
        session.clearEvent(operation);
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
}
