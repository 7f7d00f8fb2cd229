package io.plano.server;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * An HTTP/1.1 connection that is never upgraded. Jetty answers 400 to an {@code Upgrade} that {@code Connection} does not
 * name; a server that upgrades nothing ignores the field (RFC 9110 §7.8), which reaches the application like any other.
 */
final class ClientConnection extends HttpConnection {
    private ClientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new Stream(method, uri, version);
    }

    private final class Stream extends HttpStreamOverHTTP1 {
        private Stream(String method, String uri, HttpVersion version) {
            super(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            super.parsedHeader(field.getHeader() == HttpHeader.UPGRADE ? unknown(field) : field);
        }

        /** The same name and value, under no header that Jetty knows. */
        private HttpField unknown(HttpField field) {
            return new HttpField(null, field.getName(), field.getValue());
        }
    }

    /** Makes them. */
    static final class Factory extends HttpConnectionFactory {
        Factory(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            ClientConnection connection = new ClientConnection(getHttpConfiguration(), connector, endPoint);
            connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
            return configure(connection, connector, endPoint);
        }
    }
}
