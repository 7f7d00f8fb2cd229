package io.plano.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * One place where classes and resources are: a nested jar, or the folder of classes. Of a multi-release jar it shows what
 * this JVM's release gets to see. Immutable; safe for every thread.
 */
final class Library {
    private static final String VERSIONS = "META-INF/versions/";

    private final String path;
    private final Map<String, ZipItem> items;
    private final @Nullable Manifest manifest;

    private Library(String path, Map<String, ZipItem> items, @Nullable Manifest manifest) {
        this.path = path;
        this.items = items;
        this.manifest = manifest;
    }

    /** @param path where it stands in the WAR */
    static Library of(String path, Map<String, ZipItem> items) throws IOException {
        ZipItem packed = items.get(JarFile.MANIFEST_NAME);
        Manifest manifest = packed == null ? null : new Manifest(new ByteArrayInputStream(packed.bytes()));
        boolean isMultiRelease = manifest != null
                && "true".equalsIgnoreCase(manifest.getMainAttributes().getValue(Name.MULTI_RELEASE));
        return new Library(path, isMultiRelease ? ofThisRelease(items) : items, manifest);
    }

    /** What the JAR specification calls the runtime view: the newest version that is not newer than this JVM. */
    private static Map<String, ZipItem> ofThisRelease(Map<String, ZipItem> items) {
        Map<String, ZipItem> visible = new HashMap<>(items);
        Map<String, Integer> versions = new HashMap<>();
        items.forEach((name, item) -> {
            int slash = name.indexOf('/', VERSIONS.length());
            if (!name.startsWith(VERSIONS) || slash < 0 || name.startsWith("META-INF/", slash + 1)) {
                return;
            }
            int version = version(name.substring(VERSIONS.length(), slash));
            String base = name.substring(slash + 1);
            if (version <= Runtime.version().feature() && version > versions.getOrDefault(base, 0)) {
                versions.put(base, version);
                visible.put(base, item);
            }
        });
        return visible;
    }

    private static int version(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException none) {
            return Integer.MAX_VALUE;
        }
    }

    String path() {
        return path;
    }

    @Nullable
    ZipItem item(String name) {
        return items.get(name);
    }

    /**
     * What the manifest says of a package, or of all.
     *
     * @param packagePath with slashes, the last one included
     */
    @Nullable
    String attribute(String packagePath, Name name) {
        if (manifest == null) {
            return null;
        }
        Attributes own = manifest.getAttributes(packagePath);
        String value = own == null ? null : own.getValue(name);
        return value == null ? manifest.getMainAttributes().getValue(name) : value;
    }
}
