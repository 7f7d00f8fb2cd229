package io.plano.upstream;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.process.OwnThreads;
import io.plano.upstream.attempt.TotalLimit;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.connect.Connections;
import io.plano.upstream.connect.ViaProxy;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to providers: the sole owner of the I/O reactor, its threads and its connections. Safe for every
 * thread; no method blocks but {@link #close}.
 *
 * <p>It stands on HttpCore's reactor and HTTP/1.1 engine, and on an HTTP/2 engine of its own, with connections of its own
 * rather than on the pooled client: a request then crosses no queue of leases, an abort closes exactly its own connection,
 * and nothing follows redirects, repeats requests, keeps cookies or inflates bodies behind our back. How a connection comes
 * to be, and where it waits, is the business of {@link Connections}.
 */
public final class UpstreamClient implements ProviderCalls.Sender, AutoCloseable {
    private static final String TIMER = "plano-upstream-timer";

    private final OwnThreads timerThreads;
    private final ScheduledThreadPoolExecutor timers;
    private final Pulse timerPulse;
    private final Connections connections;

    private UpstreamClient(UpstreamSettings settings, Vitals vitals) {
        timerThreads = new OwnThreads(TIMER);
        timers = new ScheduledThreadPoolExecutor(1, timerThreads);
        timers.setRemoveOnCancelPolicy(true);
        boolean unused = timers.prestartCoreThread();
        connections = Connections.start(settings, vitals, timers);
        timerPulse = vitals.pulse(TIMER);
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
        UpstreamClient client = new UpstreamClient(settings, vitals);
        client.beat();
        return client;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it goes on until the timers are stopped
    private void beat() {
        timers.scheduleWithFixedDelay(timerPulse::beat, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public UpstreamCall send(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        Duration total = request.timeouts().total();
        if (total == null) {
            UpstreamAttempt attempt = attempt(request, body, listener);
            connections.begin(attempt);
            return attempt;
        }
        TotalLimit limit = new TotalLimit(listener);
        UpstreamAttempt attempt = attempt(request, body, limit);
        limit.start(attempt, total, timers);
        connections.begin(attempt);
        return limit;
    }

    private UpstreamAttempt attempt(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        if (!ViaProxy.isNeededFor(request)) {
            return new UpstreamAttempt(request, body, listener, connections);
        }
        ViaProxy viaProxy = new ViaProxy(listener);
        UpstreamAttempt attempt = new UpstreamAttempt(ViaProxy.absolute(request), body, viaProxy, connections);
        viaProxy.watch(attempt);
        return attempt;
    }

    /** Closes all connections; attempts under way fail. Waits up to two seconds for the threads to end. */
    @Override
    public void close() {
        timerPulse.close();
        timers.shutdownNow();
        connections.close();
        timerThreads.awaitEnd(Duration.ofSeconds(1));
    }
}
