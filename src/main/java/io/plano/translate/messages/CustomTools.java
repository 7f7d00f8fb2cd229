package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.neutral.Tool;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's tools that take free text, as functions with one string. The grammar of such a text cannot be enforced here; the
 * model is told of it.
 */
final class CustomTools {
    /** The one parameter. */
    static final String INPUT = "input";

    private CustomTools() {}

    static ObjectNode schema() {
        ObjectNode schema = Json.nodes().objectNode().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        return schema.put("additionalProperties", false);
    }

    /** The tool's description, with its grammar; null where it has neither. */
    static @Nullable String description(Tool.Custom tool) {
        String grammar = grammar(tool.format());
        if (grammar == null) {
            return tool.description();
        }
        return tool.description() == null ? grammar : tool.description() + "\n\n" + grammar;
    }

    /** Chat Completions nests a grammar once more than Responses does. */
    private static @Nullable String grammar(@Nullable JsonNode format) {
        if (format == null) {
            return null;
        }
        JsonNode grammar = format.path("grammar").isObject() ? format.path("grammar") : format;
        String definition = grammar.path("definition").textValue();
        if (definition == null) {
            return null;
        }
        return "The input must match this " + grammar.path("syntax").asText("") + " grammar:\n" + definition;
    }
}
