package io.plano.server;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connector without acceptor threads, whose connections are limited by {@link ClientConnections} and closed by {@link
 * LingeringClose}.
 */
class LingeringConnector extends ServerConnector {
    private final LingeringClose lingering;
    private final AcceptGate gate;
    private final boolean isInline;

    /**
     * @param executor runs the connections' tasks where they come up; the server's own pool does where null
     */
    LingeringConnector(
            Server server, @Nullable InlineExecutor executor, ClientConnections clients, HttpConnectionFactory http) {
        super(server, executor, null, null, 0, GatewayServer.selectors(), http);
        this.gate = new AcceptGate(clients, this::closeIdle, getScheduler());
        this.lingering = clients.lingering();
        this.isInline = executor != null;
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new LimitedManager(executor, scheduler, selectors);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint =
                new ClientEndPoint(channel, selector, key, getScheduler(), lingering, isInline);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** Closes up to so many connections on which nothing is under way; says how many it were, or will be the next time. */
    int closeIdle(int most) {
        long now = System.nanoTime();
        int spare = 0;
        for (EndPoint endPoint : getConnectedEndPoints()) {
            if (spare < most
                    && endPoint instanceof ClientEndPoint client
                    && client.closeIfSpare(now) != ClientEndPoint.Spare.NO) {
                spare++;
            }
        }
        return spare;
    }

    /** Accepts through the gate, which is not there yet when this is made. */
    class LimitedManager extends ServerConnectorManager {
        LimitedManager(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        @Override
        protected Selector newSelector() throws IOException {
            return gate.watched(super.newSelector());
        }

        @Override
        protected @Nullable SelectableChannel doAccept(SelectableChannel port) throws IOException {
            return gate.accept((ServerSocketChannel) port);
        }
    }
}
