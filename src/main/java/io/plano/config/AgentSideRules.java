package io.plano.config;

import io.plano.config.yaml.Position;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Spelling;
import io.plano.config.yaml.YamlNode.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Plano refuses, beyond its schema, in the parts of a file that this gateway does not serve: a file that loads
 * here is to load there.
 */
final class AgentSideRules {
    private final Section root;

    AgentSideRules(Section root) {
        this.root = root;
    }

    void check() {
        Set<String> ids = ids();
        checkFilters(ids);
        Set<String> endpoints = new HashSet<>(root.section("endpoints").keys());
        endpoints.addAll(ids);
        checkPromptTargets(endpoints);
        if (Boolean.TRUE.equals(root.section("overrides").flag("use_agent_orchestrator")) && endpoints.size() != 1) {
            root.section("overrides").error("use_agent_orchestrator", "needs exactly one entry in endpoints");
        }
        checkTracing(root.section("tracing"));
    }

    private Set<String> ids() {
        Map<String, Position> ids = new HashMap<>();
        for (String key : List.of("agents", "filters")) {
            for (Section entry : root.sections(key)) {
                String id = entry.raw("id");
                Position first = id == null ? null : ids.putIfAbsent(id, entry.position("id"));
                if (first != null) {
                    entry.error("id", "is taken by the agent or filter in line " + first.line());
                }
            }
        }
        return ids.keySet();
    }

    private void checkFilters(Set<String> ids) {
        for (Section listener : root.sections("listeners")) {
            for (String key : List.of("input_filters", "output_filters")) {
                int index = 0;
                for (Scalar filter : listener.scalars(key)) {
                    if (!ids.contains(filter.text())) {
                        String path = listener.path(key) + "[" + index + "]";
                        String message = "no agent or filter has this id" + Spelling.hint(filter.text(), ids);
                        root.problems().error(filter.position(), path, message);
                    }
                    index++;
                }
            }
        }
    }

    private void checkPromptTargets(Set<String> endpoints) {
        for (Section target : root.sections("prompt_targets")) {
            Section endpoint = target.section("endpoint");
            String name = endpoint.raw("name");
            if (name != null && !endpoints.contains(name)) {
                endpoint.error("name", "endpoints has no entry of this name" + Spelling.hint(name, endpoints));
            }
        }
    }

    private static void checkTracing(Section tracing) {
        String endpoint = tracing.text("opentracing_grpc_endpoint");
        if (endpoint == null || endpoint.isEmpty()) {
            return;
        }
        String refusal = refusal(endpoint);
        if (refusal != null) {
            tracing.error("opentracing_grpc_endpoint", refusal);
        }
    }

    private static @Nullable String refusal(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            if (!"http".equals(uri.getScheme())) {
                return "must start with http://";
            }
            String path = uri.getRawPath();
            return path == null || path.isEmpty() || path.equals("/") ? null : "must not have a path";
        } catch (URISyntaxException e) {
            return "is not a valid URL; write http://host:port";
        }
    }
}
