package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.neutral.Tool;
import org.jspecify.annotations.Nullable;

/**
 * A tool that takes free text, as a function with one string: what providers take that know no other tools. They cannot hold
 * the model to a grammar, so the model is told of it. {@link FreeTextCalls} is the way back. Stateless.
 */
public final class FreeTextTool {
    /** The one parameter. */
    public static final String INPUT = "input";

    private FreeTextTool() {}

    public static ObjectNode schema() {
        ObjectNode schema = Json.nodes().objectNode().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        return schema.put("additionalProperties", false);
    }

    /** The arguments of a call with that text. */
    public static String arguments(String text) {
        return Json.compact(Json.nodes().objectNode().put(INPUT, text));
    }

    /** The tool's description, with its grammar; null if it has neither. */
    public static @Nullable String description(Tool.Custom tool) {
        JsonNode grammar = tool.format();
        String definition = grammar == null ? null : grammar.path("definition").textValue();
        if (grammar == null || definition == null) {
            return tool.description();
        }
        String rule = "The input must match this " + grammar.path("syntax").asText("") + " grammar:\n" + definition;
        return tool.description() == null ? rule : tool.description() + "\n\n" + rule;
    }
}
