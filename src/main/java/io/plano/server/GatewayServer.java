package io.plano.server;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.process.DescriptorBudget;
import io.plano.provider.Provider;
import io.plano.provider.Timeouts;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Listener;
import io.plano.web.GatewayLifecycle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The standalone server: embedded Jetty with one connector for each listener of a snapshot, around the same web
 * application that a servlet container runs. Owns its threads (named {@code plano-…}) and sockets; {@link #close} gives
 * all of them back. Thread-safe.
 *
 * <h2>Why it is set up the way it is</h2>
 *
 * Measured: a thread hand-off costs about 5 µs of CPU, and a proxy that never blocks needs none. So there are no
 * acceptor threads, the context declares itself non-blocking, and connection tasks run inline ({@link InlineExecutor});
 * {@link DispatchMode#POOLED} turns that off. Buffers are small because thousands of slow streams are the common case;
 * {@link InputBuffer} makes them large for uploads. No {@code Server} and no {@code
 * Date}: a proxy passes on those of the origin (RFC 9110 §6.6.1, §7.7).
 */
public final class GatewayServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);
    private static final int HEAD_BYTES = 64 << 10;
    /** More than an upstream's answer can bring, with what the gateway adds. */
    private static final int ANSWER_HEAD_BYTES = 272 << 10;

    private static final int ACCEPT_QUEUE = 4096;

    private final Server server;
    private final List<ServerConnector> connectors = new ArrayList<>();
    private final ExchangeDrain drain;
    private final @Nullable InlineExecutor inline;
    private final LingeringClose lingering;
    private final HeadDeadline headDeadline;
    private final SurplusClients surplus;
    private final ClientConnections clients;
    private final Duration idleTimeout;
    private final Vitals vitals = Vitals.start();

    private GatewayServer(GatewaySnapshot snapshot, DispatchMode mode) {
        idleTimeout = idleTimeout(snapshot);
        int threads = threads(mode);
        QueuedThreadPool pool = new QueuedThreadPool(threads, threads);
        pool.setName("plano-server");
        pool.setStopTimeout(Duration.ofSeconds(1).toMillis());
        Scheduler scheduler = new ScheduledExecutorScheduler("plano-scheduler", true);
        server = new Server(pool, scheduler, null);
        lingering = new LingeringClose(scheduler);
        GatewayContext context = GatewayContext.of(snapshot, mode);
        context.setAttribute(GatewayLifecycle.VITALS_ATTRIBUTE, vitals);
        surplus = new SurplusClients(scheduler, vitals, lingering);
        clients = new ClientConnections(DescriptorBudget.ofProcess(), lingering, surplus);
        drain = new ExchangeDrain(context);
        server.setHandler(drain);
        server.setErrorHandler(new ConnectionErrors());
        inline = mode == DispatchMode.INLINE ? InlineExecutor.start(pool, vitals) : null;
        // Only a server whose handlers cannot change may be non-blocking.
        server.setDynamic(mode == DispatchMode.POOLED);
        HttpConfiguration http = httpConfiguration(snapshot);
        for (Listener listener : snapshot.listeners()) {
            connectors.add(connector(listener, new ClientConnection.Factory(http)));
        }
        connectors.forEach(server::addConnector);
        headDeadline = new HeadDeadline(scheduler, connectors, HeadDeadline.LIMIT);
    }

    /**
     * Serves the snapshot's listeners in the {@linkplain DispatchMode#configured() configured} mode. Returns when
     * requests are answered.
     *
     * @throws IOException where a port cannot be opened; the message says which, and why
     * @throws IllegalStateException where the web application does not start
     */
    public static GatewayServer start(GatewaySnapshot snapshot) throws IOException {
        return start(snapshot, DispatchMode.configured());
    }

    /** As {@link #start(GatewaySnapshot)}, in that mode. */
    public static GatewayServer start(GatewaySnapshot snapshot, DispatchMode mode) throws IOException {
        GatewayServer gateway = new GatewayServer(snapshot, mode);
        try {
            gateway.openPorts();
            gateway.server.start();
            gateway.startTimer();
            gateway.watchSelectors();
            gateway.headDeadline.start(gateway.vitals);
            return gateway;
        } catch (IOException failure) {
            gateway.abandon();
            throw failure;
        } catch (Exception failure) {
            gateway.abandon();
            throw new IllegalStateException("the gateway did not start: " + failure.getMessage(), failure);
        }
    }

    /** Before anything else starts, so that a port in use costs nothing and is named. */
    private void openPorts() throws IOException {
        for (ServerConnector connector : connectors) {
            try {
                connector.open();
            } catch (IOException failure) {
                Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
                String reason = cause instanceof UnresolvedAddressException ? "unknown host" : cause.getMessage();
                String where = connector.getHost() + ":" + connector.getPort();
                throw new IOException("cannot listen on " + where + ": " + reason, failure);
            }
        }
    }

    /** A selector that turns takes what is submitted to it at its next turn. */
    private void watchSelectors() {
        for (ServerConnector connector : connectors) {
            for (ManagedSelector selector : connector.getSelectorManager().getBeans(ManagedSelector.class)) {
                AtomicReference<Pulse> own = new AtomicReference<>();
                Pulse pulse = vitals.pulse("selector of " + connector.getName(), () -> {
                    Pulse asked = own.get();
                    if (asked != null) {
                        selector.submit(turning -> asked.beat());
                    }
                    return false;
                });
                own.set(pulse);
            }
        }
    }

    /** Completes with the reason when a thread is lost without which the gateway cannot go on. */
    public CompletableFuture<String> lost() {
        return vitals.lost();
    }

    /** Its thread would come to be with the first connection. */
    private void startTimer() {
        Scheduler.Task unused = server.getScheduler().schedule(() -> {}, 0, TimeUnit.MILLISECONDS);
    }

    private void abandon() {
        connectors.forEach(GatewayServer::stopAccepting);
        stop();
    }

    /** All are there from the start: one that cannot be created later would fail whoever needs it. */
    private static int threads(DispatchMode mode) {
        int atLeast = mode == DispatchMode.INLINE ? 16 : 64;
        return Math.max(atLeast, 4 * Runtime.getRuntime().availableProcessors());
    }

    /** One for about two cores: the work of a selector is short, and more of them only take cores from the streams. */
    static int selectors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private ServerConnector connector(Listener listener, HttpConnectionFactory http) {
        // No executor is the server's own. Handed over, each connector would stop it for the others.
        ServerConnector connector = inline == null
                ? new LingeringConnector(server, null, clients, http)
                : new WatchedConnector(server, inline, clients, http);
        connector.setName(listener.name());
        connector.setHost(listener.address());
        connector.setPort(listener.port());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(idleTimeout.toMillis());
        return connector;
    }

    /** A connection is as quiet as the provider behind it: what the provider may take must not end it here. */
    static Duration idleTimeout(GatewaySnapshot snapshot) {
        Duration longest = IDLE_TIMEOUT;
        for (Provider provider : snapshot.providers()) {
            Timeouts timeouts = provider.timeouts();
            for (Duration silence : List.of(timeouts.firstByte(), timeouts.idle())) {
                longest = silence.compareTo(longest) > 0 ? silence : longest;
            }
        }
        return longest.plus(Duration.ofSeconds(30));
    }

    static HttpConfiguration httpConfiguration(GatewaySnapshot snapshot) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(Math.max(HEAD_BYTES, snapshot.limits().maxHeaderBytes()));
        // Grown to only where an upstream's head is large; the size to begin with stays Jetty's 8 KB.
        http.setMaxResponseHeaderSize(ANSWER_HEAD_BYTES);
        http.setInputBufferSize(InputBuffer.SMALL);
        // What is written is a whole event or a whole body: collecting it first would keep 32 KB for every stream.
        http.setOutputAggregationSize(0);
        http.setHttpCompliance(HttpCompliance.RFC9110);
        // %2F and the like are for the gateway to judge, by the bytes that the client sent.
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    /** Where it listens, in the order of the snapshot's listeners, with the real port where the listener said 0. */
    public List<InetSocketAddress> addresses() {
        return connectors.stream()
                .map(connector -> new InetSocketAddress(connector.getHost(), connector.getLocalPort()))
                .toList();
    }

    /** The number of exchanges whose response is not complete. */
    public int openExchanges() {
        return drain.open();
    }

    /** Stops accepting, lets open exchanges finish for up to five seconds, then closes what is left. */
    @Override
    public void close() {
        connectors.forEach(GatewayServer::stopAccepting);
        drain.await(GRACE);
        stop();
    }

    /** Without acceptor threads Jetty would keep the port open, and let connections pile up in it, until the end. */
    private static void stopAccepting(ServerConnector connector) {
        if (!(connector.getTransport() instanceof ServerSocketChannel port)) {
            return;
        }
        try {
            if (connector.isStarted()) {
                awaitRegistration(port);
                port.close();
                // Closing takes effect when the selector next looks: wake it.
                connector.setAccepting(false);
            } else {
                port.close();
            }
        } catch (IOException ignored) {
            // Closed is closed.
        }
    }

    /** Jetty registers a port some time after the start, and fails if it finds it closed. */
    private static void awaitRegistration(ServerSocketChannel port) {
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (port.isOpen() && !port.isRegistered() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private void stop() {
        vitals.close();
        surplus.close();
        lingering.close();
        headDeadline.close();
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the server did not stop cleanly", failure);
        } finally {
            if (inline != null) {
                inline.close();
            }
        }
    }
}
