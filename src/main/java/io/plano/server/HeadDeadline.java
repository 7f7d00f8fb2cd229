package io.plano.server;

import io.plano.failure.Guard;
import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections whose client does not come to the end of a request's head: a byte now and then keeps the idle timeout
 * away for ever. The time counts from the opening of a connection, and from the first byte of every further head. A client
 * that has begun to send gets 408. Looks at all connections a few times within the limit, on the scheduler's thread, so that
 * a request costs nothing but a note of the time.
 */
final class HeadDeadline implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(HeadDeadline.class);
    private static final int LOOKS = 8;

    private final Scheduler scheduler;
    private final List<? extends Connector> connectors;
    private final Duration limit;
    private volatile boolean over;
    private volatile boolean scheduled;
    private volatile @Nullable Pulse pulse;

    HeadDeadline(Scheduler scheduler, List<? extends Connector> connectors, Duration limit) {
        this.scheduler = scheduler;
        this.connectors = connectors;
        this.limit = limit;
    }

    /**
     * To be called when the scheduler runs.
     *
     * @param vitals sees to it that a look that could not be scheduled is
     */
    void start(Vitals vitals) {
        schedule();
        pulse = vitals.pulse("timer of request heads", this::goesOn);
    }

    private boolean goesOn() {
        if (!scheduled) {
            schedule();
        }
        return scheduled;
    }

    private void schedule() {
        if (over) {
            return;
        }
        try {
            scheduler.schedule(this::look, limit.toNanos() / LOOKS, TimeUnit.NANOSECONDS);
            scheduled = true;
        } catch (RuntimeException | Error noMeans) {
            scheduled = false;
        }
    }

    private void look() {
        try {
            for (Connector connector : connectors) {
                for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                    if (endPoint instanceof ClientEndPoint client) {
                        client.endHeadOlderThan(limit);
                    }
                }
            }
        } catch (RuntimeException | Error failure) {
            Guard.quietly(() -> LOG.warn("slow request heads could not be looked at: {}", failure.toString()));
        } finally {
            schedule();
        }
    }

    @Override
    public void close() {
        over = true;
        Pulse own = pulse;
        if (own != null) {
            own.close();
        }
    }
}
