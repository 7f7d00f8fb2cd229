package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolChoice.Mode;
import io.plano.translate.neutral.ToolChoice.Named;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the model may call, and whether it must. Source: OpenAI API reference, "Create chat completion". */
final class CompletionsToolDecoder {
    private static final String CACHE_CONTROL = "cache_control";

    private CompletionsToolDecoder() {}

    static ToolUse decode(MemberReader request) {
        List<Tool> tools = new ArrayList<>();
        request.objects("tools").forEach(tool -> tools.add(tool(tool)));
        ToolChoice choice = choice(request);
        Boolean parallel = request.bool("parallel_tool_calls");
        if (isLegacy(request)) {
            request.objects("functions").forEach(function -> tools.add(function(function, null)));
            choice = legacyChoice(request);
            // The old form has no place for a second call.
            parallel = false;
        }
        MemberReader search = request.object("web_search_options");
        if (search != null) {
            tools.add(webSearch(search));
        }
        return new ToolUse(tools, choice, parallel);
    }

    /** Whether the client speaks of functions where others speak of tools. */
    static boolean isLegacy(MemberReader request) {
        return request.has("functions") && !request.has("tools");
    }

    private static Tool tool(MemberReader tool) {
        String type = tool.string("type");
        if ("custom".equals(type)) {
            MemberReader custom = required(tool, "custom");
            return new Tool.Custom(
                    custom.requiredString("name"),
                    custom.string("description"),
                    custom.any("format"),
                    new RemainingMembers(tool).and("custom", custom).extras());
        } else if ("function".equals(type) || type == null) {
            return function(required(tool, "function"), tool);
        }
        return new Tool.Native(WireFormat.COMPLETIONS, tool.node(), Loss.REFUSE);
    }

    private static MemberReader required(MemberReader object, String name) {
        MemberReader member = object.object(name);
        if (member == null) {
            throw MemberReader.invalid(object.pathOf(name), "is required");
        }
        return member;
    }

    /**
     * A function.
     *
     * @param tool the object around it; null in the old form
     */
    private static Tool function(MemberReader function, @Nullable MemberReader tool) {
        String name = function.requiredString("name");
        String description = function.string("description");
        JsonNode parameters = function.any("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw MemberReader.invalid(function.pathOf("parameters"), "must be an object");
        }
        Boolean strict = function.bool("strict");
        if (tool == null) {
            return new Tool.Function(name, description, parameters, strict, new RemainingMembers(function).extras());
        }
        // LiteLLM's clients write the marker here, OpenRouter's one level up.
        JsonNode mark = tool.has(CACHE_CONTROL) ? null : function.any(CACHE_CONTROL);
        Extras extras = new RemainingMembers(tool).and("function", function).extras();
        if (mark != null) {
            Map<String, JsonNode> members = new LinkedHashMap<>(extras.members());
            members.put(CACHE_CONTROL, mark);
            extras = Extras.of(WireFormat.COMPLETIONS, members);
        }
        return new Tool.Function(name, description, parameters, strict, extras);
    }

    private static Tool webSearch(MemberReader search) {
        MemberReader location = search.object("user_location");
        JsonNode place = null;
        if (location != null && "approximate".equals(location.string("type"))) {
            place = location.any("approximate");
        }
        String size = search.string("search_context_size");
        Extras extras =
                new RemainingMembers(search).and("user_location", location).extras();
        return new Tool.WebSearch(size, null, List.of(), List.of(), place, extras);
    }

    private static @Nullable ToolChoice choice(MemberReader request) {
        JsonNode value = request.any("tool_choice");
        if (value == null) {
            return null;
        } else if (value.isTextual()) {
            return new ToolChoice(mode(value.textValue(), "tool_choice"));
        }
        MemberReader choice = required(request, "tool_choice");
        String type = choice.requiredString("type");
        return switch (type) {
            case "function", "custom" -> new ToolChoice(Mode.REQUIRED, List.of(named(choice, type)));
            case "allowed_tools" -> allowed(required(choice, "allowed_tools"));
            default -> new ToolChoice(mode(type, choice.pathOf("type")));
        };
    }

    private static ToolChoice allowed(MemberReader allowed) {
        List<Named> names = new ArrayList<>();
        for (MemberReader tool : allowed.objects("tools")) {
            names.add(named(tool, tool.requiredString("type")));
        }
        if (names.isEmpty()) {
            throw MemberReader.invalid(allowed.pathOf("tools"), "must name at least one tool");
        }
        return new ToolChoice(mode(allowed.requiredString("mode"), allowed.pathOf("mode")), names);
    }

    private static Named named(MemberReader choice, String type) {
        boolean custom = type.equals("custom");
        String member = custom ? "custom" : "function";
        // Some clients write the name flat, as the Responses API has it.
        String name = choice.node().get(member) instanceof ObjectNode
                ? required(choice, member).requiredString("name")
                : choice.requiredString("name");
        return new Named(custom ? ToolKind.CUSTOM : ToolKind.FUNCTION, name);
    }

    private static Mode mode(String word, String path) {
        return switch (word) {
            case "auto" -> Mode.AUTO;
            case "none" -> Mode.NONE;
            case "required", "any" -> Mode.REQUIRED;
            default ->
                throw MemberReader.invalid(path, "must be 'auto', 'none', 'required' or a tool, not '" + word + "'");
        };
    }

    private static @Nullable ToolChoice legacyChoice(MemberReader request) {
        JsonNode value = request.any("function_call");
        if (value == null) {
            return null;
        } else if (value.isTextual()) {
            return new ToolChoice(mode(value.textValue(), "function_call"));
        }
        String name = required(request, "function_call").requiredString("name");
        return new ToolChoice(Mode.REQUIRED, List.of(new Named(ToolKind.FUNCTION, name)));
    }
}
