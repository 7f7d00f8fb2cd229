package io.plano.config;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code model} string: {@code <provider>/<model id>}, {@code <provider>/*}, or {@code
 * <provider>/<prefix>/*}.
 *
 * @param provider before the first slash
 * @param id behind it, further slashes included; null for a wildcard
 * @param prefix what the ids of a nested wildcard begin with, slash included; otherwise empty
 */
record ModelReference(String provider, @Nullable String id, String prefix) {

    /** Null where the text has no slash, or nothing in front of it. */
    static @Nullable ModelReference parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.substring(0, slash).isBlank()) {
            return null;
        }
        String provider = text.substring(0, slash).strip();
        String rest = text.substring(slash + 1).strip();
        int last = rest.lastIndexOf('/') + 1;
        return rest.substring(last).strip().equals("*")
                ? new ModelReference(provider, null, rest.substring(0, last))
                : new ModelReference(provider, rest, "");
    }

    boolean isWildcard() {
        return id == null;
    }
}
