package io.plano.boot;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs the WAR as a program: unpacks its libraries and classes, then calls {@code io.plano.command.Main.run(String[])} in
 * a class loader of its own and exits with the code that it returns.
 *
 * <p>The unpacked files are deleted when the JVM ends, after Ctrl-C or SIGTERM too. The application loads classes until
 * its last moment, so its end is awaited first; that is why it returns an exit code instead of exiting itself. Only
 * {@code kill -9} leaves the directory behind.
 */
public final class Launcher {
    private static final String APPLICATION = "io.plano.command.Main";

    /** Longer than the server's own grace for open exchanges. */
    private static final long PATIENCE_SECONDS = 15;

    private Launcher() {}

    /** Called by {@code java -jar}; ends the JVM. */
    public static void main(String[] arguments) throws IOException {
        Thread.currentThread().setName("plano-main");
        Unpacked application = Unpacked.nothingYet();
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> clean(application, finished), "plano-cleanup"));
        int code;
        try {
            code = run(application.unpack(ownArchive()), arguments);
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

    /** Called on a shutdown thread. */
    private static void clean(Unpacked application, CountDownLatch finished) {
        try {
            // Whether it ended or hangs, the files go now.
            boolean unused = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        application.delete();
    }
}
