package io.plano.config;

import io.plano.config.yaml.ConfigProblem;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a configuration file.
 *
 * @param snapshot null where a problem is an error
 * @param problems errors and warnings in the order of the file
 * @param files what else was read, such as certificates, with a digest of each; empty for one that could not be read
 */
public record LoadResult(@Nullable GatewaySnapshot snapshot, List<ConfigProblem> problems, Map<Path, String> files) {
    public LoadResult {
        problems = List.copyOf(problems);
        files = Map.copyOf(files);
    }

    /** A file that names no others. */
    public LoadResult(@Nullable GatewaySnapshot snapshot, List<ConfigProblem> problems) {
        this(snapshot, problems, Map.of());
    }

    /** The same, of that file. */
    LoadResult of(Source.Origin origin) {
        return snapshot == null ? this : new LoadResult(snapshot.readFrom(origin), problems, files);
    }

    public boolean isValid() {
        return snapshot != null;
    }
}
