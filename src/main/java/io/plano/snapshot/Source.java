package io.plano.snapshot;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration comes from. A label is not a path: what is named like a file need not be one.
 *
 * @param label for people
 * @param origin the file that it was read from; null if there is none to follow
 */
public record Source(String label, @Nullable Origin origin) {
    /**
     * A file as it was read.
     *
     * @param text a digest of its content
     * @param named by path, a digest of each file that it names; empty for one that could not be read
     */
    public record Origin(Path file, String text, Map<Path, String> named) {
        public Origin {
            named = Map.copyOf(named);
        }
    }

    /** What comes from no file. */
    public static Source labelled(String label) {
        return new Source(label, null);
    }

    /** What was read from that file. */
    public static Source of(Origin origin) {
        return new Source(origin.file().toString(), origin);
    }

    @Override
    public String toString() {
        return label;
    }
}
