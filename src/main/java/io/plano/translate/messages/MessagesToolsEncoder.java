package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code tools} and {@code tool_choice}. A choice among some of the tools is written as those tools alone. If the
 * conversation has calls and the request no tools, which this API refuses, the called ones are declared with nothing but a
 * name, and may not be called. One per request.
 */
final class MessagesToolsEncoder {
    private final ChatRequest request;
    private final ClaudeModel claude;
    private final MessagesBlocksEncoder blocks;
    private final Losses losses;
    private final ToolNames names;
    private final ClientFormat client;
    private final boolean own;
    private final Set<String> customTools = new LinkedHashSet<>();

    MessagesToolsEncoder(
            ChatRequest request, ClaudeModel claude, MessagesBlocksEncoder blocks, Losses losses, ToolNames names) {
        this.request = request;
        this.claude = claude;
        this.blocks = blocks;
        this.losses = losses;
        this.names = names;
        this.client = request.client();
        this.own = client.is(WireFormat.MESSAGES);
    }

    /** The tools of free text, by the names that the provider gets. */
    Set<String> customTools() {
        return customTools;
    }

    void writeTo(ObjectNode body) {
        ToolUse use = request.tools();
        ArrayNode tools = Json.nodes().arrayNode();
        for (Tool tool : use.tools()) {
            ObjectNode written = isAllowed(tool, use.choice()) ? tool(tool) : null;
            if (written != null) {
                tools.add(written);
            }
        }
        if (tools.isEmpty() && !own) {
            declareCalled(tools);
            if (!tools.isEmpty()) {
                body.set("tools", tools);
                body.putObject("tool_choice").put("type", "none");
            }
            return;
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        ObjectNode choice = choice(use);
        if (choice != null) {
            body.set("tool_choice", choice);
        }
    }

    /** A choice of one tool that must be called keeps the others, which caches know. */
    private static boolean isAllowed(Tool tool, @Nullable ToolChoice choice) {
        if (choice == null || choice.allowed().isEmpty() || isOneForced(choice)) {
            return true;
        }
        if (tool instanceof Tool.WebSearch) {
            return choice.allowed().stream().anyMatch(allowed -> allowed.kind() == ToolKind.WEB_SEARCH);
        }
        String name = tool instanceof Tool.Function function
                ? function.name()
                : tool instanceof Tool.Custom custom ? custom.name() : null;
        return choice.allowed().stream()
                .anyMatch(allowed ->
                        allowed.kind() != ToolKind.WEB_SEARCH && allowed.name().equals(name));
    }

    private static boolean isOneForced(ToolChoice choice) {
        return choice.mode() == ToolChoice.Mode.REQUIRED && choice.allowed().size() == 1;
    }

    private void declareCalled(ArrayNode tools) {
        Set<String> called = new LinkedHashSet<>();
        for (Turn turn : request.turns()) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    called.add(names.legal(call.name()));
                }
            }
        }
        for (String name : called) {
            tools.addObject().put("name", name).putObject("input_schema").put("type", "object");
        }
    }

    private @Nullable ObjectNode tool(Tool tool) {
        if (tool instanceof Tool.Function function) {
            return function(function);
        } else if (tool instanceof Tool.Custom custom) {
            return custom(custom);
        } else if (tool instanceof Tool.WebSearch search) {
            return webSearch(search);
        }
        Tool.Native foreign = (Tool.Native) tool;
        if (foreign.source() == WireFormat.MESSAGES && foreign.value() instanceof ObjectNode original) {
            return original.deepCopy();
        }
        String type = foreign.value().path("type").asText("tool");
        losses.leaveOut(client.prefix(MemberName.TOOLS) + type, foreign.loss());
        return null;
    }

    private ObjectNode named(String name, @Nullable String description) {
        ObjectNode tool = Json.nodes().objectNode().put("name", names.legal(name));
        return description == null ? tool : tool.put("description", description);
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = named(function.name(), function.description());
        JsonNode schema = schema(function);
        if (schema != null) {
            tool.set("input_schema", schema);
        }
        if (own && function.strict() != null) {
            tool.put("strict", function.strict());
        } else if (!own && Boolean.TRUE.equals(function.strict())) {
            writeStrict(tool, function.parameters());
        }
        blocks.extras(tool, function.extras(), client.prefix(MemberName.TOOLS));
        return tool;
    }

    /** Older models do not know the word, and newer ones refuse it with schemas that go beyond what they keep to. */
    private void writeStrict(ObjectNode tool, @Nullable JsonNode schema) {
        if (claude.isStructured() && schema != null && ClaudeSchema.holdsFor(schema)) {
            tool.put("strict", true);
        } else {
            losses.drop(client.name(MemberName.TOOL_STRICT));
        }
    }

    /** The schema is required, its type too, and alternatives at its root are refused. */
    private @Nullable JsonNode schema(Tool.Function function) {
        JsonNode parameters = function.parameters();
        if (own) {
            return parameters;
        } else if (parameters instanceof ObjectNode root && RootAlternatives.areIn(root)) {
            return folded(function.name(), root);
        } else if (parameters == null) {
            return Json.nodes().objectNode().put("type", "object");
        } else if (parameters.has("type")) {
            return parameters;
        }
        ObjectNode schema = Json.nodes().objectNode().put("type", "object");
        if (parameters instanceof ObjectNode members) {
            schema.setAll(members);
        }
        return schema;
    }

    private ObjectNode folded(String name, ObjectNode schema) {
        String member = client.name(MemberName.TOOL_SCHEMA);
        ObjectNode folded = RootAlternatives.folded(schema);
        if (folded == null) {
            throw GatewayException.coded(
                    FailureKind.UNSUPPORTED_FEATURE,
                    "unsupported_parameter",
                    "'" + member + "' of the tool '" + name
                            + "' has alternatives that are no objects, which the API of the provider that serves this"
                            + " model does not take.");
        }
        losses.drop(member + ".anyOf");
        return folded;
    }

    private ObjectNode custom(Tool.Custom custom) {
        ObjectNode tool = named(custom.name(), FreeTextTool.description(custom));
        tool.set("input_schema", FreeTextTool.schema());
        customTools.add(names.legal(custom.name()));
        blocks.extras(tool, custom.extras(), client.prefix(MemberName.TOOLS));
        return tool;
    }

    private ObjectNode webSearch(Tool.WebSearch search) {
        ObjectNode tool = Json.nodes().objectNode().put("type", MessagesToolsDecoder.WEB_SEARCH);
        tool.put("name", MessagesToolsDecoder.SEARCH_NAME);
        if (search.maxUses() != null) {
            tool.put("max_uses", search.maxUses());
        }
        writeList(tool, "allowed_domains", search.allowedDomains());
        writeList(tool, "blocked_domains", search.blockedDomains());
        if (search.location() instanceof ObjectNode place) {
            tool.putObject("user_location").put("type", "approximate").setAll(place);
        }
        if (search.contextSize() != null) {
            losses.drop(client.name(MemberName.SEARCH_CONTEXT_SIZE));
        }
        blocks.extras(tool, search.extras(), client.prefix(MemberName.TOOLS));
        return tool;
    }

    private static void writeList(ObjectNode tool, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = tool.putArray(name);
            values.forEach(list::add);
        }
    }

    private @Nullable ObjectNode choice(ToolUse use) {
        boolean single = Boolean.FALSE.equals(use.parallel());
        ToolChoice choice = use.choice();
        if (choice == null && !single) {
            return null;
        }
        ObjectNode written = Json.nodes().objectNode();
        ToolChoice.Mode mode = choice == null ? ToolChoice.Mode.AUTO : choice.mode();
        switch (mode) {
            case AUTO -> written.put("type", "auto");
            case NONE -> written.put("type", "none");
            case REQUIRED -> {
                if (choice != null && isOneForced(choice)) {
                    ToolChoice.Named forced = choice.allowed().get(0);
                    written.put("type", "tool")
                            .put(
                                    "name",
                                    forced.kind() == ToolKind.WEB_SEARCH
                                            ? MessagesToolsDecoder.SEARCH_NAME
                                            : names.legal(forced.name()));
                } else {
                    written.put("type", "any");
                }
            }
        }
        if (own ? use.parallel() != null : single && mode != ToolChoice.Mode.NONE) {
            written.put("disable_parallel_tool_use", single);
        }
        return written;
    }
}
