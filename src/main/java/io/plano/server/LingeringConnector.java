package io.plano.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A connector without acceptor threads, whose connections are closed by {@link LingeringClose}. */
class LingeringConnector extends ServerConnector {
    private final LingeringClose lingering;
    private final boolean isInline;

    /**
     * @param executor runs the connections' tasks where they come up; the server's own pool does where null
     */
    LingeringConnector(
            Server server, @Nullable InlineExecutor executor, LingeringClose lingering, HttpConnectionFactory http) {
        super(server, executor, null, null, 0, GatewayServer.selectors(), http);
        this.lingering = lingering;
        this.isInline = executor != null;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint =
                new ClientEndPoint(channel, selector, key, getScheduler(), lingering, isInline);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
