package io.plano.testing;

import io.plano.budget.MemoryBudget;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A servlet container that runs the project's real web application: the folder named by the system property {@code
 * plano.webapp} ({@code webapp} if unset), with the classes of the test's own class path, so that tests can look at
 * them. Owns an ephemeral loopback port and a temporary folder with the configuration. {@link #close()} promises that
 * the application's threads (named {@code plano-…}) have ended, or fails.
 */
public abstract class GatewayContainer implements AutoCloseable {
    /** The name of the context parameter with the path of the configuration file. */
    public static final String CONFIG_PARAMETER = "plano.config";

    /** Both containers accept heads up to this many bytes. */
    static final int MAX_HEAD = 64 << 10;

    /** A fixed size, because the kernel would grow it to megabytes for a client that does not read. */
    static final int SEND_BUFFER = 128 << 10;

    private static final String APPLICATION_THREADS = "plano-";
    private static final Set<GatewayContainer> RUNNING = new CopyOnWriteArraySet<>();

    private final Set<Thread> threadsBefore = LeakWatch.liveThreads();
    private final Path folder;
    private String contextPath = "/";
    private Duration threadsEndWithin = Duration.ofSeconds(5);

    /** Which container. */
    public enum Kind {
        /** Jetty 12, ee10. */
        JETTY,
        /** Tomcat 10.1. */
        TOMCAT
    }

    /** What the containers need to know: an existing web application folder, a writable folder, the parameters. */
    record Deployment(Path webapp, String contextPath, Path workFolder, Map<String, String> initParameters) {}

    GatewayContainer() {
        try {
            folder = Files.createTempDirectory("plano-test");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Starts the application with this configuration at {@code "/"} or at a path like {@code "/plano"}. */
    public static GatewayContainer start(Kind kind, String contextPath, String yaml) {
        return start(kind, contextPath, yaml, Map.of());
    }

    /** As {@link #start(Kind, String, String)}, with further context parameters. */
    public static GatewayContainer start(
            Kind kind, String contextPath, String yaml, Map<String, String> initParameters) {
        GatewayContainer container = kind == Kind.JETTY ? new JettyContainer() : new TomcatContainer();
        container.start(contextPath, yaml, initParameters);
        return container;
    }

    /** Whether a container of this JVM runs. */
    static boolean isAnyRunning() {
        return !RUNNING.isEmpty();
    }

    static boolean isOfApplication(Thread thread) {
        return thread.getName().startsWith(APPLICATION_THREADS);
    }

    /** The port that it listens on. */
    public abstract int port();

    /** The application's context, with its attributes. */
    public abstract ServletContext servletContext();

    /** Takes the application out of the running container, as a redeployment does. */
    public abstract void undeploy() throws Exception;

    /** Stops what listens and the connections before anything else, as Spring Boot does; the container runs on. */
    public abstract void stopConnector() throws Exception;

    /** To be run when the application is no longer available, before anything of it is destroyed. */
    public abstract void whileStopping(Runnable action);

    /** How long connections from now on may be idle, in a write too. */
    public abstract void idleTimeout(Duration time);

    abstract void boot(Deployment deployment) throws Exception;

    abstract void shutDown() throws Exception;

    /** For example {@code http://127.0.0.1:41234/plano}, without a slash at the end. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + (contextPath.equals("/") ? "" : contextPath);
    }

    /** The configuration file that the application was given; a test may rewrite it. */
    public Path configFile() {
        return folder.resolve("plano.yaml");
    }

    GatewayContainer threadsEndWithin(Duration time) {
        threadsEndWithin = time;
        return this;
    }

    /** What its exchanges hold. */
    public MemoryBudget budget() {
        if (servletContext().getAttribute(MemoryBudget.ATTRIBUTE) instanceof MemoryBudget budget) {
            return budget;
        }
        throw new IllegalStateException("the application shows no memory budget");
    }

    static Set<GatewayContainer> running() {
        return RUNNING;
    }

    /** Stops the container; fails when threads of the application are left and no other container runs. */
    @Override
    public void close() {
        if (!RUNNING.remove(this)) {
            return;
        }
        Object budget = servletContext().getAttribute(MemoryBudget.ATTRIBUTE);
        try {
            shutDown();
        } catch (Exception failed) {
            throw new IllegalStateException("the container did not stop", failed);
        } finally {
            deleteFolder();
        }
        if (budget instanceof MemoryBudget known) {
            LeakWatch.closed(known);
        }
        if (!isAnyRunning()
                && !Await.holds(threadsEndWithin, () -> leftThreads().isEmpty())) {
            throw new AssertionError("the application left threads behind: " + describe(leftThreads()));
        }
    }

    private void start(String path, String yaml, Map<String, String> initParameters) {
        contextPath = path;
        try {
            Files.writeString(configFile(), yaml);
            Map<String, String> parameters = new LinkedHashMap<>(initParameters);
            parameters.putIfAbsent(CONFIG_PARAMETER, configFile().toString());
            Path webapp = Path.of(System.getProperty("plano.webapp", "webapp")).toAbsolutePath();
            boot(new Deployment(webapp, path, Files.createDirectory(folder.resolve("work")), parameters));
            RUNNING.add(this);
        } catch (Exception failed) {
            abandon(failed);
            throw new IllegalStateException("the web application did not start", failed);
        }
    }

    private void abandon(Exception reason) {
        try {
            shutDown();
        } catch (Exception failed) {
            reason.addSuppressed(failed);
        }
        deleteFolder();
    }

    private List<Thread> leftThreads() {
        return LeakWatch.liveThreads().stream()
                .filter(GatewayContainer::isOfApplication)
                .filter(thread -> !threadsBefore.contains(thread))
                .toList();
    }

    private static String describe(List<Thread> threads) {
        return threads.stream()
                .map(thread -> thread.getName() + " at "
                        + Arrays.stream(thread.getStackTrace()).findFirst().orElse(null))
                .collect(Collectors.joining("; "));
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException kept) {
            throw new UncheckedIOException(kept);
        }
    }
}
