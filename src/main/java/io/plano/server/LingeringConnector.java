package io.plano.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A connector without acceptor threads, whose connections are closed by {@link LingeringClose}. */
class LingeringConnector extends ServerConnector {
    private final LingeringClose lingering;

    /**
     * @param executor for the connections' tasks; the server's own where null
     */
    LingeringConnector(
            Server server, @Nullable Executor executor, LingeringClose lingering, HttpConnectionFactory http) {
        super(server, executor, null, null, 0, GatewayServer.selectors(), http);
        this.lingering = lingering;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new EndPoint(channel, selector, key, getScheduler(), lingering);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    private static final class EndPoint extends SocketChannelEndPoint {
        private final LingeringClose lingering;
        private volatile SelectionKey key;
        private volatile boolean closed;

        EndPoint(
                SocketChannel channel,
                ManagedSelector selector,
                SelectionKey key,
                Scheduler scheduler,
                LingeringClose lingering) {
            super(channel, selector, key, scheduler);
            this.key = key;
            this.lingering = lingering;
        }

        @Override
        public void replaceKey(SelectionKey newKey) {
            key = newKey;
            super.replaceKey(newKey);
        }

        @Override
        public boolean isOpen() {
            return !closed && super.isOpen();
        }

        @Override
        public void doClose() {
            closed = true;
            key.cancel();
            lingering.close(getChannel());
        }
    }
}
