package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Tool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out how a client of Responses calls the tools that it has declared. Immutable. */
final class ResponsesClientTools {
    /** Among the extras of a tool: the namespace that it is in, without its tools. Among those of a call: its name. */
    static final String NAMESPACE = "namespace";

    /** Among the extras of a tool: its own name, if the neutral one has the namespace in it. */
    static final String NAME = "name";

    private final Map<String, Extras> tools = new HashMap<>();

    ResponsesClientTools(List<Tool> declared) {
        for (Tool tool : declared) {
            if (tool instanceof Tool.Function function) {
                tools.put(function.name(), function.extras());
            } else if (tool instanceof Tool.Custom custom) {
                tools.put(custom.name(), custom.extras());
            }
        }
    }

    /** Writes the name, and the namespace if there is one, of a tool with this neutral name. */
    void writeName(String name, ObjectNode target) {
        Map<String, JsonNode> members = tools.getOrDefault(name, Extras.NONE).of(WireFormat.RESPONSES);
        JsonNode own = members.get(NAME);
        target.put("name", own == null ? name : own.textValue());
        JsonNode namespace = members.get(NAMESPACE);
        if (namespace != null) {
            target.set("namespace", namespace.get("name"));
        }
    }
}
