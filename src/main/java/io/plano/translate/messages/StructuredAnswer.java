package io.plano.translate.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.OutputForm;
import org.jspecify.annotations.Nullable;

/**
 * An answer that has to follow a schema, from a model that cannot be told so: it is given one tool with that schema, and made
 * to call it (Anthropic, "Tool use", "JSON output"). That leaves no room for tools of the client's, for thoughts, which rule
 * out a forced call, and for schemas of anything but objects.
 */
final class StructuredAnswer {
    /** No client is likely to have a tool of this name, and one that has tools gets none of this. */
    static final String TOOL = "structured_answer";

    private static final String DESCRIPTION = "Gives the answer. Call it exactly once; its input is the whole answer.";

    private StructuredAnswer() {}

    /** Whether the request is for a schema that this model is not known to follow by itself. */
    static boolean isNeeded(ChatRequest request, ClaudeModel claude) {
        OutputForm.Schema schema = request.output().schema();
        return request.output().kind() == OutputForm.Kind.JSON_SCHEMA
                && (!claude.isStructured() || (schema != null && !ClaudeSchema.isExpressible(schema.schema())));
    }

    /** Whether it can be had in this way. */
    static boolean isPossible(ChatRequest request, ThinkingPlan plan) {
        OutputForm.Schema schema = request.output().schema();
        return schema != null
                && "object".equals(schema.schema().path("type").textValue())
                && request.tools().tools().isEmpty()
                && !plan.isOn();
    }

    static void writeTo(ObjectNode body, OutputForm.Schema schema) {
        // Behind the tools that calls of the conversation declare, if there are some.
        body.withArrayProperty("tools")
                .addObject()
                .put("name", TOOL)
                .put("description", describe(schema.description()))
                .set("input_schema", schema.schema());
        body.putObject("tool_choice").put("type", "tool").put("name", TOOL).put("disable_parallel_tool_use", true);
    }

    private static String describe(@Nullable String description) {
        return description == null ? DESCRIPTION : DESCRIPTION + "\n\n" + description;
    }
}
