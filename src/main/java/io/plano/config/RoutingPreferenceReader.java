package io.plano.config;

import io.plano.config.yaml.Section;
import io.plano.config.yaml.Spelling;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.snapshot.RoutingPreference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code routing_preferences} at the top level and, below version 0.4.0, lifts those that stand inside providers
 * to it as Plano does: grouped by name, models in the order of the file, the first description wins, and an entry of
 * the same name at the top level wins over all of them.
 */
final class RoutingPreferenceReader {
    private static final String KEY = "routing_preferences";

    private final Section root;
    private final Map<String, Preference> preferences = new LinkedHashMap<>();

    /** A preference that still grows. */
    private record Preference(String description, Set<String> models) {}

    RoutingPreferenceReader(Section root) {
        this.root = root;
    }

    /** @param providersKey the key under which the providers stand */
    List<RoutingPreference> read(String providersKey) {
        Set<String> onTop = readTopLevel();
        boolean lifts = isBefore040(root.raw("version"));
        Section first = null;
        for (Section provider : root.sections(providersKey)) {
            if (!provider.has(KEY)) {
                continue;
            }
            first = first == null ? provider : first;
            if (lifts) {
                lift(provider, onTop);
            }
        }
        if (first != null) {
            first.warning(
                    KEY,
                    lifts
                            ? "is the old place; move them to the top level"
                            : "has no effect here since v0.4.0;" + " move them to the top level");
        }
        List<RoutingPreference> result = new ArrayList<>();
        preferences.forEach((name, preference) ->
                result.add(new RoutingPreference(name, preference.description(), List.copyOf(preference.models()))));
        return result;
    }

    private Set<String> readTopLevel() {
        for (Section entry : root.sections(KEY)) {
            String name = entry.raw("name");
            if (name == null) {
                continue;
            }
            Set<String> models = new LinkedHashSet<>();
            entry.scalars("models").forEach(model -> models.add(model.text()));
            if (preferences.putIfAbsent(name, new Preference(text(entry), models)) != null) {
                entry.error("name", "a routing preference of this name stands above; names must be unique");
            }
        }
        return Set.copyOf(preferences.keySet());
    }

    private void lift(Section provider, Set<String> onTop) {
        String model = provider.raw("model");
        ModelReference parsed = model == null ? null : ModelReference.parse(model);
        if (parsed != null && parsed.isWildcard()) {
            provider.error(
                    KEY, "a wildcard cannot have routing_preferences; move them to the top level and name models");
        }
        for (Section entry : provider.sections(KEY)) {
            String name = entry.raw("name");
            if (name == null || model == null || onTop.contains(name)) {
                continue;
            }
            Preference preference =
                    preferences.computeIfAbsent(name, any -> new Preference(text(entry), new LinkedHashSet<>()));
            preference.models().add(model);
            if (!preference.description().equals(text(entry))) {
                entry.warning("description", "differs from the first one of this name, which is kept");
            }
        }
    }

    private static String text(Section entry) {
        String description = entry.raw("description");
        return description == null ? "" : description;
    }

    /** Whether the version is older than 0.4.0; a file without version is of the newest. */
    private static boolean isBefore040(@Nullable String version) {
        return version != null && !version.equals(SnapshotReader.NEWEST);
    }

    /** Warns of models that no provider declares. */
    void checkModels(Set<String> declared) {
        for (Section entry : root.sections(KEY)) {
            List<String> unknown = entry.scalars("models").stream()
                    .map(Scalar::text)
                    .filter(model -> !declared.contains(model))
                    .toList();
            if (!unknown.isEmpty()) {
                String hint = Spelling.hint(unknown.get(0), declared);
                entry.warning("models", unknown.size() + " of them no entry of model_providers declares" + hint);
            }
        }
    }
}
