package io.plano.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes and resources from libraries in memory. Like {@link java.net.URLClassLoader}, but it opens no file: a
 * class that cannot be loaded because descriptors have run out, or because a file is gone, would stay unloadable for the
 * rest of the process (JVMS §5.4.3). Signatures of jars are not looked at. Safe for every thread.
 */
final class ArchiveClassLoader extends ClassLoader {
    static {
        ClassLoader.registerAsParallelCapable();
    }

    private final List<Library> libraries;
    private final Map<Library, ProtectionDomain> domains = new HashMap<>();
    private final ArchiveUrls urls;

    private ArchiveClassLoader(List<Library> libraries) throws IOException {
        // Not below the application class loader: the archive itself is on its path.
        super("plano", ClassLoader.getPlatformClassLoader());
        this.libraries = libraries;
        this.urls = new ArchiveUrls(libraries);
        for (Library library : libraries) {
            CodeSource source = new CodeSource(urls.of(library, ""), (Certificate[]) null);
            domains.put(library, new ProtectionDomain(source, null, this, null));
        }
    }

    /** @param libraries in the order in which they are searched */
    static ArchiveClassLoader over(List<Library> libraries) throws IOException {
        ArchiveClassLoader loader = new ArchiveClassLoader(libraries);
        loader.rehearse();
        return loader;
    }

    /** The classes that read a resource lie in the archive themselves: they are loaded now, and not when it is gone. */
    private void rehearse() throws IOException {
        for (URL url : Collections.list(findResources(JarFile.MANIFEST_NAME))) {
            try (InputStream bytes = url.openStream()) {
                if (bytes.available() == 0) {
                    throw new IOException("the archive is damaged: an empty manifest");
                }
                return;
            }
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        for (Library library : libraries) {
            ZipItem item = library.item(path);
            if (item != null) {
                definePackage(name, library);
                byte[] bytes = item.bytes();
                return defineClass(name, bytes, 0, bytes.length, domains.get(library));
            }
        }
        throw new ClassNotFoundException(name);
    }

    private void definePackage(String className, Library library) {
        int dot = className.lastIndexOf('.');
        String name = dot < 0 ? "" : className.substring(0, dot);
        if (dot < 0 || getDefinedPackage(name) != null) {
            return;
        }
        String path = name.replace('.', '/') + "/";
        try {
            Package unused = definePackage(
                    name,
                    library.attribute(path, Name.SPECIFICATION_TITLE),
                    library.attribute(path, Name.SPECIFICATION_VERSION),
                    library.attribute(path, Name.SPECIFICATION_VENDOR),
                    library.attribute(path, Name.IMPLEMENTATION_TITLE),
                    library.attribute(path, Name.IMPLEMENTATION_VERSION),
                    library.attribute(path, Name.IMPLEMENTATION_VENDOR),
                    null);
        } catch (IllegalArgumentException definedMeanwhile) {
            // By another thread, with a class of the same package.
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (Library library : libraries) {
            if (library.item(name) != null) {
                return urls.of(library, name);
            }
        }
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> found = new ArrayList<>();
        for (Library library : libraries) {
            if (library.item(name) != null) {
                found.add(urls.of(library, name));
            }
        }
        return Collections.enumeration(found);
    }
}
