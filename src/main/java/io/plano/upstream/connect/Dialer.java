package io.plano.upstream.connect;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.provider.EgressProxy;
import io.plano.provider.Endpoint;
import io.plano.provider.Http2;
import io.plano.provider.Transport;
import io.plano.upstream.attempt.UpstreamFailures;
import io.plano.upstream.http1.Http1Engine;
import io.plano.upstream.http2.Http2Connection;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.ssl.ApplicationProtocol;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes connections: looks the address up, connects, asks an egress proxy for a tunnel, secures it, and puts the HTTP
 * engine on it. Each of these is at most a step of a {@link Dial}. Safe for every thread; nothing blocks.
 */
final class Dialer implements AutoCloseable {
    /** Offers nothing by ALPN. */
    private static final TlsConfig HTTP_1_ONLY =
            TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build();

    /** Offers {@code h2} and {@code http/1.1} by ALPN. */
    private static final TlsConfig NEGOTIATED =
            TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.NEGOTIATE).build();

    private final ConnectionInitiator reactor;
    private final Http1Engine engine;
    private final DialLimits limits;
    private final AddressBook addresses = new AddressBook();
    private final TlsStrategies tls = new TlsStrategies();

    Dialer(ConnectionInitiator reactor, Http1Engine engine, DialLimits limits) {
        this.reactor = reactor;
        this.engine = engine;
        this.limits = limits;
    }

    /**
     * Reads what is read from files when it is first needed (certificates of the system, how names are resolved), on a thread
     * of its own: the JDK remembers for good that it could not read its certificates, as when descriptors had run out.
     */
    void prepare() {
        addresses.prepare(tls::prepare);
    }

    /** Gives the owner a connection, or a failure, on whichever thread that comes to be. */
    void dial(DialOwner owner) {
        EgressProxy proxy = owner.request().transport().proxy();
        guarded(
                owner,
                () -> addresses.resolve(
                        proxy == null ? owner.request().endpoint() : proxy.endpoint(),
                        found -> dial(owner, found),
                        failure -> owner.fail(connectFailure(owner, failure))));
    }

    private void dial(DialOwner owner, List<InetSocketAddress> found) {
        guarded(owner, () -> new Dial(owner, new ArrayDeque<>(found), this).connectToNext());
    }

    /** Others may wait for this connection, too, and would do so for ever if nobody told them. */
    private static void guarded(DialOwner owner, Runnable step) {
        try {
            step.run();
        } catch (Throwable defect) {
            Guard.quietly(() -> owner.fail(UpstreamFailures.classify(defect, UpstreamFailures.Phase.CONNECTING)));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of everything that the future would tell
    void connect(Dial dial, InetSocketAddress address, Timeout limit) {
        Endpoint endpoint = dial.endpoint();
        if (!limits.reserve()) {
            dial.owner().fail(limits.connections().refusal(null));
            return;
        }
        try {
            reactor.connect(new Name(endpoint.host(), endpoint.port()), address, null, limit, dial, dial);
        } catch (IllegalStateException e) { // the reactor is shut down
            limits.connections().failed();
            dial.owner()
                    .fail(GatewayException.of(
                            FailureKind.OVERLOADED, "The gateway is shutting down; send the request again.", e));
        }
    }

    /** The words for a failure to connect: who it was that could not be reached depends on who was asked. */
    GatewayException connectFailure(DialOwner owner, Exception cause) {
        if (ConnectionLimit.isExhaustion(cause)) {
            return limits.connections().refusal(cause);
        }
        GatewayException failure = UpstreamFailures.classify(cause, UpstreamFailures.Phase.CONNECTING);
        if (owner.request().transport().proxy() == null || cause instanceof GatewayException) {
            return failure;
        }
        return GatewayException.of(failure.kind(), "The egress proxy could not be reached.", cause);
    }

    /** The reactor says what became of an attempt to connect. */
    ConnectionLimit connections() {
        return limits.connections();
    }

    void secure(ProtocolIOSession session, Endpoint endpoint, Transport transport, Timeout limit) {
        TlsConfig offer = transport.http2() == Http2.AUTO ? NEGOTIATED : HTTP_1_ONLY;
        tls.forSettings(transport.tls())
                .upgrade(session, new Name(endpoint.host(), endpoint.port()), offer, limit, null);
    }

    /** The HTTP engine for a connection that is ready for it. */
    IOEventHandler http(ProtocolIOSession session) {
        return engine.on(session);
    }

    /**
     * The engine of the protocol that the two ends of a secured connection have agreed on.
     *
     * @param limit for whatever the protocol still wants to know from the server
     */
    IOEventHandler negotiated(ProtocolIOSession session, Timeout limit) {
        TlsDetails details = session.getTlsDetails();
        if (details == null || !ApplicationProtocol.HTTP_2.id.equals(details.getApplicationProtocol())) {
            return http(session);
        }
        session.setSocketTimeout(limit);
        return new Http2Connection(session, limits.maxIdle());
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
