package io.plano.upstream.http1;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;

/** Reads bring what has arrived, once; writes go nowhere, and no further than there is room. */
final class ScriptedSocket {
    final Deque<Command> commands = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    final ProtocolIOSession session = (ProtocolIOSession) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ProtocolIOSession.class},
            (proxy, method, arguments) -> call(method.getName(), arguments));
    ByteBuffer arrived = ByteBuffer.allocate(0);
    boolean atEnd;
    int reads;
    int written;
    int room = Integer.MAX_VALUE;
    int interest = SelectionKey.OP_READ;
    int registrations;
    boolean closed;

    @Nullable
    TlsDetails tls;

    @Nullable
    IOEventHandler handler;

    private @Nullable Object call(String method, Object[] arguments) {
        return switch (method) {
            case "read" -> read((ByteBuffer) arguments[0]);
            case "write" -> drain((ByteBuffer) arguments[0]);
            case "poll" -> commands.poll();
            case "enqueue" -> commands.add((Command) arguments[0]);
            case "hasCommands" -> !commands.isEmpty();
            case "getLock" -> lock;
            case "getHandler" -> handler;
            case "isOpen" -> !closed;
            case "close" -> closed = true;
            case "getStatus" -> IOSession.Status.ACTIVE;
            case "getEventMask" -> interest;
            case "setEvent" -> register(interest | (int) arguments[0]);
            case "clearEvent" -> register(interest & ~(int) arguments[0]);
            case "getTlsDetails" -> tls;
            case "toString" -> "scripted";
            default -> null;
        };
    }

    private @Nullable Object register(int operations) {
        interest = operations;
        registrations++;
        return null;
    }

    private int read(ByteBuffer destination) {
        reads++;
        if (!arrived.hasRemaining()) {
            return atEnd ? -1 : 0;
        }
        int count = Math.min(arrived.remaining(), destination.remaining());
        destination.put(arrived.slice(arrived.position(), count));
        arrived.position(arrived.position() + count);
        return count;
    }

    private int drain(ByteBuffer source) {
        int count = Math.min(source.remaining(), room);
        written += count;
        room -= count;
        source.position(source.position() + count);
        return count;
    }
}
