package io.plano.hostile;

import io.plano.testing.Await;
import io.plano.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The archive that is delivered, in a process of its own, as it is started by those who use it. Owns the process, its port
 * and what it prints. One thread.
 */
final class BuiltGateway implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final Path output;

    private BuiltGateway(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param providers what follows {@code version} and {@code listeners} in the configuration
     */
    static BuiltGateway start(Path folder, String providers, String... jvmOptions) throws IOException {
        int port = freePort();
        Path config = Files.writeString(folder.resolve("plano.yaml"), """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: %d}]
                """.formatted(port) + providers);
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(
                List.of("-Djava.io.tmpdir=" + folder, "-jar", System.getProperty("plano.war"), "serve", "--config"));
        command.add(config.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        BuiltGateway gateway = new BuiltGateway(process, port, output);
        try {
            Await.until(START, gateway::printed, gateway::isReady);
        } catch (AssertionError late) {
            gateway.close();
            throw late;
        }
        return gateway;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() {
        try (RawClient client = RawClient.connect(port)) {
            return client.request("GET", "/readyz").exchange().status() == 200;
        } catch (UncheckedIOException | AssertionError early) {
            return false;
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has printed. */
    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.toHandle().destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
