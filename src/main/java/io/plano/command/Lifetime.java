package io.plano.command;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** How long a started server runs. */
public interface Lifetime {
    /** Returns when the server has been closed. */
    void hold(AutoCloseable server) throws InterruptedException;

    /**
     * As the other, and returns as well when the server cannot go on; it is not closed then.
     *
     * @param lost completes when the server cannot go on
     */
    default void hold(AutoCloseable server, CompletableFuture<String> lost) throws InterruptedException {
        hold(server);
    }

    /** Until the JVM is told to end, by Ctrl-C or SIGTERM. */
    static Lifetime untilSignalled() {
        return new Lifetime() {
            @Override
            public void hold(AutoCloseable server) throws InterruptedException {
                hold(server, new CompletableFuture<>());
            }

            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // what follows from it is awaited
            public void hold(AutoCloseable server, CompletableFuture<String> lost) throws InterruptedException {
                CountDownLatch closed = new CountDownLatch(1);
                lost.thenRun(closed::countDown);
                Thread hook = new Thread(() -> close(server, closed), "plano-shutdown");
                try {
                    Runtime.getRuntime().addShutdownHook(hook);
                } catch (IllegalStateException alreadyEnding) {
                    // The signal came while the server started.
                    close(server, closed);
                }
                closed.await();
            }
        };
    }

    private static void close(AutoCloseable server, CountDownLatch closed) {
        try {
            server.close();
        } catch (Exception failure) {
            LoggerFactory.getLogger(Lifetime.class).warn("the server did not stop cleanly", failure);
        } finally {
            closed.countDown();
        }
    }
}
