package io.plano.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads for what takes milliseconds and more: a selector or reactor thread that did it would let thousands of
 * other exchanges wait. One for every two processors, so that the others stay free; none while there is nothing to do. What
 * waits for them is bounded twice: by {@link #MOST_WAITING}, and by the memory that its exchanges have reserved before.
 */
final class Workers implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);
    private static final int MOST_WAITING = 1024;
    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger started = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    Workers() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Worker(task, "plano-worker-" + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    private static final class Worker extends Thread {
        private Worker(Runnable task, String name) {
            super(task, name);
        }
    }

    /** Whether this is one of these threads. */
    static boolean isWorker() {
        return Thread.currentThread() instanceof Worker;
    }

    /**
     * Runs the task on a worker.
     *
     * @throws RejectedExecutionException where too many wait, or the gateway is being stopped
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** What is running ends by itself; what waits is dropped, with the exchanges that it was for. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(2, TimeUnit.SECONDS)) {
                log.warn("a worker is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
