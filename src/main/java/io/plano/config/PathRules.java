package io.plano.config;

import io.plano.failure.GatewayException;
import io.plano.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * What the paths that a file gives for an upstream may hold: nothing that two servers could read in two ways. The rules are
 * those for the paths of clients (R30): no dot segments, no empty ones, no parameters, no escapes that hide a slash or
 * another escape.
 */
final class PathRules {
    private PathRules() {}

    /** What is wrong with a path that starts with a slash and does not end with one; null where nothing is. */
    static @Nullable String problem(String path) {
        return path.isEmpty() || isUnambiguous(path, null) ? null : REFUSAL;
    }

    /** What is wrong with a {@code path_template}; null where nothing is. */
    static @Nullable String templateProblem(String template) {
        String sample = template.replace("{model}", "m").replace("{path}", "p");
        if (sample.indexOf('{') >= 0 || sample.indexOf('}') >= 0) {
            return "knows {model} and {path}; no other braces";
        }
        int mark = sample.indexOf('?');
        String path = mark < 0 ? sample : sample.substring(0, mark);
        boolean isPath = !path.isEmpty() && !path.startsWith("/") && !path.endsWith("/");
        return isPath && isUnambiguous("/" + path, mark < 0 ? null : sample.substring(mark + 1)) ? null : REFUSAL;
    }

    private static final String REFUSAL =
            "must be a plain path, without '.' or '..', empty parts, ';', line breaks and escapes that hide a slash";

    private static boolean isUnambiguous(String path, @Nullable String query) {
        try {
            RequestTarget.parse(path, query);
            return !path.endsWith("/");
        } catch (GatewayException ambiguous) {
            return false;
        }
    }
}
