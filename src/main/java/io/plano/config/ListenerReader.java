package io.plano.config;

import io.plano.config.yaml.Section;
import io.plano.config.yaml.YamlNode.Sequence;
import io.plano.snapshot.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code listeners}, in Plano's list form and in the mapping that came before it. */
final class ListenerReader {
    private final Section root;
    private final UnservedFeatures unserved;

    ListenerReader(Section root, UnservedFeatures unserved) {
        this.root = root;
        this.unserved = unserved;
    }

    /** The model listener, or Plano's default where the file declares none. */
    Listener read() {
        if (root.node("listeners") instanceof Sequence) {
            return fromList();
        }
        Section legacy = root.section("listeners");
        if (legacy.has("ingress_traffic")) {
            unserved.agentSide(legacy, "ingress_traffic");
        }
        Section egress = legacy.sectionOrNull("egress_traffic");
        return egress == null ? Listener.DEFAULT : listener(egress);
    }

    private Listener fromList() {
        List<Listener> served = new ArrayList<>();
        for (Section entry : root.sections("listeners")) {
            if (!"model".equals(entry.raw("type"))) {
                unserved.agentSide(entry, "type");
                continue;
            }
            Listener listener = listener(entry);
            if (!served.isEmpty()) {
                entry.error("type", "a second listener of type model; only one can serve the model_providers");
            }
            served.add(listener);
        }
        return served.isEmpty() ? Listener.DEFAULT : served.get(0);
    }

    private Listener listener(Section entry) {
        for (String key : List.of("max_retries", "router", "agents", "input_filters", "output_filters")) {
            if (entry.has(key)) {
                unserved.withoutEffect(entry, key);
            }
        }
        String name = entry.name("name");
        String address = entry.text("address");
        if (address != null && !address.matches("[A-Za-z0-9.:_-]+")) {
            entry.error("address", "must be an IP address or a host name, without port");
        }
        Long port = entry.number("port", 0, 65_535);
        Duration timeout = entry.duration("timeout");
        return new Listener(
                orElse(name, Listener.DEFAULT.name()),
                orElse(address, Listener.DEFAULT.address()),
                port == null ? Listener.DEFAULT.port() : port.intValue(),
                timeout == null ? Listener.DEFAULT.timeout() : timeout);
    }

    private static String orElse(@Nullable String value, String fallback) {
        return value != null ? value : fallback;
    }
}
