package io.plano.config.yaml;

import io.plano.config.yaml.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what is wrong with one file, and which others it names. One value has at most one error: the check that looks first knows best, and
 * what comes after is its consequence. Not thread-safe.
 */
public final class Problems {
    /** Enough to work on; a file with more mistakes than this is not a configuration. */
    public static final int MAX = 100;

    private final String file;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<Path, String> files = new HashMap<>();
    private boolean hasErrors;
    private int dropped;

    public Problems(String file) {
        this.file = file;
    }

    public String file() {
        return file;
    }

    public void error(Position position, String key, String message) {
        if (refused.size() < MAX && !refused.add(position + key)) {
            return;
        }
        hasErrors = true;
        add(Severity.ERROR, position, key, message);
    }

    public void warning(Position position, String key, String message) {
        add(Severity.WARNING, position, key, message);
    }

    private void add(Severity severity, Position position, String key, String message) {
        if (problems.size() >= MAX) {
            dropped++;
            return;
        }
        problems.add(new ConfigProblem(severity, file, position.line(), position.column(), key, message));
    }

    /** Notes a file that the configuration names, with the digest of what was read. */
    public void read(Path path, String digest) {
        files.put(path, digest);
    }

    public Map<Path, String> files() {
        return files;
    }

    public boolean hasErrors() {
        return hasErrors;
    }

    /** In the order of the file. */
    public List<ConfigProblem> list() {
        List<ConfigProblem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column));
        if (dropped > 0) {
            sorted.add(new ConfigProblem(Severity.ERROR, file, 1, 1, "", "and " + dropped + " more problems"));
        }
        return sorted;
    }
}
