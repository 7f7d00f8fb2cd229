package io.plano.upstream.connect;

import io.plano.failure.DefectException;
import io.plano.failure.Guard;
import io.plano.provider.EgressProxy;
import io.plano.provider.Endpoint;
import io.plano.provider.Transport;
import io.plano.upstream.attempt.UpstreamFailures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Deque;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One connection in the making, for one owner. It goes through a name's addresses until one answers; what follows
 * then is for that one connection:
 *
 * <pre>
 *   http, http by proxy   TCP → ready
 *   https                 TCP → TLS → ready
 *   https by proxy        TCP → TUNNEL → TLS → ready
 * </pre>
 *
 * In TUNNEL and TLS it is the handler of the connection's events; TLS tells it of the end of the handshake by {@link
 * #connected}, a second time. The time for connecting counts from the start of TCP, anew for every address. All calls
 * but the first {@link #connectToNext} come from the reactor thread.
 */
final class Dial implements IOEventHandler, FutureCallback<IOSession> {
    private enum Step {
        TCP,
        TUNNEL,
        TLS,
        READY
    }

    private static final int READ_BUFFER = 4096;

    private final DialOwner owner;
    private final Deque<InetSocketAddress> addresses;
    private final Dialer dialer;

    private Step step = Step.TCP;
    private long startNanos;
    private @Nullable ProtocolIOSession session;
    private @Nullable ProxyTunnel tunnel;

    Dial(DialOwner owner, Deque<InetSocketAddress> addresses, Dialer dialer) {
        this.owner = owner;
        this.addresses = addresses;
        this.dialer = dialer;
    }

    DialOwner owner() {
        return owner;
    }

    Endpoint endpoint() {
        return owner.request().endpoint();
    }

    private Transport transport() {
        return owner.request().transport();
    }

    void connectToNext() {
        startNanos = System.nanoTime();
        dialer.connect(
                this,
                addresses.removeFirst(),
                Timeout.of(owner.request().timeouts().connect()));
    }

    /** What remains of the time for connecting; at least a millisecond, because none at all would mean no limit. */
    private Timeout remaining() {
        Duration left = owner.request().timeouts().connect().minusNanos(System.nanoTime() - startNanos);
        return Timeout.ofMilliseconds(Math.max(1, left.toMillis()));
    }

    /** TCP stands: the handler for what comes next. */
    IOEventHandler handlerFor(ProtocolIOSession connection) {
        if (!endpoint().isSecure()) {
            try {
                return dialer.http(connection);
            } catch (Error defect) {
                throw DefectException.of(defect);
            }
        }
        session = connection;
        EgressProxy proxy = transport().proxy();
        tunnel = proxy == null ? null : new ProxyTunnel(endpoint(), proxy);
        return this;
    }

    @Override
    public void completed(IOSession connection) {
        try {
            dialer.connections().made(connection);
            if (endpoint().isSecure()) {
                owner.opening(connection);
            } else {
                owner.startOnNew(connection);
            }
        } catch (Throwable defect) {
            giveUp(defect);
            connection.close(CloseMode.IMMEDIATE);
        }
    }

    /** By a defect; the reactor itself knows exceptions only, and would end. Never fails. */
    private void giveUp(Throwable defect) {
        Guard.quietly(() -> owner.fail(UpstreamFailures.classify(defect, UpstreamFailures.Phase.CONNECTING)));
    }

    @Override
    public void failed(Exception cause) {
        dialer.connections().failed();
        try {
            if (addresses.isEmpty() || ConnectionLimit.isExhaustion(cause)) {
                owner.fail(dialer.connectFailure(owner, cause));
            } else {
                connectToNext();
            }
        } catch (Throwable defect) {
            giveUp(defect);
        }
    }

    @Override
    public void cancelled() {
        dialer.connections().failed();
        Guard.quietly(owner::cancel);
    }

    @Override
    public void connected(IOSession current) throws IOException {
        try {
            goOn(current);
        } catch (Error defect) {
            throw DefectException.of(defect);
        }
    }

    private void goOn(IOSession current) throws IOException {
        if (step == Step.TCP && tunnel != null) {
            step = Step.TUNNEL;
            current.setSocketTimeout(remaining());
            current.setEvent(SelectionKey.OP_WRITE);
        } else if (step == Step.TCP) {
            secure();
        } else if (step == Step.TLS) {
            hand();
        }
    }

    private void secure() {
        step = Step.TLS;
        dialer.secure(connection(), endpoint(), transport(), remaining());
    }

    /** The connection is the HTTP engine's from here on. */
    private void hand() throws IOException {
        step = Step.READY;
        ProtocolIOSession connection = connection();
        IOEventHandler http = dialer.negotiated(connection, remaining());
        connection.upgrade(http);
        http.connected(connection);
        owner.startOnNew(connection);
    }

    private ProtocolIOSession connection() {
        return Objects.requireNonNull(session);
    }

    @Override
    public void outputReady(IOSession current) throws IOException {
        if (step != Step.TUNNEL || tunnel == null) {
            return;
        }
        try {
            current.write(tunnel.request());
        } catch (Error defect) {
            throw DefectException.of(defect);
        }
        if (!tunnel.request().hasRemaining()) {
            current.clearEvent(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void inputReady(IOSession current, @Nullable ByteBuffer unused) throws IOException {
        if (step != Step.TUNNEL || tunnel == null) {
            return;
        }
        try {
            readAnswer(current, tunnel);
        } catch (Error defect) {
            throw DefectException.of(defect);
        }
    }

    private void readAnswer(IOSession current, ProxyTunnel asked) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(READ_BUFFER);
        int count = current.read(received);
        if (count < 0) {
            throw new IOException("the egress proxy closed the connection");
        }
        if (asked.answered(received.flip())) {
            secure();
        }
    }

    @Override
    public void timeout(IOSession current, Timeout limit) {
        abandon(new SocketTimeoutException("not connected within the time allowed"));
    }

    @Override
    public void exception(IOSession current, Exception cause) {
        abandon(cause);
    }

    @Override
    public void disconnected(IOSession current) {
        abandon(new IOException("the connection was closed while it was being established"));
    }

    /** Another address would not help: this one answered. */
    private void abandon(Exception cause) {
        Guard.quietly(() -> owner.fail(UpstreamFailures.classify(cause(cause), UpstreamFailures.Phase.CONNECTING)));
        connection().close(CloseMode.IMMEDIATE);
    }

    private Exception cause(Exception cause) {
        if (cause instanceof SocketTimeoutException || cause instanceof RuntimeException) {
            return cause;
        }
        if (step == Step.TUNNEL) {
            return ProxyTunnel.failure(null);
        }
        return cause instanceof SSLException ? cause : new SSLException(cause);
    }
}
