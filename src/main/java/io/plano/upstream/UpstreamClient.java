package io.plano.upstream;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.process.OwnThreads;
import io.plano.provider.Http2;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to providers: the sole owner of the I/O reactor, its threads and its connections. Safe for every
 * thread; no method blocks.
 *
 * <p>It stands on HttpCore's reactor and HTTP/1.1 engine, and on an HTTP/2 engine of its own, with connections of its own rather than on the pooled client:
 * a request then crosses no queue of leases, an abort closes exactly its own connection, and nothing follows redirects,
 * repeats requests, keeps cookies or inflates bodies behind our back. How a connection comes to be is
 * the {@link Dialer}'s.
 */
public final class UpstreamClient implements ProviderCalls.Sender, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpstreamClient.class);

    private final DefaultConnectingIOReactor reactor;
    private final ReactorWorkers workers;
    private @Nullable Pulse timerPulse;
    private final Dialer dialer;
    private final IdleConnections idleConnections;
    private final SharedConnections sharedConnections;
    private final OwnThreads timerThreads = new OwnThreads("plano-upstream-timer");
    private final ScheduledThreadPoolExecutor timers;

    private UpstreamClient(
            DefaultConnectingIOReactor reactor,
            ReactorWorkers workers,
            Dialer dialer,
            IdleConnections idleConnections) {
        this.reactor = reactor;
        this.workers = workers;
        this.dialer = dialer;
        this.idleConnections = idleConnections;
        this.sharedConnections = new SharedConnections(dialer, idleConnections);
        this.timers = new ScheduledThreadPoolExecutor(1, timerThreads);
        timers.setRemoveOnCancelPolicy(true);
        boolean unused = timers.prestartCoreThread();
        dialer.prepare();
    }

    /** Starts the reactor. */
    public static UpstreamClient start(UpstreamSettings settings) {
        return start(settings, Vitals.UNWATCHED);
    }

    /**
     * As the other.
     *
     * @param vitals watches the threads
     */
    public static UpstreamClient start(UpstreamSettings settings, Vitals vitals) {
        ReactorWorkers workers = new ReactorWorkers(vitals);
        ConnectionLimit limit = new ConnectionLimit(settings.maxConnections());
        DefaultConnectingIOReactor reactor = new DefaultConnectingIOReactor(
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
        reactor.start();
        Timeout maxIdle = Timeout.of(settings.keepAlive());
        IdleConnections idle = new IdleConnections(maxIdle);
        DialLimits limits = new DialLimits(limit, idle, maxIdle);
        UpstreamClient client =
                new UpstreamClient(reactor, workers, new Dialer(reactor, engine(settings), limits), idle);
        client.beat(vitals.pulse("plano-upstream-timer"));
        return client;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it goes on until the timers are stopped
    private void beat(Pulse pulse) {
        timerPulse = pulse;
        timers.scheduleWithFixedDelay(pulse::beat, 1, 1, TimeUnit.SECONDS);
    }

    private static Http1Engine engine(UpstreamSettings settings) {
        Http1Config http1 = Http1Config.custom()
                .setBufferSize(settings.bufferBytes())
                .setMaxLineLength(64 << 10)
                .setMaxHeaderCount(500)
                .build();
        return new Http1Engine(http1);
    }

    @Override
    public UpstreamCall send(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        Duration total = request.timeouts().total();
        if (total == null) {
            return begin(exchange(request, body, listener));
        }
        TotalLimit limit = new TotalLimit(listener);
        UpstreamExchange exchange = exchange(request, body, limit);
        limit.start(exchange, total, timers);
        begin(exchange);
        return limit;
    }

    private UpstreamExchange exchange(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        if (!ViaProxy.isNeededFor(request)) {
            return new UpstreamExchange(request, body, listener, this);
        }
        ViaProxy viaProxy = new ViaProxy(listener);
        UpstreamExchange exchange = new UpstreamExchange(ViaProxy.absolute(request), body, viaProxy, this);
        viaProxy.watch(exchange);
        return exchange;
    }

    UpstreamExchange begin(UpstreamExchange exchange) {
        try {
            take(exchange);
        } catch (Throwable defect) {
            exchange.breakDown(defect);
        }
        return exchange;
    }

    private void take(UpstreamExchange exchange) {
        if (mayBeShared(exchange)) {
            sharedConnections.begin(exchange);
            return;
        }
        IOSession waiting = idleConnections.take(exchange.request().connectionKey());
        if (waiting != null) {
            exchange.startOnReused(waiting);
        } else {
            connect(exchange);
        }
    }

    private static boolean mayBeShared(UpstreamExchange exchange) {
        return exchange.request().transport().http2() == Http2.AUTO;
    }

    void connect(UpstreamExchange exchange) {
        if (mayBeShared(exchange)) {
            sharedConnections.connect(exchange);
        } else {
            dialer.dial(exchange);
        }
    }

    ScheduledExecutorService timers() {
        return timers;
    }

    void release(ConnectionKey key, IOSession session) {
        idleConnections.release(key, session);
    }

    /** Closes all connections; attempts under way fail. Waits up to two seconds for the threads to end. */
    @Override
    public void close() {
        workers.close();
        if (timerPulse != null) {
            timerPulse.close();
        }
        timers.shutdownNow();
        idleConnections.closeAll();
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
        timerThreads.awaitEnd(Duration.ofSeconds(1));
    }
}
