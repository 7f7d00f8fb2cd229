package io.plano.config.yaml;

import io.plano.config.SafeText;

/**
 * One thing that is wrong, or odd, in a configuration file.
 *
 * @param severity errors keep the file from loading, warnings do not
 * @param file the file as it was named
 * @param line 1-based; 1 where the problem is the file as a whole
 * @param column 1-based
 * @param key the path of the key, such as {@code model_providers[2].base_url}; empty for the file as a whole
 * @param message what is wrong and what would be right; never a secret
 */
public record ConfigProblem(Severity severity, String file, int line, int column, String key, String message) {
    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** All texts on one line each: a file's name and its keys can hold anything. */
    public ConfigProblem {
        file = SafeText.line(file);
        key = SafeText.line(key);
        message = SafeText.line(message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code FILE:LINE:COL: error|warning: key.path: message}, as compilers print. */
    @Override
    public String toString() {
        String where = file + ":" + line + ":" + column + ": " + (isError() ? "error" : "warning") + ": ";
        return where + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
