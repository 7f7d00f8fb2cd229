package io.plano.boot;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * URLs of what is in the archive: {@code plano:/WEB-INF/lib/x.jar!/io/plano/Y.class}. They, and those derived from them,
 * can be opened as long as this object lives. Safe for every thread.
 */
final class ArchiveUrls extends URLStreamHandler {
    private static final String PROTOCOL = "plano";
    private static final String INSIDE = "!/";

    private final List<Library> libraries;

    ArchiveUrls(List<Library> libraries) {
        this.libraries = libraries;
    }

    URL of(Library library, String name) {
        try {
            return new URL(PROTOCOL, null, -1, "/" + library.path() + INSIDE + name, this);
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected URLConnection openConnection(URL url) {
        return new Connection(url, find(url.getPath()));
    }

    private @Nullable ZipItem find(String path) {
        for (Library library : libraries) {
            String start = "/" + library.path() + INSIDE;
            if (path.startsWith(start)) {
                return library.item(path.substring(start.length()));
            }
        }
        return null;
    }

    /** Reads one file of the archive; of the thread that opened it, like every {@link URLConnection}. */
    private static final class Connection extends URLConnection {
        private final @Nullable ZipItem item;

        Connection(URL url, @Nullable ZipItem item) {
            super(url);
            this.item = item;
        }

        @Override
        public void connect() throws IOException {
            found();
            connected = true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ByteArrayInputStream(found().bytes());
        }

        @Override
        public long getContentLengthLong() {
            return item == null ? -1 : item.size();
        }

        private ZipItem found() throws FileNotFoundException {
            if (item == null) {
                throw new FileNotFoundException(url.toString());
            }
            return item;
        }
    }
}
