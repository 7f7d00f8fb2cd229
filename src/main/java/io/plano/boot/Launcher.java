package io.plano.boot;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs the WAR as a program: reads its libraries and classes into memory, then calls {@code
 * io.plano.command.Main.run(String[])} in a class loader of its own and exits with the code that it returns.
 *
 * <p>Nothing is unpacked, and no file is opened for a class or a resource after the start: the archive may be replaced
 * or deleted under a running gateway, the disk may be full or read-only, and file descriptors may run out.
 *
 * <p>The application works until its last moment, so on a signal its end is awaited; that is why it returns an exit code
 * instead of exiting itself.
 */
public final class Launcher {
    private static final String APPLICATION = "io.plano.command.Main";

    /** Longer than the server's own grace for open exchanges. */
    private static final long PATIENCE_SECONDS = 15;

    private Launcher() {}

    /** Called by {@code java -jar}; ends the JVM. */
    public static void main(String[] arguments) throws IOException {
        Thread.currentThread().setName("plano-main");
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(finished), "plano-end"));
        int code;
        try {
            code = run(ArchiveClassLoader.over(WarContents.read(ownArchive())), arguments);
        } finally {
            finished.countDown();
        }
        System.exit(code);
    }

    private static Path ownArchive() {
        String location = Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return Path.of(java.net.URI.create("file:" + location));
    }

    private static int run(ClassLoader loader, String[] arguments) {
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class<?> application = Class.forName(APPLICATION, true, loader);
            return (int) application.getMethod("run", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failure) {
            throw new IllegalStateException("the application failed", failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("this archive is incomplete: " + failure.getMessage(), failure);
        }
    }

    /** Called on a shutdown thread: the JVM ends when this returns. */
    private static void await(CountDownLatch finished) {
        try {
            // Whether it ended or hangs, the JVM ends now.
            boolean unused = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
