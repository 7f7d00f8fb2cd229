package io.plano.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables into strings: {@code $VAR}, {@code ${VAR}}, {@code ${VAR:-default}} for a variable that is
 * unset or empty, and {@code $$} for a dollar sign. A default may hold references itself, up to {@link #MAX_DEPTH}
 * deep; those of a default that is not used need not be set. It works on one value after the YAML is parsed, so what a
 * variable holds can change neither the structure of the file nor the type of the value, and is not searched for
 * references. A dollar sign that nothing of this follows stays one.
 */
public final class Variables {
    /** Longer than any URL, key or header that could be sent. */
    static final int MAX_TEXT = 16_384;

    /** All values of a file together: a name of two letters may stand for thousands. */
    private static final int MAX_ALL = 3_000_000;

    static final int MAX_DEPTH = 8;

    private static final String FORMS = "; write ${NAME}, ${NAME:-default}, or $$ for a dollar sign";
    private static final String NO_REFERENCE = "holds a '${' that is no reference" + FORMS;
    private static final String NOT_CLOSED = "holds a '${' without its '}'" + FORMS;
    private static final String TOO_DEEP = "has defaults inside defaults more than " + MAX_DEPTH + " levels deep";
    private static final String TOO_MUCH =
            "is too much: the values of this file are longer than " + MAX_ALL + " characters with their variables";
    private static final String TOO_LONG = "is longer than " + MAX_TEXT + " characters once its variables are replaced";

    private final Map<String, String> environment;
    private int left = MAX_ALL;

    public Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * A string with its variables replaced.
     *
     * @param text the result, where an unset variable left nothing
     * @param unset the names of variables that are not set and have no default
     * @param problem what is wrong with the string itself, without a piece of it; null where nothing is
     */
    record Result(String text, List<String> unset, @Nullable String problem) {}

    static boolean hasReference(String raw) {
        return raw.indexOf('$') >= 0;
    }

    /** Whether the value may be empty because it says so: <code>${VAR:-}</code>, <code>${VAR:-${OTHER:-}}</code>. */
    public static boolean isOptional(String raw) {
        int fallback = raw.indexOf(":-") + 2;
        if (fallback < 2 || !isReference(raw)) {
            return false;
        }
        String rest = raw.substring(fallback, raw.length() - 1).strip();
        return rest.isEmpty() || isOptional(rest);
    }

    /** Whether the value is one reference to a variable and nothing else. */
    private static boolean isReference(String raw) {
        if (!raw.startsWith("${")) {
            return false;
        }
        Expansion expansion = new Expansion(raw, Map.of());
        expansion.reference(0, new Part());
        return expansion.problem == null && expansion.at == raw.length();
    }

    /**
     * @param raw at most {@link #MAX_TEXT} characters
     */
    Result substitute(String raw) {
        if (!hasReference(raw)) {
            return new Result(raw, List.of(), null);
        }
        Expansion expansion = new Expansion(raw, environment);
        Part whole = expansion.part(0);
        String problem = expansion.problem == null && whole.text.length() > MAX_TEXT ? TOO_LONG : expansion.problem;
        left -= Math.min(whole.text.length(), left);
        return left == 0
                ? new Result("", List.of(), TOO_MUCH)
                : new Result(whole.text.toString(), whole.unset, problem);
    }

    /** What has been put together, of the whole or of one default. */
    private static final class Part {
        private final StringBuilder text = new StringBuilder();
        private final List<String> unset = new ArrayList<>();

        /** Keeps one character more than is allowed, which shows that there were too many. */
        void add(CharSequence added) {
            text.append(added, 0, Math.min(added.length(), MAX_TEXT + 1 - text.length()));
        }
    }

    /** One walk through a string, by recursive descent: a default is a string that ends at its closing brace. */
    private static final class Expansion {
        private final String raw;
        private final Map<String, String> environment;
        private int at;
        private @Nullable String problem;

        Expansion(String raw, Map<String, String> environment) {
            this.raw = raw;
            this.environment = environment;
        }

        Part part(int depth) {
            Part part = new Part();
            while (at < raw.length() && problem == null) {
                char next = raw.charAt(at);
                if (next == '}' && depth > 0) {
                    break;
                } else if (next == '$') {
                    reference(depth, part);
                } else {
                    part.add(raw.substring(at, ++at));
                }
            }
            return part;
        }

        /** What the dollar sign here begins. */
        void reference(int depth, Part into) {
            if (raw.startsWith("${", at)) {
                braced(depth, into);
                return;
            }
            int end = nameEnd(at + 1);
            if (end > at + 1) {
                required(raw.substring(at + 1, end), into);
                at = end;
            } else {
                at += raw.startsWith("$$", at) ? 2 : 1;
                into.add("$");
            }
        }

        private void braced(int depth, Part into) {
            int end = nameEnd(at + 2);
            String name = raw.substring(at + 2, end);
            if (raw.startsWith("}", end) && !name.isEmpty()) {
                at = end + 1;
                required(name, into);
            } else if (raw.startsWith(":-", end) && !name.isEmpty()) {
                at = end + 2;
                withDefault(name, depth, into);
            } else {
                problem = end == raw.length() && !name.isEmpty() ? NOT_CLOSED : NO_REFERENCE;
            }
        }

        private void withDefault(String name, int depth, Part into) {
            if (depth == MAX_DEPTH) {
                problem = TOO_DEEP;
                return;
            }
            Part fallback = part(depth + 1);
            if (problem == null && at == raw.length()) {
                problem = NOT_CLOSED;
            }
            at++;
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                into.add(value);
            } else {
                into.add(fallback.text);
                into.unset.addAll(fallback.unset);
            }
        }

        private void required(String name, Part into) {
            String value = environment.get(name);
            if (value == null) {
                into.unset.add(name);
            } else {
                into.add(value);
            }
        }

        private int nameEnd(int start) {
            int end = start;
            while (end < raw.length() && isOfName(raw.charAt(end), end > start)) {
                end++;
            }
            return end;
        }

        private static boolean isOfName(char c, boolean inside) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (inside && c >= '0' && c <= '9');
        }
    }
}
