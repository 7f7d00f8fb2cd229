package io.plano.server;

import io.plano.process.DescriptorBudget;
import io.plano.process.RareLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of clients, of all listeners together, held to their share of the {@link DescriptorBudget}: who comes on
 * top is told so with a 503, which needs no request to have been read, and whose number is limited too. A connection
 * counts until its socket is closed. Safe for every thread; never blocks.
 */
final class ClientConnections {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);
    private static final Duration QUIET = Duration.ofSeconds(30);

    /** So much time for each connection between two looks at all of them, which cost a small part of it. */
    private static final long LOOK_NANOS = 1000;

    private final DescriptorBudget budget;
    private final LingeringClose lingering;
    private final Set<SocketChannel> admitted = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> refused = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastLook = new AtomicLong(System.nanoTime());
    private final byte[] refusal = refusal();
    private final RareLine surplus;
    private final RareLine exhausted;

    ClientConnections(DescriptorBudget budget, LingeringClose lingering) {
        this.budget = budget;
        this.lingering = lingering;
        lingering.tell(this::closed);
        surplus = new RareLine(
                QUIET,
                times -> LOG.warn(
                        "{} clients more than the {} that the limit of open files ({}) leaves room for: refused with 503."
                                + " Raise the limit (ulimit -n, LimitNOFILE=, nofile of the container)",
                        times,
                        budget.connections(),
                        budget.limit()));
        exhausted = new RareLine(
                QUIET,
                times -> LOG.warn(
                        "no file descriptor for a client ({} times): something else has taken them. Raise the limit of"
                                + " open files, now {} (ulimit -n, LimitNOFILE=, nofile of the container)",
                        times,
                        budget.limit()));
    }

    private static byte[] refusal() {
        byte[] body = ErrorBody.of(503).getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + ErrorBody.MEDIA_TYPE
                + "\r\nContent-Length: " + body.length
                + "\r\nRetry-After: 1\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
        return (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    boolean isFull() {
        return isFull(admitted, budget.connections());
    }

    /** Whether so many are being refused that the next one has to wait even for that. */
    boolean isBusyRefusing() {
        return isFull(refused, budget.refusals());
    }

    private boolean isFull(Set<SocketChannel> channels, int most) {
        if (channels.size() < most) {
            return false;
        }
        long before = lastLook.get();
        long now = System.nanoTime();
        if (now - before >= LOOK_NANOS * admitted.size() && lastLook.compareAndSet(before, now)) {
            // Some are closed by others than us, such as a connection that failed before it was one.
            admitted.removeIf(channel -> !channel.isOpen());
            refused.removeIf(channel -> !channel.isOpen());
        }
        return channels.size() >= most;
    }

    void admit(SocketChannel channel) {
        admitted.add(channel);
    }

    /** Answers without waiting for the request, and closes. */
    void refuse(SocketChannel channel) {
        surplus.happened();
        try {
            channel.configureBlocking(false);
            int unused = channel.write(ByteBuffer.wrap(refusal)); // fits the empty buffer of a new socket
        } catch (IOException gone) {
            IO.close(channel);
            return;
        }
        refused.add(channel);
        lingering.closeSoon(channel);
    }

    LingeringClose lingering() {
        return lingering;
    }

    /** A socket could not be accepted for want of a descriptor. */
    void exhausted() {
        exhausted.happened();
    }

    /** Its socket is closed. */
    private void closed(SocketChannel channel) {
        if (!admitted.remove(channel)) {
            refused.remove(channel);
        }
    }
}
