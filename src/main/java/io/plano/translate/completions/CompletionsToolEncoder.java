package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.WireFormat;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolChoice.Mode;
import io.plano.translate.neutral.ToolChoice.Named;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.openai.ModelRules;
import io.plano.translate.openai.OpenAiStrictSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the model may call, and whether it must. OpenAI refuses an empty array of tools, and a choice if there are
 * none; a schema is strict only if OpenAI would take it for that.
 */
final class CompletionsToolEncoder {
    private static final String PLACE = "tools";

    private final CompletionsRequestContext context;
    private final ModelRules rules;

    CompletionsToolEncoder(CompletionsRequestContext context) {
        this.context = context;
        this.rules = new ModelRules(context.request, context.facts(), context.losses);
    }

    void encode(ToolUse use, ObjectNode request) {
        ArrayNode tools = Json.nodes().arrayNode();
        ObjectNode search = null;
        boolean legacy = LegacyFunctions.isMarked(context.request);
        for (Tool tool : use.tools()) {
            if (tool instanceof Tool.Function function) {
                tools.add(legacy ? legacy(function) : function(function));
            } else if (tool instanceof Tool.Custom custom) {
                tools.add(custom(custom));
            } else if (tool instanceof Tool.WebSearch wanted) {
                search = searches(use) ? webSearch(wanted) : null;
            } else if (tool instanceof Tool.Native strange) {
                strange(strange, tools);
            }
        }
        if (!tools.isEmpty() && legacy) {
            request.set("functions", tools);
            legacyChoice(use.choice(), request);
        } else if (!tools.isEmpty()) {
            request.set(PLACE, tools);
            choice(use.choice(), request);
            Boolean parallel = context.isOwn() ? use.parallel() : rules.parallel();
            if (parallel != null) {
                request.put("parallel_tool_calls", parallel);
            }
        }
        if (search != null) {
            request.set("web_search_options", search);
        }
    }

    private void strange(Tool.Native tool, ArrayNode tools) {
        if (tool.source() == WireFormat.COMPLETIONS) {
            tools.add(tool.value());
            return;
        }
        String type = tool.value().path("type").asText("");
        String place = context.name(MemberName.TOOLS);
        context.losses.leaveOut(type.isEmpty() ? place : place + "." + type, tool.loss());
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode node = Json.nodes().objectNode().put("type", "function");
        describe(function, node.putObject("function"));
        context.extras(function.extras(), MemberName.TOOLS, node);
        return node;
    }

    private ObjectNode legacy(Tool.Function function) {
        ObjectNode node = Json.nodes().objectNode();
        describe(function, node);
        context.extras(function.extras(), MemberName.TOOLS, node);
        return node;
    }

    private void describe(Tool.Function function, ObjectNode node) {
        node.put("name", context.toolName(function.name()));
        if (function.description() != null) {
            node.put("description", function.description());
        }
        JsonNode parameters = function.parameters();
        if (parameters != null) {
            node.set("parameters", context.isOwn() ? parameters : withProperties(parameters));
        }
        Boolean strict = function.strict();
        if (strict != null) {
            node.put("strict", context.isOwn() ? strict : strict && OpenAiStrictSchema.holdsFor(parameters));
        }
    }

    /** OpenAI refuses an object schema that does not speak of properties; others write just that for a tool without any. */
    private static JsonNode withProperties(JsonNode parameters) {
        if (parameters instanceof ObjectNode schema
                && "object".equals(schema.path("type").textValue())
                && !schema.has("properties")) {
            ObjectNode complete = schema.deepCopy();
            complete.putObject("properties");
            return complete;
        }
        return parameters;
    }

    private ObjectNode custom(Tool.Custom custom) {
        if (!context.isOwn()) {
            return freeTextFunction(custom);
        }
        ObjectNode node = Json.nodes().objectNode().put("type", "custom");
        ObjectNode description = node.putObject("custom").put("name", context.toolName(custom.name()));
        if (custom.description() != null) {
            description.put("description", custom.description());
        }
        if (custom.format() != null) {
            description.set("format", nested(custom.format()));
        }
        context.extras(custom.extras(), MemberName.TOOLS, node);
        return node;
    }

    /** This format has what belongs to a grammar in an object of its own. */
    private static JsonNode nested(JsonNode format) {
        if (format.size() < 2 || !"grammar".equals(format.path("type").textValue())) {
            return format;
        }
        ObjectNode grammar = format.deepCopy();
        ObjectNode nested = Json.nodes().objectNode();
        nested.set("type", grammar.remove("type"));
        return nested.set("grammar", grammar);
    }

    /** OpenAI alone has tools of free text, and takes Responses itself; all the others who take chats know functions. */
    private ObjectNode freeTextFunction(Tool.Custom custom) {
        String name = context.toolName(custom.name());
        context.customTools.add(name);
        ObjectNode node = Json.nodes().objectNode().put("type", "function");
        ObjectNode function = node.putObject("function").put("name", name);
        String description = FreeTextTool.description(custom);
        if (description != null) {
            function.put("description", description);
        }
        function.set("parameters", FreeTextTool.schema());
        context.extras(custom.extras(), MemberName.TOOLS, node);
        return node;
    }

    /**
     * Few models search in this API, and all others refuse to be asked. One of several tools is left out then, which the model
     * can do without; a search alone is what was asked for.
     *
     * @throws GatewayException if the search is all that the request has
     */
    private boolean searches(ToolUse use) {
        if (context.isOwn()
                || context.accepts(Extension.WEB_SEARCH)
                || context.facts().can(Ability.CHAT_SEARCH)) {
            return true;
        }
        String member = context.name(MemberName.TOOLS) + ".web_search";
        if (use.tools().stream().allMatch(Tool.WebSearch.class::isInstance)) {
            throw GatewayException.coded(
                    FailureKind.UNSUPPORTED_FEATURE,
                    "unsupported_parameter",
                    "'" + member
                            + "' is not supported: this model cannot search the web through the API of its provider.");
        }
        context.losses.drop(member);
        return false;
    }

    private ObjectNode webSearch(Tool.WebSearch search) {
        if (!search.allowedDomains().isEmpty() || !search.blockedDomains().isEmpty()) {
            throw Losses.unsupported(context.name(MemberName.SEARCH_DOMAINS));
        }
        if (search.maxUses() != null) {
            context.losses.drop(context.name(MemberName.SEARCH_USES));
        }
        ObjectNode node = Json.nodes().objectNode();
        if (search.contextSize() != null) {
            node.put("search_context_size", search.contextSize());
        }
        if (search.location() != null) {
            node.putObject("user_location").put("type", "approximate").set("approximate", search.location());
        }
        context.extras(search.extras(), MemberName.TOOLS, node);
        return node;
    }

    private void choice(@Nullable ToolChoice choice, ObjectNode request) {
        if (choice == null) {
            return;
        }
        List<Named> allowed = choice.allowed().stream()
                .filter(tool -> tool.kind() != ToolKind.WEB_SEARCH)
                .toList();
        if (allowed.size() < choice.allowed().size()) {
            // Whether to search is not among the choices of this API: a model that can does.
            context.losses.drop(context.name(MemberName.TOOL_CHOICE));
            choice(allowed.isEmpty() ? null : new ToolChoice(choice.mode(), allowed), request);
        } else if (choice.allowed().isEmpty()) {
            request.put("tool_choice", word(choice.mode()));
        } else if (choice.mode() == Mode.REQUIRED && choice.allowed().size() == 1) {
            request.set("tool_choice", named(choice.allowed().get(0)));
        } else {
            ObjectNode node = request.putObject("tool_choice").put("type", "allowed_tools");
            ObjectNode among = node.putObject("allowed_tools").put("mode", word(choice.mode()));
            ArrayNode tools = among.putArray(PLACE);
            choice.allowed().forEach(tool -> tools.add(named(tool)));
        }
    }

    private ObjectNode named(Named tool) {
        String kind = tool.kind() == ToolKind.CUSTOM && context.isOwn() ? "custom" : "function";
        ObjectNode node = Json.nodes().objectNode().put("type", kind);
        node.putObject(kind).put("name", context.toolName(tool.name()));
        return node;
    }

    private static void legacyChoice(@Nullable ToolChoice choice, ObjectNode request) {
        if (choice == null) {
            return;
        }
        if (choice.allowed().isEmpty()) {
            request.put("function_call", word(choice.mode()));
        } else {
            request.putObject("function_call")
                    .put("name", choice.allowed().get(0).name());
        }
    }

    private static String word(Mode mode) {
        return switch (mode) {
            case AUTO -> "auto";
            case NONE -> "none";
            case REQUIRED -> "required";
        };
    }
}
