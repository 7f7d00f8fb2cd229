package io.plano.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads what belongs on the class path of a WAR, its libraries and classes, into memory. */
final class WarContents {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final List<String> LIBRARIES = List.of("WEB-INF/lib/", "WEB-INF/lib-provided/");

    private WarContents() {}

    /** The places in the order in which they are searched; the file is closed again. */
    static List<Library> read(Path war) throws IOException {
        Map<String, ZipItem> classes = new HashMap<>();
        List<Library> jars = new ArrayList<>();
        try (ZipFile archive = new ZipFile(war.toFile())) {
            for (ZipEntry entry : archive.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith(CLASSES) && !entry.isDirectory()) {
                    classes.put(name.substring(CLASSES.length()), ZipItem.stored(bytes(archive, entry)));
                } else if (name.endsWith(".jar") && LIBRARIES.stream().anyMatch(name::startsWith)) {
                    jars.add(Library.of(name, ZipDirectory.read(offHeap(archive, entry))));
                }
            }
        }
        List<Library> all = new ArrayList<>(jars.size() + 1);
        all.add(Library.of(CLASSES, classes));
        all.addAll(jars);
        return List.copyOf(all);
    }

    private static ByteBuffer offHeap(ZipFile archive, ZipEntry entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(entry.getSize()));
        try (InputStream source = archive.getInputStream(entry);
                ReadableByteChannel channel = Channels.newChannel(source)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        }
        return bytes.flip();
    }

    private static byte[] bytes(ZipFile archive, ZipEntry entry) throws IOException {
        try (InputStream bytes = archive.getInputStream(entry)) {
            return bytes.readNBytes(Math.toIntExact(entry.getSize()));
        }
    }
}
