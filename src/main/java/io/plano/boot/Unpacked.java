package io.plano.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The libraries and classes of a WAR in a private directory, and the class loader over them. Plain files, so that
 * multi-release jars, service files and resources work as they do on any class path.
 */
final class Unpacked {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final List<String> LIBRARIES = List.of("WEB-INF/lib/", "WEB-INF/lib-provided/");

    private final Path directory;
    private final URLClassLoader loader;

    private Unpacked(Path directory, URLClassLoader loader) {
        this.directory = directory;
        this.loader = loader;
    }

    /** Unpacks into a new directory that only its owner can read (the default of {@link Files#createTempDirectory}). */
    static Unpacked from(Path war) throws IOException {
        Path directory = Files.createTempDirectory("plano-");
        try (ZipFile archive = new ZipFile(war.toFile())) {
            List<URL> classPath = new ArrayList<>();
            classPath.add(
                    Files.createDirectory(directory.resolve("classes")).toUri().toURL());
            for (ZipEntry entry : archive.stream().toList()) {
                Path file = unpack(archive, entry, directory);
                if (file.toString().endsWith(".jar")) {
                    classPath.add(file.toUri().toURL());
                }
            }
            return new Unpacked(directory, newLoader(classPath));
        } catch (IOException | RuntimeException failure) {
            deleteTree(directory);
            throw failure;
        }
    }

    private static URLClassLoader newLoader(List<URL> classPath) {
        // Not the application class loader: the archive itself is on its path, with copies of nothing but this package.
        return new URLClassLoader("plano", classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** Copies the entry if it belongs on the class path, and says where it went, or would have gone. */
    private static Path unpack(ZipFile archive, ZipEntry entry, Path directory) throws IOException {
        String name = entry.getName();
        Path target = directory;
        if (name.startsWith(CLASSES)) {
            target = directory.resolve("classes").resolve(name.substring(CLASSES.length()));
        } else if (name.endsWith(".jar") && LIBRARIES.stream().anyMatch(name::startsWith)) {
            target = directory.resolve(name.substring(name.lastIndexOf('/') + 1));
        }
        if (entry.isDirectory() || target.equals(directory)) {
            return directory;
        }
        if (!target.normalize().startsWith(directory)) {
            throw new IOException("the archive names a file outside of itself: " + name);
        }
        Files.createDirectories(target.getParent());
        try (InputStream bytes = archive.getInputStream(entry)) {
            Files.copy(bytes, target);
        }
        return target;
    }

    ClassLoader loader() {
        return loader;
    }

    /** Deletes everything; what cannot be deleted stays, silently: the JVM is ending. */
    void delete() {
        try {
            // Windows keeps files that are open.
            loader.close();
        } catch (IOException ignored) {
            // The files are deleted or not all the same.
        }
        deleteTree(directory);
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException ignored) {
            // Nobody is left to tell.
        }
    }
}
