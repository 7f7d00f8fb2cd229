package io.plano.hostile;

import io.plano.testing.Await;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The built archive, run by {@code java -jar} as a process of its own; by a shell, which sets limits first. */
final class StandaloneGateway implements AutoCloseable {
    /** The archive of this build. */
    static final Path WAR =
            Path.of(System.getProperty("plano.war", "target/plano.war")).toAbsolutePath();

    private final Process process;
    private final int port;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private StandaloneGateway(Process process, int port) {
        this.process = process;
        this.port = port;
        Thread reader = new Thread(this::readLines, "gateway-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * How to start it.
     *
     * @param limits a shell command before it, such as {@code ulimit -n 600}
     * @param workingDirectory of the process
     * @param options of the JVM
     */
    record Start(Path war, String limits, Path workingDirectory, List<String> options) {
        static Start usual() {
            return new Start(WAR, ":", Path.of("."), List.of("-Xmx256m"));
        }

        Start withLimits(String command) {
            return new Start(war, command, workingDirectory, options);
        }

        Start withWar(Path other) {
            return new Start(other, limits, workingDirectory, options);
        }

        Start in(Path other, String option) {
            List<String> all = new ArrayList<>(options);
            all.add(option);
            return new Start(war, limits, other, all);
        }

        Process run(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    "bash", "-c", limits + " && exec \"$@\"", "bash", System.getProperty("java.home") + "/bin/java"));
            command.addAll(options);
            command.addAll(List.of("-jar", war.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
            builder.environment().put("PLANO_LOG_LEVEL", "INFO");
            return builder.redirectErrorStream(true).start();
        }

        /**
         * Serves a configuration.
         *
         * @param providers the rows of {@code model_providers}
         */
        StandaloneGateway serve(Path directory, String providers) throws IOException {
            int port = freePort();
            Path config = Files.writeString(directory.resolve("plano.yaml"), config(port, providers));
            StandaloneGateway gateway = new StandaloneGateway(run("serve", "--config", config.toString()), port);
            gateway.await("Plano Gateway ready");
            return gateway;
        }
    }

    static String config(int port, String providers) {
        return """
                version: v0.3.0
                listeners:
                  - {type: model, name: test, address: 127.0.0.1, port: %d}
                overrides: {estimate_count_tokens: true}
                model_providers:
                %s
                """.formatted(port, providers.indent(2).stripTrailing());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void readLines() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            lines.add("output: " + ended);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** What it has said so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    void await(String words) {
        Await.until(Duration.ofSeconds(60), () -> "not said: " + words + " in " + lines, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended: " + lines);
            }
            return lines.stream().anyMatch(line -> line.contains(words));
        });
    }

    RawClient connect() {
        return RawClient.connect(port).patience(Duration.ofSeconds(60));
    }

    /** A whole answer. */
    record Answer(int status, String body) {}

    /** On a connection of its own. */
    Answer post(String path, String body) {
        try (RawClient client = connect()) {
            RawResponse response = client.request("POST", path)
                    .header("Authorization", "Bearer sk-of-the-client")
                    .header("anthropic-version", "2023-06-01")
                    .json(body)
                    .exchange();
            return new Answer(response.status(), response.bodyText());
        }
    }

    /** Its threads by their ids, with the first 15 characters of their names (proc(5)). */
    List<String> threads(String prefix) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            return tasks.map(task -> task.getFileName() + " " + name(task))
                    .filter(thread -> thread.contains(" " + prefix))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end: " + lines);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
