package io.plano.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Ends TLS before a {@link FakeUpstream}, and remembers what the handshakes agreed on. */
public final class TlsFront extends SocketRelay {
    private final FakeUpstream upstream;
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();

    /** Whether a client must show a certificate. */
    public enum ClientAuthentication {
        NONE,
        REQUIRED
    }

    private TlsFront(SSLServerSocket server, FakeUpstream upstream) {
        super(server);
        this.upstream = upstream;
    }

    /** Listens on an ephemeral loopback port. */
    public static TlsFront start(
            FakeUpstream upstream, SSLContext context, ClientAuthentication authentication, String... protocols) {
        try {
            SSLServerSocket server =
                    (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
            server.setNeedClientAuth(authentication == ClientAuthentication.REQUIRED);
            if (protocols.length > 0) {
                server.setEnabledProtocols(protocols);
            }
            TlsFront front = new TlsFront(server, upstream);
            front.start();
            return front;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void serve(Socket client) throws IOException {
        SSLSocket secure = (SSLSocket) client;
        secure.startHandshake();
        protocols.add(secure.getSession().getProtocol());
        if (secure.getNeedClientAuth()) {
            X509Certificate shown = (X509Certificate) secure.getSession().getPeerCertificates()[0];
            clients.add(shown.getSubjectX500Principal().getName());
        }
        relay(client, upstream.port());
    }

    /** For example {@code TLSv1.3}, for each handshake that succeeded. */
    public List<String> protocols() {
        return List.copyOf(protocols);
    }

    /** The subjects of the clients' certificates, for each handshake with one. */
    public List<String> clients() {
        return List.copyOf(clients);
    }
}
