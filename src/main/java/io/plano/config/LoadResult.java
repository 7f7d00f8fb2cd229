package io.plano.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a configuration file.
 *
 * @param snapshot null where a problem is an error
 * @param problems errors and warnings in the order of the file
 */
public record LoadResult(@Nullable GatewaySnapshot snapshot, List<ConfigProblem> problems) {
    public LoadResult {
        problems = List.copyOf(problems);
    }

    public boolean isValid() {
        return snapshot != null;
    }
}
