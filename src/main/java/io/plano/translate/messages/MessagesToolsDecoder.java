package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools} and {@code tool_choice}. One per request. */
final class MessagesToolsDecoder {
    /** The search that every Claude model since 3.5 has. */
    static final String WEB_SEARCH = "web_search_20250305";

    /** The only name that it may have. */
    static final String SEARCH_NAME = "web_search";

    private static final Pattern WEB_SEARCHES = Pattern.compile("web_search_\\d{8}");

    private final MemberReader body;

    MessagesToolsDecoder(MemberReader body) {
        this.body = body;
    }

    /**
     * @param rest takes what is left of a nested object
     */
    ToolUse decode(BiConsumer<String, @Nullable MemberReader> rest) {
        List<Tool> tools = new ArrayList<>();
        for (MemberReader tool : body.objects("tools")) {
            tools.add(tool(tool));
        }
        MemberReader choice = body.object("tool_choice");
        if (choice == null) {
            return tools.isEmpty() ? ToolUse.NONE : new ToolUse(tools, null, null);
        }
        ToolChoice chosen = choice(choice, tools);
        Boolean disabled = choice.bool("disable_parallel_tool_use");
        rest.accept("tool_choice", choice);
        return new ToolUse(tools, chosen, disabled == null ? null : !disabled);
    }

    private static ToolChoice choice(MemberReader choice, List<Tool> tools) {
        return switch (choice.requiredString("type")) {
            case "auto" -> new ToolChoice(ToolChoice.Mode.AUTO);
            case "any" -> new ToolChoice(ToolChoice.Mode.REQUIRED);
            case "none" -> new ToolChoice(ToolChoice.Mode.NONE);
            case "tool" -> {
                String name = choice.requiredString("name");
                yield new ToolChoice(ToolChoice.Mode.REQUIRED, List.of(new ToolChoice.Named(kind(name, tools), name)));
            }
            default -> throw MemberReader.invalid(choice.pathOf("type"), "must be auto, any, tool or none");
        };
    }

    private static ToolKind kind(String name, List<Tool> tools) {
        boolean search = name.equals(SEARCH_NAME) && tools.stream().anyMatch(Tool.WebSearch.class::isInstance);
        return search ? ToolKind.WEB_SEARCH : ToolKind.FUNCTION;
    }

    private static Tool tool(MemberReader tool) {
        String type = tool.string("type");
        if (type == null || type.equals("custom")) {
            return function(tool);
        } else if (WEB_SEARCHES.matcher(type).matches()) {
            return webSearch(tool, type);
        }
        // Every tool of the request is there already if the provider knows no search for tools.
        Loss loss = type.startsWith("tool_search_tool_") ? Loss.DROP : Loss.REFUSE;
        return new Tool.Native(WireFormat.MESSAGES, tool.node(), loss);
    }

    private static Tool function(MemberReader tool) {
        String name = tool.requiredString("name");
        String description = tool.string("description");
        JsonNode schema = tool.any("input_schema");
        if (schema != null && !schema.isObject()) {
            throw MemberReader.invalid(tool.pathOf("input_schema"), "must be an object");
        }
        return new Tool.Function(name, description, schema, tool.bool("strict"), tool.rest(WireFormat.MESSAGES));
    }

    private static Tool webSearch(MemberReader tool, String type) {
        tool.string("name");
        Long maxUses = tool.integer("max_uses");
        List<String> allowed = tool.strings("allowed_domains");
        List<String> blocked = tool.strings("blocked_domains");
        ObjectNode location = null;
        MemberReader place = tool.object("user_location");
        if (place != null) {
            location = place.node().deepCopy();
            location.remove("type");
        }
        Map<String, JsonNode> extras = new LinkedHashMap<>();
        if (!type.equals(WEB_SEARCH)) {
            extras.put("type", tool.node().path("type"));
        }
        extras.putAll(tool.rest(WireFormat.MESSAGES).members());
        return new Tool.WebSearch(null, maxUses, allowed, blocked, location, Extras.of(WireFormat.MESSAGES, extras));
    }
}
