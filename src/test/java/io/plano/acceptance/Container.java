package io.plano.acceptance;

import io.plano.testing.Await;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs the distribution of a servlet container out of a base folder of its own, on a free loopback port,
 * with the archive at {@code /} and at {@code /plano}. Whatever happens, {@link #close()} ends it, and so does the end
 * of this JVM. One thread.
 */
abstract class Container implements AutoCloseable {
    /** The context paths at which the archive is deployed, as they stand in a request target. */
    static final List<String> CONTEXTS = List.of("", "/plano");

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final Path home;
    private final Path base;
    private final Path war;
    private final int port = freePort();
    private final Process process;
    private final Thread killer;

    /** Prepares the base folder, which must not exist, and starts the process. */
    Container(Path home, Path base, Path war, ConfigPlace place) throws IOException {
        this.home = home;
        this.war = war;
        this.base = Files.createDirectories(base);
        prepare(place);
        Files.copy(war, webapp(""));
        Files.copy(war, webapp("/plano"));
        ProcessBuilder builder = new ProcessBuilder(command(place));
        builder.directory(base.toFile()).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(CATALINA|JETTY|PLANO|JAVA|JDK|JRE)_.*"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment(place));
        process = builder.start();
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts what this folder is the distribution of. */
    static Container start(Path home, Path base, Path war, ConfigPlace place) throws IOException {
        boolean isJetty = Files.exists(home.resolve("start.jar"));
        return isJetty ? new JettyHome(home, base, war, place) : new TomcatHome(home, base, war, place);
    }

    /** Fills the base folder, with the configuration where it says. */
    abstract void prepare(ConfigPlace place) throws IOException;

    abstract List<String> command(ConfigPlace place);

    abstract java.util.Map<String, String> environment(ConfigPlace place);

    /** The file name that puts an archive at this context path. */
    abstract String archiveName(String context);

    Path home() {
        return home;
    }

    Path base() {
        return base;
    }

    int port() {
        return port;
    }

    String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What the process printed so far. */
    String logText() {
        try {
            return Files.readString(log(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Returns when both applications answer. */
    void awaitStarted() {
        for (String context : CONTEXTS) {
            Await.until(
                    STARTS_WITHIN,
                    () -> context + "/healthz does not answer; log: " + logText(),
                    () -> status(context + "/healthz") == 200 || !process.isAlive());
        }
        if (!process.isAlive()) {
            throw new AssertionError("the container ended; log: " + logText());
        }
    }

    /** The status of a GET, or -1 where nobody answers. */
    int status(String target) {
        try (RawClient client = RawClient.connect(port)) {
            return client.request("GET", target)
                    .header("Connection", "close")
                    .exchange()
                    .status();
        } catch (UncheckedIOException | AssertionError silent) {
            return -1;
        }
    }

    /** The body of a GET with this status. */
    String body(String target, int status) {
        try (RawClient client = RawClient.connect(port)) {
            RawResponse response = client.request("GET", target).exchange();
            String body = response.bodyText();
            Checks.equal(status, response.status(), "status of " + target + " with " + body);
            return body;
        }
    }

    /** Takes the archive away and waits until the container has undeployed it. */
    void undeploy(String context) throws IOException {
        Files.delete(webapp(context));
        Await.until(
                Duration.ofSeconds(60),
                () -> context + " is still there; log: " + logText(),
                () -> status(context + "/healthz") == 404);
    }

    /** Puts the archive there again, and returns when it answers. */
    void deploy(String context) throws IOException {
        Files.copy(war, webapp(context));
        Await.until(
                STARTS_WITHIN,
                () -> context + "/readyz does not answer; log: " + logText(),
                () -> status(context + "/readyz") == 200);
    }

    /** The names of the process's threads that belong to the application. */
    List<String> applicationThreads() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path dump = base.resolve("threads.txt");
        try {
            Process asking = new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "Thread.print")
                    .redirectErrorStream(true)
                    .redirectOutput(dump.toFile())
                    .start();
            if (!asking.waitFor(30, TimeUnit.SECONDS) || asking.exitValue() != 0) {
                asking.destroyForcibly();
                throw new AssertionError("no thread dump: " + Files.readString(dump));
            }
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.startsWith("\"plano-"))
                    .map(line -> line.substring(1, line.indexOf('"', 1)))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Asks it to stop, and fails where it does not in time. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the container did not stop within " + STOPS_WITHIN);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS).join();
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    private Path webapp(String context) {
        return base.resolve("webapps").resolve(archiveName(context));
    }

    private Path log() {
        return base.resolve("output.log");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }
}
