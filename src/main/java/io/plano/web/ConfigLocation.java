package io.plano.web;

import jakarta.servlet.ServletContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration file of a web application is: the first of the places that administrators of servlet containers
 * look at. A place that names a file settles it, whether the file is there or not; the conventional paths count only
 * where a file is.
 *
 * @param file the file to load, or null where no place has one
 * @param found the place that settled it
 * @param looked every place looked at, in order, for {@code /readyz}
 */
record ConfigLocation(@Nullable Path file, String found, List<String> looked) {
    private static final String JNDI_NAME = "java:comp/env/plano/config";

    static ConfigLocation find(ServletContext context, Map<String, String> environment) {
        List<String> looked = new ArrayList<>();
        List<Candidate> candidates = List.of(
                new Candidate("system property plano.config", System.getProperty("plano.config")),
                new Candidate("environment variable PLANO_CONFIG_FILE", environment.get("PLANO_CONFIG_FILE")),
                new Candidate("JNDI " + JNDI_NAME, jndi()),
                new Candidate("context parameter plano.config", context.getInitParameter("plano.config")));
        for (Candidate candidate : candidates) {
            looked.add(candidate.place());
            String name = candidate.value();
            if (name != null && !name.isBlank()) {
                return new ConfigLocation(Path.of(name.strip()), candidate.place(), looked);
            }
        }
        return conventional(looked);
    }

    private static ConfigLocation conventional(List<String> looked) {
        List<Path> paths = new ArrayList<>();
        for (String base : List.of("catalina.base", "jetty.base")) {
            String folder = System.getProperty(base);
            if (folder != null) {
                paths.add(Path.of(folder, "conf", "plano.yaml"));
            }
        }
        paths.add(Path.of("conf", "plano.yaml"));
        for (Path path : paths) {
            looked.add(path.toAbsolutePath().toString());
            if (Files.isRegularFile(path)) {
                return new ConfigLocation(path, path.toString(), looked);
            }
        }
        return new ConfigLocation(null, "nowhere", looked);
    }

    private record Candidate(String place, @Nullable String value) {}

    @SuppressWarnings("BanJNDI") // a constant name in the application's own environment, set by its administrator
    private static @Nullable String jndi() {
        try {
            return new InitialContext().lookup(JNDI_NAME) instanceof String name ? name : null;
        } catch (NamingException e) {
            return null; // not bound, or a container without JNDI
        }
    }
}
