package io.plano.translate.completions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.ModelFacts.Ability;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.OutputForm;
import org.jspecify.annotations.Nullable;

/**
 * An answer that has to follow a schema, from a model of which is known that it does not take {@code json_schema}: it is given
 * one function with that schema, and made to call it. That leaves no room for tools of the client's, and for schemas of
 * anything but objects. Stateless.
 */
final class StructuredFunction {
    /** No client is likely to have a tool of this name, and one that has tools gets none of this. */
    static final String NAME = "structured_answer";

    private static final String DESCRIPTION =
            "Gives the answer. Call it exactly once; its arguments are the whole answer.";

    private StructuredFunction() {}

    /** The schema that is asked for in this way, or null. */
    static OutputForm.@Nullable Schema of(CompletionsRequestContext context) {
        ChatRequest request = context.request;
        OutputForm.Schema schema = request.output().schema();
        boolean possible = !context.isOwn()
                && schema != null
                && "object".equals(schema.schema().path("type").textValue())
                && request.tools().tools().isEmpty()
                && context.cannot(Ability.STRUCTURED_OUTPUT)
                && !context.cannot(Ability.FUNCTIONS);
        return possible ? schema : null;
    }

    static void writeTo(ObjectNode request, OutputForm.Schema schema) {
        String description = schema.description() == null ? DESCRIPTION : DESCRIPTION + "\n\n" + schema.description();
        ObjectNode tool = request.putArray("tools").addObject().put("type", "function");
        tool.putObject("function")
                .put("name", NAME)
                .put("description", description)
                .set("parameters", schema.schema());
        request.putObject("tool_choice")
                .put("type", "function")
                .putObject("function")
                .put("name", NAME);
    }
}
