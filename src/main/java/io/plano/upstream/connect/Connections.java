package io.plano.upstream.connect;

import io.plano.failure.Vitals;
import io.plano.provider.Http2;
import io.plano.upstream.UpstreamSettings;
import io.plano.upstream.attempt.Carriers;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.http1.Http1Engine;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections to providers: those that wait, those that are shared, those in the making; and the reactor with its
 * threads, which serves them. Safe for every thread; only {@link #close} blocks.
 */
public final class Connections implements Carriers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private final DefaultConnectingIOReactor reactor;
    private final ReactorWorkers workers;
    private final Dialer dialer;
    private final IdleConnections idle;
    private final SharedConnections shared;

    private Connections(
            DefaultConnectingIOReactor reactor, ReactorWorkers workers, Dialer dialer, SharedConnections shared) {
        this.reactor = reactor;
        this.workers = workers;
        this.dialer = dialer;
        this.idle = shared.idle();
        this.shared = shared;
        dialer.prepare();
    }

    /**
     * Starts the reactor.
     *
     * @param vitals watches its threads
     * @param timers for limits on silence
     */
    public static Connections start(UpstreamSettings settings, Vitals vitals, ScheduledExecutorService timers) {
        ReactorWorkers workers = new ReactorWorkers(vitals);
        ConnectionLimit limit = new ConnectionLimit(settings.maxConnections());
        DefaultConnectingIOReactor reactor = reactor(settings, workers, limit);
        reactor.start();
        Timeout maxIdle = Timeout.of(settings.keepAlive());
        IdleConnections idle = new IdleConnections(maxIdle);
        Http1Engine engine = Http1Engine.withBuffers(settings.bufferBytes());
        Dialer dialer = new Dialer(reactor, engine, new DialLimits(limit, idle, maxIdle));
        return new Connections(reactor, workers, dialer, new SharedConnections(dialer, idle, timers));
    }

    private static DefaultConnectingIOReactor reactor(
            UpstreamSettings settings, ReactorWorkers workers, ConnectionLimit limit) {
        return new DefaultConnectingIOReactor(
                (session, dial) -> ((Dial) dial).handlerFor(session),
                IOReactorConfig.custom()
                        .setIoThreadCount(settings.reactorThreads())
                        .setTcpNoDelay(true)
                        .setSelectInterval(TimeValue.ofMilliseconds(500))
                        .build(),
                workers,
                null,
                failure -> log.debug("connection to a provider lost: {}", failure.toString()),
                limit,
                null,
                connection -> connection.close(CloseMode.IMMEDIATE),
                workers);
    }

    @Override
    public void begin(UpstreamAttempt attempt) {
        try {
            if (mayBeShared(attempt)) {
                shared.begin(attempt);
            } else if (!idle.begin(attempt)) {
                connect(attempt);
            }
        } catch (Throwable defect) {
            attempt.breakDown(defect);
        }
    }

    @Override
    public void connect(UpstreamAttempt attempt) {
        if (mayBeShared(attempt)) {
            shared.connect(attempt);
        } else {
            dialer.dial(new SingleDial(attempt, idle));
        }
    }

    private static boolean mayBeShared(UpstreamAttempt attempt) {
        return attempt.request().transport().http2() == Http2.AUTO;
    }

    /** Closes all connections; attempts under way fail. Waits up to two seconds for the threads to end. */
    @Override
    public void close() {
        workers.close();
        idle.closeAll();
        dialer.close();
        // Its threads close what they serve, and tell whom it concerns. Closed from here, they would end without a
        // word.
        reactor.initiateShutdown();
        try {
            reactor.awaitShutdown(TimeValue.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reactor.close(CloseMode.IMMEDIATE);
    }
}
