package io.plano.upstream;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.EgressProxy;
import io.plano.provider.Endpoint;
import io.plano.provider.TlsSettings;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections: looks the address up, connects, asks an egress proxy for a tunnel, secures it, and puts the HTTP
 * engine on it. Each of these is at most a step of a {@link Dial}. Safe for every thread; nothing blocks.
 */
final class Dialer implements AutoCloseable {
    /** HTTP/1.1 is what the engine above the connection speaks, so nothing else may be negotiated. */
    private static final TlsConfig HTTP_1_ONLY =
            TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build();

    private final ConnectionInitiator reactor;
    private final Http1Engine engine;
    private final AddressBook addresses = new AddressBook();
    private final TlsStrategies tls = new TlsStrategies();

    Dialer(ConnectionInitiator reactor, Http1Engine engine) {
        this.reactor = reactor;
        this.engine = engine;
    }

    /** Starts the exchange on a connection of its own, or fails it, on whichever thread that comes to be. */
    void dial(UpstreamExchange exchange) {
        EgressProxy proxy = exchange.request().transport().proxy();
        addresses.resolve(
                proxy == null ? exchange.request().endpoint() : proxy.endpoint(),
                found -> dial(exchange, found),
                failure -> exchange.fail(connectFailure(exchange, failure)));
    }

    private void dial(UpstreamExchange exchange, List<InetSocketAddress> found) {
        new Dial(exchange, new ArrayDeque<>(found), this).connectToNext();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of everything that the future would tell
    void connect(Dial dial, InetSocketAddress address, Timeout limit) {
        Endpoint endpoint = dial.endpoint();
        try {
            reactor.connect(new Name(endpoint.host(), endpoint.port()), address, null, limit, dial, dial);
        } catch (IllegalStateException e) { // the reactor is shut down
            dial.exchange()
                    .fail(GatewayException.of(
                            FailureKind.OVERLOADED, "The gateway is shutting down; send the request again.", e));
        }
    }

    /** The words for a failure to connect: who it was that could not be reached depends on who was asked. */
    static GatewayException connectFailure(UpstreamExchange exchange, Exception cause) {
        GatewayException failure = UpstreamFailures.classify(cause, UpstreamFailures.Phase.CONNECTING);
        if (exchange.request().transport().proxy() == null || cause instanceof GatewayException) {
            return failure;
        }
        return GatewayException.of(failure.kind(), "The egress proxy could not be reached.", cause);
    }

    void secure(ProtocolIOSession session, Endpoint endpoint, TlsSettings settings, Timeout limit) {
        tls.forSettings(settings)
                .upgrade(session, new Name(endpoint.host(), endpoint.port()), HTTP_1_ONLY, limit, null);
    }

    /** The HTTP engine for a connection that is ready for it. */
    IOEventHandler http(ProtocolIOSession session) {
        return engine.on(session);
    }

    @Override
    public void close() {
        addresses.close();
    }

    /** What TLS is told to verify. */
    private record Name(String host, int port) implements org.apache.hc.core5.net.NamedEndpoint {
        @Override
        public String getHostName() {
            return host;
        }

        @Override
        public int getPort() {
            return port;
        }
    }
}
