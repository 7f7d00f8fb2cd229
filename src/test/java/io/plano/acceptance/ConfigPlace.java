package io.plano.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the application finds its configuration.
 *
 * @param kind which of the documented places
 * @param text what the file holds
 */
record ConfigPlace(Kind kind, String text) {

    /** The documented places, and none of them. */
    enum Kind {
        /** {@code -Dplano.config}. */
        SYSTEM_PROPERTY("(system property plano.config)"),
        /** {@code PLANO_CONFIG_FILE}. */
        ENVIRONMENT("(environment variable PLANO_CONFIG_FILE)"),
        /** {@code java:comp/env/plano/config}; Tomcat only. */
        JNDI("(JNDI java:comp/env/plano/config)"),
        /** The context parameter {@code plano.config}. */
        CONTEXT_PARAMETER("(context parameter plano.config)"),
        /** {@code conf/plano.yaml} in the container's base folder. */
        CONF_FOLDER("/conf/plano.yaml)"),
        /** Nowhere. */
        NONE("No configuration file. Looked at: ");

        private final String logged;

        Kind(String logged) {
            this.logged = logged;
        }

        /** What the application's log says of it. */
        String logged() {
            return logged;
        }
    }

    static Kind kind(String name) {
        return Kind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** Writes the file for a container with this base folder. */
    Path write(Path base) throws IOException {
        Path folder = Files.createDirectories(base.resolve(kind == Kind.CONF_FOLDER ? "conf" : "elsewhere"));
        return Files.writeString(folder.resolve("plano.yaml"), text);
    }
}
