package io.plano.server;

import io.plano.failure.Guard;
import io.plano.failure.Vitals;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a connection's own task (read the next request, call the web application) on the thread that asks for it, and
 * everything else in the pool.
 *
 * <p>Jetty asks for such a task when an answer was completed outside of its dispatch, which is always so here: answers
 * end on the thread of the upstream client. The hand-off to the pool would be the only one of the whole exchange.
 *
 * <p>An inline task that asks for another one hands it to the pool, so the stack cannot grow.
 */
final class InlineExecutor implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InlineExecutor.class);

    private final Executor pool;
    private final BlockingWatchdog watchdog;
    private final ThreadLocal<BlockingWatchdog.Watch> watches;

    InlineExecutor(Executor pool, BlockingWatchdog watchdog) {
        this.pool = pool;
        this.watchdog = watchdog;
        watches = ThreadLocal.withInitial(watchdog::newWatch);
    }

    /** With a watchdog of its own. */
    static InlineExecutor start(Executor pool, Vitals vitals) {
        return new InlineExecutor(pool, BlockingWatchdog.start(BlockingWatchdog.DEFAULT_LIMIT, vitals));
    }

    /** Looks after the threads that run inline tasks, and the selectors. */
    BlockingWatchdog watchdog() {
        return watchdog;
    }

    /** Ends the watchdog; the pool is its owner's. */
    @Override
    public void close() {
        watchdog.close();
    }

    @Override
    public void execute(Runnable task) {
        if (task instanceof Connection connection) {
            BlockingWatchdog.Watch watch = watches.get();
            if (!watch.isBusy()) {
                if (connection.getEndPoint() instanceof ClientEndPoint client) {
                    client.answered();
                }
                runInline(task, watch);
                return;
            }
        }
        pool.execute(task);
    }

    private static void runInline(Runnable task, BlockingWatchdog.Watch watch) {
        watch.begin();
        try {
            task.run();
        } catch (RuntimeException failure) {
            // As a pool would: the caller finishes an exchange that this one has nothing to do with.
            Guard.quietly(() -> LOG.warn("a connection task failed", failure));
        } catch (Throwable defect) {
            Guard.quietly(() -> LOG.warn("a connection task failed: {}", defect.toString()));
        } finally {
            watch.end();
        }
    }
}
