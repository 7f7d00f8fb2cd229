package io.plano.server;

import io.plano.process.DescriptorBudget;
import io.plano.process.RareLine;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of clients, of all listeners together, held to their share of the {@link DescriptorBudget}: who comes on
 * top is answered by {@link SurplusClients}, and the number of those is limited too. A connection counts until its socket is
 * closed. Safe for every thread; never blocks.
 */
final class ClientConnections {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);
    private static final Duration QUIET = Duration.ofSeconds(30);

    /** So much time for each connection between two looks at all of them, which cost a small part of it. */
    private static final long LOOK_NANOS = 1000;

    private final DescriptorBudget budget;
    private final LingeringClose lingering;
    private final SurplusClients surplusClients;
    private final Set<SocketChannel> admitted = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> refused = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastLook = new AtomicLong(System.nanoTime());
    private final RareLine exhausted;

    ClientConnections(DescriptorBudget budget, LingeringClose lingering, SurplusClients surplusClients) {
        this.budget = budget;
        this.lingering = lingering;
        this.surplusClients = surplusClients;
        lingering.tell(this::closed);
        RareLine surplus = new RareLine(
                QUIET,
                times -> LOG.warn(
                        "{} clients more than the {} that the limit of open files ({}) leaves room for: refused with 503."
                                + " Raise the limit (ulimit -n, LimitNOFILE=, nofile of the container)",
                        times,
                        budget.connections(),
                        budget.limit()));
        surplusClients.tell(surplus::happened);
        exhausted = new RareLine(
                QUIET,
                times -> LOG.warn(
                        "no file descriptor for a client ({} times): something else has taken them. Raise the limit of"
                                + " open files, now {} (ulimit -n, LimitNOFILE=, nofile of the container)",
                        times,
                        budget.limit()));
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

    /** There is no room for it. */
    void refuse(SocketChannel channel) {
        refused.add(channel);
        surplusClients.answer(channel);
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
