package io.plano.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
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
            package io.plano.command;

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
                        var late = java.util.ServiceLoader.load(Runnable.class, loader).stream().toList();
                        System.out.println("services=" + late.size());
                        late.get(0).get().run();
                        try (var in = loader.getResourceAsStream("provided.txt")) {
                            System.out.println("read=" + new String(in.readAllBytes()));
                        }
                        var manifests = loader.getResources("META-INF/MANIFEST.MF");
                        var derived = new java.net.URL(manifests.nextElement(), "../provided.txt");
                        try (var in = derived.openStream()) {
                            System.out.println("derived=" + in.available());
                        } catch (java.io.FileNotFoundException none) {
                            System.out.println("derived=none");
                        }
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
    private static final String SERVICE = """
            package tiny;

            public class Service implements Runnable {
                public void run() {
                    System.out.println("service=" + getClass().getProtectionDomain().getCodeSource().getLocation());
                    System.out.println("version=" + getClass().getPackage().getImplementationVersion());
                }
            }
            """;
    private static final String WHICH = "package io.plano.command; class Which { static int release() { return %d; } }";

    @TempDir
    Path directory;

    private Path war;
    private Path temporary;

    @BeforeEach
    void makeWar() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        Path eight = compile("eight", WHICH.formatted(8));
        Path nine = compile("nine", WHICH.formatted(9));
        Path far = compile("far", WHICH.formatted(9999));
        Path main = compile("main", MAIN, WHICH.formatted(0), SERVICE);
        String which = "io/plano/command/Which.class";
        Path library = directory.resolve("library.jar");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(library), manifest("Multi-Release", "true"))) {
            add(jar, which, eight.resolve(which));
            add(jar, "META-INF/versions/9/" + which, nine.resolve(which));
            add(jar, "META-INF/versions/9999/" + which, far.resolve(which));
        }
        Path provided = directory.resolve("provided.jar");
        String service = "tiny/Service.class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(provided), manifest("X", "y"))) {
            add(jar, "provided.txt", Files.writeString(directory.resolve("provided.txt"), "here"));
            add(jar, service, main.resolve(service));
            Path name = Files.writeString(directory.resolve("name"), "tiny.Service");
            add(jar, "META-INF/services/java.lang.Runnable", name);
        }
        war = directory.resolve("tiny war.war");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(war), manifest("Main-Class", "io.plano.boot.Launcher"))) {
            for (Path boot : bootClasses()) {
                add(jar, "io/plano/boot/" + boot.getFileName(), boot);
            }
            for (String name : List.of("Main", "Late")) {
                String entry = "io/plano/command/" + name + ".class";
                add(jar, "WEB-INF/classes/" + entry, main.resolve(entry));
            }
            add(jar, "WEB-INF/lib/library.jar", library);
            add(jar, "WEB-INF/lib-provided/provided.jar", provided);
        }
    }

    private static List<Path> bootClasses() throws IOException {
        URI launcher = URI.create(
                LauncherIT.class.getResource("/io/plano/boot/Launcher.class").toString());
        try (Stream<Path> files = Files.list(Path.of(launcher).getParent())) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    @Test
    void runsTheApplicationAndExitsWithItsCode() throws Exception {
        Process process = start("go", "7");
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(lines)
                .containsExactly("context=true", "launcher=false", "library=true", "arguments=go,7", "release=9");
    }

    @Test
    void leavesNothingInTheTemporaryFolder() throws Exception {
        assertThat(start("go", "0").waitFor()).isZero();
        assertThat(files(temporary)).isEmpty();
    }

    @Test
    void needsNoTemporaryFolder() throws Exception {
        Files.delete(temporary);
        assertThat(start("go", "0").waitFor()).isZero();
    }

    /** As an upgrade does that copies the new archive over the old one. */
    @Test
    void loadsAndReadsWhenItsArchiveHasBeenOverwrittenAndEndsWhenTheApplicationHas() throws Exception {
        Process process = start("wait", "0");
        BufferedReader reader = process.inputReader();
        while (!"waiting".equals(reader.readLine())) {
            assertThat(process.isAlive()).isTrue();
        }
        Files.write(war, new byte[1000]);
        // Not Process.destroy, which closes the pipe.
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.lines())
                .containsExactly(
                        "late=9!",
                        "services=1",
                        "service=plano:/WEB-INF/lib-provided/provided.jar!/",
                        "version=1.2.3",
                        "read=here",
                        "derived=none");
    }

    @Test
    void saysWhatFailed() throws Exception {
        Process process = start("go", "not-a-number");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("NumberFormatException");
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
            String file = sources[index].contains("class Main")
                    ? "Main.java"
                    : sources[index].contains("class Service") ? "Service.java" : "Which.java";
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
        manifest.getMainAttributes().putValue("Implementation-Version", "1.2.3");
        manifest.getMainAttributes().putValue(name, value);
        return manifest;
    }

    private static void add(JarOutputStream jar, String name, Path file) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        Files.copy(file, (OutputStream) jar);
        jar.closeEntry();
    }
}
