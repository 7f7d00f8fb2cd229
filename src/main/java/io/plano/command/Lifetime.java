package io.plano.command;

import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** How long a started server runs. */
public interface Lifetime {
    /** Returns when the server has been closed. */
    void hold(AutoCloseable server) throws InterruptedException;

    /** Until the JVM is told to end, by Ctrl-C or SIGTERM. */
    static Lifetime untilSignalled() {
        return server -> {
            CountDownLatch closed = new CountDownLatch(1);
            Thread hook = new Thread(() -> close(server, closed), "plano-shutdown");
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException alreadyEnding) {
                // The signal came while the server started.
                close(server, closed);
            }
            closed.await();
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
