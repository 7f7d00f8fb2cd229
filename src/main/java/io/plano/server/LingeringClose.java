package io.plano.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections so that the client gets all that was written to it (RFC 9112 §9.6): says that nothing more comes,
 * reads and drops what the client still sends, and closes when the client has closed its side, or was silent for five
 * seconds, or after thirty seconds. A socket that is closed with unread bytes resets the connection, and what was still on
 * its way, such as the refusal of an upload, is lost.
 *
 * <p>It looks at the sockets a few times a second: whoever waits here is not in a hurry. Safe for every thread.
 */
final class LingeringClose implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 50;
    private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** For those who got a few bytes at once: on their way for longer, they are lost. */
    private static final long SHORT_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Of one socket in one look: the others wait meanwhile. */
    private static final int MAX_READS = 16;

    /** More than this close at once: they hold a descriptor each. */
    private static final int MAX_SOCKETS = 1000;

    private final Scheduler scheduler;
    private final Set<SocketChannel> lingering = ConcurrentHashMap.newKeySet();
    private final ByteBuffer trash = ByteBuffer.allocate(64 << 10);
    private volatile boolean over;
    private volatile Consumer<SocketChannel> onClosed = channel -> {};

    LingeringClose(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Who is to hear of every socket that is closed here. */
    void tell(Consumer<SocketChannel> listener) {
        onClosed = listener;
    }

    /** The channel is this one's from now on; nobody else may read or write it. Never blocks. */
    void close(SocketChannel channel) {
        close(channel, MAX_SILENCE_NANOS);
    }

    /** As {@link #close}, for a client that should need a second at most to hear of it. */
    void closeSoon(SocketChannel channel) {
        close(channel, SHORT_SILENCE_NANOS);
    }

    /** Without lingering: of a connection on which nothing is under way. */
    void closeNow(SocketChannel channel) {
        end(channel);
    }

    private void close(SocketChannel channel, long silenceNanos) {
        if (over || lingering.size() >= MAX_SOCKETS || !channel.isOpen()) {
            end(channel);
            return;
        }
        try {
            channel.shutdownOutput();
        } catch (IOException | RuntimeException | Error failed) { // nobody else closes it
            end(channel);
            return;
        }
        lingering.add(channel);
        long now = System.nanoTime();
        look(new Look(channel, silenceNanos, now), now);
        if (over) {
            end(channel);
        }
    }

    /** One socket that lingers, for how long a silence at most, and since when. */
    private record Look(SocketChannel channel, long silenceNanos, long sinceNanos) {}

    private void look(Look at, long heardNanos) {
        try {
            lookOnce(at, heardNanos);
        } catch (RuntimeException | Error defect) { // nobody would look again
            end(at.channel);
        }
    }

    private void lookOnce(Look at, long heardNanos) {
        long now = System.nanoTime();
        int dropped = drop(at.channel);
        long heard = dropped > 0 ? now : heardNanos;
        if (dropped < 0 || over || now - at.sinceNanos > MAX_NANOS || now - heard > at.silenceNanos) {
            end(at.channel);
        } else {
            scheduler.schedule(() -> look(at, heard), INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** How many bytes there were; negative where the client has closed. */
    private synchronized int drop(SocketChannel channel) {
        int dropped = 0;
        try {
            for (int reads = 0; reads < MAX_READS; reads++) {
                int count = channel.read(trash.clear());
                if (count < 0) {
                    return count;
                }
                if (count == 0) {
                    break;
                }
                dropped += count;
            }
            return dropped;
        } catch (IOException reset) {
            return -1;
        }
    }

    private void end(SocketChannel channel) {
        lingering.remove(channel);
        IO.close(channel);
        onClosed.accept(channel);
    }

    /** Closes all at once. */
    @Override
    public void close() {
        over = true;
        lingering.forEach(this::end);
    }
}
