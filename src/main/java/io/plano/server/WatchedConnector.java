package io.plano.server;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connector that runs tasks inline, and whose selectors tell the watchdog when they leave and come back. */
final class WatchedConnector extends LingeringConnector {
    private final BlockingWatchdog watchdog;

    WatchedConnector(Server server, InlineExecutor executor, ClientConnections clients, HttpConnectionFactory http) {
        super(server, executor, clients, http);
        watchdog = executor.watchdog();
    }

    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new LimitedManager(executor, scheduler, selectors) {
            @Override
            protected ManagedSelector newSelector(int id) {
                return new WatchedSelector(this, id, watchdog.newWatch());
            }
        };
    }

    /** With {@link InlineExecutor} one thread is the selector for good: it has nobody to hand its role to. */
    private static final class WatchedSelector extends ManagedSelector {
        private final BlockingWatchdog.Watch watch;

        WatchedSelector(SelectorManager owner, int id, BlockingWatchdog.Watch watch) {
            super(owner, id);
            this.watch = watch;
        }

        @Override
        protected int nioSelect(Selector selector, boolean now) throws IOException {
            watch.end();
            try {
                return super.nioSelect(selector, now);
            } finally {
                watch.begin();
            }
        }
    }
}
