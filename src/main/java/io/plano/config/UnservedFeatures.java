package io.plano.config;

import io.plano.config.yaml.Position;
import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys that Plano's format allows and this gateway does nothing with. Each group is reported once, so that nobody
 * believes that a filter or a rate limit is at work, and nobody reads the same sentence ten times.
 */
final class UnservedFeatures {
    private static final List<String> AGENT_SIDE =
            List.of("agents", "filters", "endpoints", "prompt_targets", "prompt_guards", "system_prompt", "mode");
    private static final List<String> WITHOUT_EFFECT = List.of(
            "routing_preferences",
            "model_metrics_sources",
            "prompt_caching",
            "ratelimits",
            "tracing",
            "routing",
            "state_storage");

    private final Problems problems;
    private final List<Found> agentSide = new ArrayList<>();
    private final List<Found> withoutEffect = new ArrayList<>();

    private record Found(Position position, String path) {}

    UnservedFeatures(Problems problems) {
        this.problems = problems;
    }

    /** Notes all top-level keys. */
    void topLevel(Section root) {
        AGENT_SIDE.stream().filter(root::has).forEach(key -> agentSide(root, key));
        WITHOUT_EFFECT.stream().filter(root::has).forEach(key -> withoutEffect(root, key));
    }

    /** Notes a key that only agents and prompt targets use. */
    void agentSide(Section section, String key) {
        agentSide.add(new Found(section.positionOfKey(key), section.path(key)));
    }

    /** Notes a key that would say something about served requests. */
    void withoutEffect(Section section, String key) {
        withoutEffect.add(new Found(section.positionOfKey(key), section.path(key)));
    }

    void report() {
        report(agentSide, "not served by this gateway: ");
        report(withoutEffect, "accepted, without effect in this version: ");
    }

    private void report(List<Found> found, String what) {
        if (!found.isEmpty()) {
            List<String> paths = found.stream().map(Found::path).toList();
            String shown = String.join(", ", paths.subList(0, Math.min(paths.size(), 20)));
            Found first = found.get(0);
            problems.warning(first.position(), first.path(), what + shown + (paths.size() > 20 ? ", ..." : ""));
        }
    }
}
