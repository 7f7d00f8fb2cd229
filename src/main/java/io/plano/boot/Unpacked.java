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
import org.jspecify.annotations.Nullable;

/**
 * The libraries and classes of a WAR in a private directory, and the class loader over them. Plain files, so that
 * multi-release jars, service files and resources work as they do on any class path.
 */
final class Unpacked {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final List<String> LIBRARIES = List.of("WEB-INF/lib/", "WEB-INF/lib-provided/");

    private final Path directory;
    private @Nullable URLClassLoader loader;

    private Unpacked(Path directory) {
        this.directory = directory;
    }

    /** An empty directory that only its owner can read (the default of {@link Files#createTempDirectory}). */
    static Unpacked nothingYet() throws IOException {
        return new Unpacked(Files.createTempDirectory("plano-"));
    }

    /** Fills the directory and returns the class loader over it. Called once. */
    synchronized ClassLoader unpack(Path war) throws IOException {
        List<URL> classPath = new ArrayList<>();
        classPath.add(
                Files.createDirectory(directory.resolve("classes")).toUri().toURL());
        try (ZipFile archive = new ZipFile(war.toFile())) {
            for (ZipEntry entry : archive.stream().toList()) {
                Path file = unpack(archive, entry);
                if (file.toString().endsWith(".jar")) {
                    classPath.add(file.toUri().toURL());
                }
            }
        }
        // Not below the application class loader: the archive itself is on its path.
        loader = new URLClassLoader("plano", classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        return loader;
    }

    /** Copies the entry if it belongs on the class path, and says where it went, or would have gone. */
    private Path unpack(ZipFile archive, ZipEntry entry) throws IOException {
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

    /** Deletes everything; what cannot be deleted stays, silently: the JVM is ending. */
    synchronized void delete() {
        try {
            // Windows keeps files that are open.
            if (loader != null) {
                loader.close();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException ignored) {
            // Nobody is left to tell.
        }
    }
}
