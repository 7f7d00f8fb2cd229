package io.plano.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the standalone server finds its configuration. */
final class ConfigFile {
    private static final Path DEFAULT = Path.of("conf", "plano.yaml");

    private ConfigFile() {}

    /**
     * The first that is named: {@code --config}, system property {@code plano.config}, environment variable {@code
     * PLANO_CONFIG_FILE}; else {@code conf/plano.yaml} if there is one. Named files need not exist: that is the
     * loader's to report.
     *
     * @param property the value of the system property, or null
     * @return null where nothing is named and there is no default file
     */
    static @Nullable Path find(@Nullable Path option, @Nullable String property, Map<String, String> environment) {
        if (option != null) {
            return option;
        }
        String variable = environment.get("PLANO_CONFIG_FILE");
        for (String named : new @Nullable String[] {property, variable}) {
            if (named != null && !named.isBlank()) {
                return Path.of(named);
            }
        }
        return Files.isRegularFile(DEFAULT) ? DEFAULT : null;
    }
}
