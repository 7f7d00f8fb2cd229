package io.plano.config;

import io.plano.provider.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a reload did to the providers, by name. */
record ProviderChanges(List<String> added, List<String> removed, List<String> changed) {

    static ProviderChanges between(List<Provider> former, List<Provider> latter) {
        Map<String, Provider> before = new LinkedHashMap<>();
        former.forEach(provider -> before.put(provider.name(), provider));
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Provider provider : latter) {
            Provider old = before.remove(provider.name());
            if (old == null) {
                added.add(provider.name());
            } else if (!isSame(old, provider)) {
                changed.add(provider.name());
            }
        }
        return new ProviderChanges(added, List.copyOf(before.keySet()), changed);
    }

    private static boolean isSame(Provider one, Provider other) {
        // Compiled patterns are never equal; their text is, and a credential shows as its fingerprint.
        return one.equals(other) || one.toString().equals(other.toString());
    }

    /** {@code providers added [a], removed [b], changed [c]}, or that there are none of these. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        addPart(parts, "added", added);
        addPart(parts, "removed", removed);
        addPart(parts, "changed", changed);
        return parts.isEmpty() ? "providers unchanged" : "providers " + String.join(", ", parts);
    }

    private static void addPart(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(what + " " + names);
        }
    }
}
