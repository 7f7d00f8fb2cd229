package io.plano.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into strings: {@code $VAR}, {@code ${VAR}}, {@code ${VAR:-default}} for a variable that is
 * unset or empty, and {@code $$} for a dollar sign. It works on one value after the YAML is parsed, so what a variable
 * holds can change neither the structure of the file nor the type of the value. A dollar sign that nothing of this
 * follows stays one.
 */
final class Variables {
    /** Section caps the length of what comes here, so the open-ended default cannot cost more than a moment. */
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:\\$|([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}|(\\{))");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * A string with its variables replaced.
     *
     * @param text the result, where an unset variable left nothing
     * @param unset the names of variables that are not set and have no default
     * @param malformed whether there is a <code>${</code> that is no reference
     */
    record Result(String text, List<String> unset, boolean malformed) {}

    static boolean hasReference(String raw) {
        return raw.indexOf('$') >= 0;
    }

    /** Whether the value is one reference to a variable and nothing else. */
    static boolean isReference(String raw) {
        Matcher matcher = REFERENCE.matcher(raw);
        return matcher.matches() && !raw.equals("$$") && matcher.group(4) == null;
    }

    /** Whether the value may be empty because it says so: <code>${VAR:-}</code>. */
    static boolean isOptional(String raw) {
        return isReference(raw) && raw.contains(":-");
    }

    Result substitute(String raw) {
        if (!hasReference(raw)) {
            return new Result(raw, List.of(), false);
        }
        StringBuilder text = new StringBuilder(raw.length());
        List<String> unset = new ArrayList<>();
        boolean malformed = false;
        Matcher matcher = REFERENCE.matcher(raw);
        while (matcher.find()) {
            malformed |= matcher.group(4) != null;
            matcher.appendReplacement(text, Matcher.quoteReplacement(valueOf(matcher, unset)));
        }
        matcher.appendTail(text);
        return new Result(text.toString(), unset, malformed);
    }

    private String valueOf(Matcher reference, List<String> unset) {
        String bare = reference.group(1);
        String name = bare != null ? bare : reference.group(2);
        if (name == null) {
            return reference.group(4) != null ? reference.group() : "$";
        }
        String value = environment.get(name);
        String fallback = reference.group(3);
        if (fallback != null && (value == null || value.isEmpty())) {
            return fallback;
        }
        if (value == null) {
            unset.add(name);
            return "";
        }
        return value;
    }
}
