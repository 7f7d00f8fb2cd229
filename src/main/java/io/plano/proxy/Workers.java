package io.plano.proxy;

import io.plano.process.OwnThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads for what takes milliseconds and more: a selector or reactor thread that did it would let thousands of
 * other exchanges wait. One for every two processors, so that the others stay free. They are there from the start, since one
 * that cannot be created later would fail whoever needs it. What waits for them is bounded twice: by {@link #MOST_WAITING},
 * and by the memory that its exchanges have reserved before.
 */
final class Workers implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);
    private static final int MOST_WAITING = 1024;
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final OwnThreads threads = new OwnThreads("plano-worker");
    private final ThreadPoolExecutor pool;

    Workers() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), threads);
        int unused = pool.prestartAllCoreThreads();
    }

    /** Whether the calling thread is one of them. */
    boolean includeCurrent() {
        return threads.includeCurrent();
    }

    /**
     * Runs the task on a worker.
     *
     * @throws RejectedExecutionException if too many wait, or the gateway is being stopped
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** What is running ends by itself; what waits is dropped, with the exchanges that it was for. */
    @Override
    public void close() {
        pool.shutdownNow();
        if (!threads.awaitEnd(END_WITHIN)) {
            log.warn("a worker is still busy");
        }
    }
}
