package io.plano.upstream;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.Endpoint;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandlerFactory;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.nio.AsyncDataProducer;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.EndpointParameters;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
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
 * <p>It stands on HttpCore's reactor and HTTP/1.1 engine with connections of its own rather than on the pooled client:
 * a request then crosses no queue of leases, an abort closes exactly its own connection, and nothing follows redirects,
 * repeats requests, keeps cookies or inflates bodies behind our back. TLS is HttpClient's, with host names verified.
 */
public final class UpstreamClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpstreamClient.class);

    /** HTTP/1.1 is what the engine above the connection speaks, so nothing else may be negotiated. */
    private static final TlsConfig HTTP_1_ONLY =
            TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build();

    private final DefaultConnectingIOReactor reactor;
    private final IdleConnections idleConnections;
    private final AddressBook addresses = new AddressBook();

    private UpstreamClient(DefaultConnectingIOReactor reactor, IdleConnections idleConnections) {
        this.reactor = reactor;
        this.idleConnections = idleConnections;
    }

    /** Starts the reactor. */
    public static UpstreamClient start(UpstreamSettings settings) {
        DefaultConnectingIOReactor reactor = new DefaultConnectingIOReactor(
                handlers(settings),
                IOReactorConfig.custom()
                        .setIoThreadCount(settings.reactorThreads())
                        .setTcpNoDelay(true)
                        .setSelectInterval(TimeValue.ofMilliseconds(500))
                        .build(),
                new DefaultThreadFactory("plano-upstream", true),
                ReadGate::new,
                failure -> log.debug("connection to a provider lost: {}", failure.toString()),
                null,
                ShutdownCommand.GRACEFUL_IMMEDIATE_CALLBACK);
        reactor.start();
        return new UpstreamClient(reactor, new IdleConnections(Timeout.of(settings.keepAlive())));
    }

    private static IOEventHandlerFactory handlers(UpstreamSettings settings) {
        Http1Config http1 = Http1Config.custom()
                .setBufferSize(settings.bufferBytes())
                .setMaxLineLength(64 << 10)
                .setMaxHeaderCount(500)
                .build();
        TlsStrategy tls =
                ClientTlsStrategyBuilder.create().useSystemProperties().buildAsync();
        // A factory for every connection, because what reads the heads of a connection has to know what it wrote.
        return (session, attachment) -> new ClientHttp1IOEventHandlerFactory(
                        duplexers(http1, new HeadGuard(http1)), tls, Timeout.ofSeconds(10))
                .createHandler(session, attachment);
    }

    private static ClientHttp1StreamDuplexerFactory duplexers(Http1Config http1, HeadGuard heads) {
        // No interceptors: the header table decides every field.
        return new ClientHttp1StreamDuplexerFactory(
                new DefaultHttpProcessor(new HttpRequestInterceptor[0]),
                http1,
                CharCodingConfig.DEFAULT,
                null,
                heads::parser,
                heads::writer,
                null);
    }

    /**
     * Sends a request.
     *
     * @param body read on the reactor thread, or null for none; what frames it stands in the request's headers
     * @param listener called on the reactor thread, or, where no connection can be made, possibly on this one
     */
    public UpstreamCall send(UpstreamRequest request, @Nullable AsyncDataProducer body, UpstreamListener listener) {
        UpstreamExchange exchange = new UpstreamExchange(request, body, listener, this);
        IOSession waiting = idleConnections.take(request.endpoint());
        if (waiting != null) {
            exchange.startOnReused(waiting);
        } else {
            connect(exchange);
        }
        return exchange;
    }

    void connect(UpstreamExchange exchange) {
        Endpoint endpoint = exchange.request().endpoint();
        addresses.resolve(
                endpoint,
                found -> connectToFirst(exchange, new ArrayDeque<>(found)),
                failure -> exchange.fail(UpstreamFailures.classify(failure, UpstreamFailures.Phase.CONNECTING)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of everything that the future would tell
    private void connectToFirst(UpstreamExchange exchange, Deque<InetSocketAddress> candidates) {
        Endpoint endpoint = exchange.request().endpoint();
        Duration limit = exchange.request().timeouts().connect();
        EndpointParameters parameters =
                new EndpointParameters(endpoint.scheme(), endpoint.host(), endpoint.port(), HTTP_1_ONLY);
        InetSocketAddress address = candidates.removeFirst();
        try {
            reactor.connect(
                    parameters,
                    address,
                    null,
                    Timeout.of(limit),
                    parameters,
                    new ConnectCallback(exchange, candidates));
        } catch (IllegalStateException e) { // the reactor is shut down
            exchange.fail(GatewayException.of(
                    FailureKind.OVERLOADED, "The gateway is shutting down; send the request again.", e));
        }
    }

    void release(Endpoint endpoint, IOSession session) {
        idleConnections.release(endpoint, session);
    }

    /** Closes all connections; attempts under way fail. Waits up to two seconds for the threads to end. */
    @Override
    public void close() {
        idleConnections.closeAll();
        addresses.close();
        reactor.close(CloseMode.IMMEDIATE);
        try {
            reactor.awaitShutdown(TimeValue.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Goes through a name's addresses until one answers. Called on the reactor thread. */
    private final class ConnectCallback implements FutureCallback<IOSession> {
        private final UpstreamExchange exchange;
        private final Deque<InetSocketAddress> otherAddresses;

        private ConnectCallback(UpstreamExchange exchange, Deque<InetSocketAddress> otherAddresses) {
            this.exchange = exchange;
            this.otherAddresses = otherAddresses;
        }

        @Override
        public void completed(IOSession session) {
            exchange.startOnNew(session);
        }

        @Override
        public void failed(Exception cause) {
            if (otherAddresses.isEmpty()) {
                exchange.fail(UpstreamFailures.classify(cause, UpstreamFailures.Phase.CONNECTING));
            } else {
                connectToFirst(exchange, otherAddresses);
            }
        }

        @Override
        public void cancelled() {
            exchange.cancel();
        }
    }
}
