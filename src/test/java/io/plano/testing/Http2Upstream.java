package io.plano.testing;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty as a provider that speaks HTTP/2, and HTTP/1.1 with those who do not offer it. */
public final class Http2Upstream implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<String> versions = new ConcurrentLinkedQueue<>();
    private final Map<Request, Throwable> failures = new ConcurrentHashMap<>();

    /** Answers a request, on a thread of its own. */
    public interface Answer {
        void answer(Request request, Response response, Callback callback) throws Exception;
    }

    private Http2Upstream(SSLContext context, int maxStreams, Answer answer) {
        HttpConfiguration http = new HttpConfiguration();
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(maxStreams);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(context);
        connector = new ServerConnector(
                server, new SslConnectionFactory(ssl, "alpn"), alpn, http2, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                connections.add(request.getConnectionMetaData().getConnection());
                versions.add(request.getConnectionMetaData().getHttpVersion().asString());
                request.addFailureListener(failure -> failures.put(request, failure));
                try {
                    answer.answer(request, response, callback);
                } catch (Exception e) {
                    failures.put(request, e);
                    callback.failed(e);
                }
                return true;
            }
        });
    }

    public static Http2Upstream start(SSLContext context, int maxStreams, Answer answer) {
        Http2Upstream upstream = new Http2Upstream(context, maxStreams, answer);
        try {
            upstream.server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return upstream;
    }

    public int port() {
        return connector.getLocalPort();
    }

    public String baseUrl() {
        return "https://127.0.0.1:" + port();
    }

    /** How many connections have carried requests. */
    public int connections() {
        return connections.size();
    }

    /** How many of them are open. */
    public long openConnections() {
        return connections.stream()
                .filter(connection -> connection.getEndPoint().isOpen())
                .count();
    }

    /** For each request, as {@code HTTP/2.0}. */
    public Queue<String> versions() {
        return versions;
    }

    /** For each request that did not come to its end. */
    public Collection<Throwable> failures() {
        return failures.values();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
