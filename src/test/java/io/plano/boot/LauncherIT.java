package io.plano.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny WAR, made here, is started as users start the real one. */
class LauncherIT {
    private static final String MAIN = """
            package io.plano.server;

            public final class Main {
                public static int run(String... arguments) throws Exception {
                    ClassLoader loader = Main.class.getClassLoader();
                    System.out.println("context=" + (Thread.currentThread().getContextClassLoader() == loader));
                    System.out.println("launcher=" + (loader.getResource("io/plano/boot/Launcher.class") != null));
                    System.out.println("library=" + (loader.getResource("provided.txt") != null));
                    System.out.println("arguments=" + String.join(",", arguments));
                    System.out.println("release=" + Which.release());
                    if (arguments[0].equals("wait")) {
                        var stopped = new java.util.concurrent.CountDownLatch(1);
                        Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
                        System.out.println("waiting");
                        stopped.await();
                        Thread.sleep(200);
                        System.out.println("late=" + Which.release() + Late.word());
                    }
                    return Integer.parseInt(arguments[1]);
                }
            }

            class Late {
                static String word() {
                    return "!";
                }
            }
            """;
    private static final String WHICH = "package io.plano.server; class Which { static int release() { return %d; } }";

    @TempDir
    Path directory;

    private Path war;
    private Path temporary;

    @BeforeEach
    void makeWar() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        Path eight = compile("eight", WHICH.formatted(8));
        Path nine = compile("nine", WHICH.formatted(9));
        Path main = compile("main", MAIN, WHICH.formatted(0));
        Files.delete(main.resolve("io/plano/server/Which.class"));
        Path library = directory.resolve("library.jar");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(library), manifest("Multi-Release", "true"))) {
            add(jar, "io/plano/server/Which.class", eight.resolve("io/plano/server/Which.class"));
            add(jar, "META-INF/versions/9/io/plano/server/Which.class", nine.resolve("io/plano/server/Which.class"));
        }
        Path provided = directory.resolve("provided.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(provided), manifest("X", "y"))) {
            add(jar, "provided.txt", Files.writeString(directory.resolve("provided.txt"), "here"));
        }
        war = directory.resolve("tiny war.war");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(war), manifest("Main-Class", "io.plano.boot.Launcher"))) {
            for (String name : List.of("Launcher", "Unpacked")) {
                String entry = "io/plano/boot/" + name + ".class";
                try (InputStream bytes = LauncherIT.class.getResourceAsStream("/" + entry)) {
                    Path copy = directory.resolve(name + ".class");
                    Files.copy(bytes, copy);
                    add(jar, entry, copy);
                }
            }
            for (String name : List.of("Main", "Late")) {
                String entry = "io/plano/server/" + name + ".class";
                add(jar, "WEB-INF/classes/" + entry, main.resolve(entry));
            }
            add(jar, "WEB-INF/lib/library.jar", library);
            add(jar, "WEB-INF/lib-provided/provided.jar", provided);
        }
    }

    @Test
    void runsTheApplicationAndExitsWithItsCode() throws Exception {
        Process process = start("go", "7");
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(lines)
                .containsExactly("context=true", "launcher=false", "library=true", "arguments=go,7", "release=9");
        assertThat(files(temporary)).isEmpty();
    }

    @Test
    void cleansUpAfterASignalAndNotBeforeTheApplicationHasEnded() throws Exception {
        Process process = start("wait", "0");
        BufferedReader reader = process.inputReader();
        while (!"waiting".equals(reader.readLine())) {
            assertThat(process.isAlive()).isTrue();
        }
        List<Path> unpacked = files(temporary);
        assertThat(unpacked).hasSize(1);
        assertThat(Files.getPosixFilePermissions(unpacked.get(0)).toString()).doesNotContain("GROUP", "OTHERS");
        // Not Process.destroy, which closes the pipe.
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.lines()).containsExactly("late=9!");
        assertThat(files(temporary)).isEmpty();
    }

    @Test
    void cleansUpAfterAFailure() throws Exception {
        Process process = start("go", "not-a-number");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("NumberFormatException");
        assertThat(files(temporary)).isEmpty();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                war.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Path compile(String name, String... sources) throws IOException {
        Path target = Files.createDirectories(directory.resolve(name));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", target.toString()));
        for (int index = 0; index < sources.length; index++) {
            Path folder = Files.createDirectories(target.resolve("source" + index));
            String file = sources[index].contains("class Main") ? "Main.java" : "Which.java";
            arguments.add(
                    Files.writeString(folder.resolve(file), sources[index]).toString());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
        return target;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            // The JVM's own performance data.
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperf"))
                    .toList();
        }
    }

    private static Manifest manifest(String name, String value) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(name, value);
        return manifest;
    }

    private static void add(JarOutputStream jar, String name, Path file) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        Files.copy(file, (OutputStream) jar);
        jar.closeEntry();
    }
}
