package io.plano.server;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of one listener come in. As long as {@link ClientConnections} has room it just accepts. Then it makes
 * room by closing connections on which nothing is under way, and refuses whom it finds no room for. When even that is too
 * many, or no descriptor is left, it pauses: it takes its interest away from the port, since a selector that is told of
 * clients whom it does not accept would be told again at once, for ever. They wait in the port's own queue meanwhile.
 *
 * <p>{@link #accept} is called by selector threads, the rest by any.
 */
final class AcceptGate {
    private static final long PAUSE_MILLIS = 50;

    /** At once: those who were closed come back. */
    private static final int MOST_CLOSED = 32;

    /** From one look at all connections to the next; shorter than a pause. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** Closes connections on which nothing is under way, or finds some to close the next time. */
    interface Spares {
        int close(int most);
    }

    private final ClientConnections clients;
    private final Spares spares;
    private final Scheduler scheduler;
    private final List<Selector> selectors = new CopyOnWriteArrayList<>();
    private final AtomicLong lastSearch = new AtomicLong(System.nanoTime() - SEARCH_NANOS);

    AcceptGate(ClientConnections clients, Spares spares, Scheduler scheduler) {
        this.clients = clients;
        this.spares = spares;
        this.scheduler = scheduler;
    }

    /** The port may be registered with this one. */
    Selector watched(Selector selector) {
        selectors.removeIf(former -> !former.isOpen());
        selectors.add(selector);
        return selector;
    }

    /** The next connection; null when there is none, or not now. */
    @Nullable
    SocketChannel accept(ServerSocketChannel port) throws IOException {
        boolean isFull = clients.isFull();
        if (isFull && (makesRoom() || clients.isBusyRefusing())) {
            pause(port);
            return null;
        }
        SocketChannel channel = next(port);
        if (channel == null) {
            return null;
        }
        if (isFull) {
            clients.refuse(channel);
            // The next one only when the selector has looked after the others, which it has kept waiting.
            return null;
        }
        clients.admit(channel);
        return channel;
    }

    /** What is closed is so when the selectors have looked the next time. */
    private boolean makesRoom() {
        long now = System.nanoTime();
        long before = lastSearch.get();
        return now - before >= SEARCH_NANOS && lastSearch.compareAndSet(before, now) && spares.close(MOST_CLOSED) > 0;
    }

    private @Nullable SocketChannel next(ServerSocketChannel port) throws IOException {
        try {
            return port.accept();
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException exhausted) {
            clients.exhausted();
            pause(port);
            return null;
        }
    }

    private void pause(ServerSocketChannel port) {
        interest(port, 0);
        try {
            scheduler.schedule(() -> interest(port, SelectionKey.OP_ACCEPT), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error noMeans) { // without a pause, rather than for ever
            interest(port, SelectionKey.OP_ACCEPT);
        }
    }

    private void interest(ServerSocketChannel port, int operations) {
        for (Selector selector : selectors) {
            SelectionKey key = port.keyFor(selector);
            try {
                if (key != null) {
                    key.interestOps(operations);
                    selector.wakeup();
                }
            } catch (CancelledKeyException closed) {
                // Nobody is accepted any more.
            }
        }
    }
}
