package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.ToolUse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes tools, and how they may be used. {@code strict} is always written: Responses takes a function without it for a strict
 * one and then changes its schema or refuses it (wire-spec §2.4 rule 1). One per request.
 */
final class ResponsesToolsEncoder {
    private static final Set<String> OF_NAMESPACES = Set.of(ResponsesClientTools.NAMESPACE, ResponsesClientTools.NAME);

    private final ClientFormat client;
    private final boolean own;
    private final ToolNames names;
    private final Losses losses;
    private final ResponsesClientTools clientTools;

    ResponsesToolsEncoder(ClientFormat client, List<Tool> tools, ToolNames names, Losses losses) {
        this.client = client;
        own = client.is(WireFormat.RESPONSES);
        this.names = names;
        this.losses = losses;
        clientTools = new ResponsesClientTools(tools);
    }

    /** The {@code tools} of a request, or of the answer that repeats them. */
    ArrayNode tools(List<Tool> tools) {
        ArrayNode written = Json.nodes().arrayNode();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function) {
                place(written, function.extras()).add(function(function));
            } else if (tool instanceof Tool.Custom custom) {
                place(written, custom.extras()).add(custom(custom));
            } else if (tool instanceof Tool.WebSearch search) {
                written.add(webSearch(search));
            } else if (tool instanceof Tool.Native given) {
                addNative(written, given);
            }
        }
        return written;
    }

    private void addNative(ArrayNode written, Tool.Native given) {
        if (given.source() == WireFormat.RESPONSES) {
            written.add(given.value());
        } else {
            losses.leaveOut(
                    client.prefix(MemberName.TOOLS) + given.value().path("type").asText("type"), given.loss());
        }
    }

    /** Where a tool belongs: in the last namespace, if that is its own. */
    private static ArrayNode place(ArrayNode written, Extras extras) {
        JsonNode namespace = extras.of(WireFormat.RESPONSES).get(ResponsesClientTools.NAMESPACE);
        if (namespace == null) {
            return written;
        }
        if (!written.isEmpty() && written.get(written.size() - 1) instanceof ObjectNode last && last.has("tools")) {
            ObjectNode described = last.deepCopy();
            described.remove("tools");
            if (described.equals(namespace)) {
                return (ArrayNode) last.get("tools");
            }
        }
        ObjectNode opened = namespace.deepCopy();
        written.add(opened);
        return opened.putArray("tools");
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode written = Json.nodes().objectNode().put("type", "function");
        writeName(function.name(), written);
        if (function.description() != null) {
            written.put("description", function.description());
        }
        written.set("parameters", function.parameters());
        written.put("strict", Boolean.TRUE.equals(function.strict()));
        writeExtras(function.extras(), written);
        return written;
    }

    private ObjectNode custom(Tool.Custom custom) {
        ObjectNode written = Json.nodes().objectNode().put("type", "custom");
        writeName(custom.name(), written);
        if (custom.description() != null) {
            written.put("description", custom.description());
        }
        if (custom.format() != null) {
            written.set("format", custom.format());
        }
        writeExtras(custom.extras(), written);
        return written;
    }

    /** Inside its namespace a tool has its own name. */
    private void writeName(String name, ObjectNode written) {
        clientTools.writeName(legal(name), written);
        written.remove("namespace");
    }

    private String legal(String name) {
        return own ? name : names.legal(name);
    }

    private ObjectNode webSearch(Tool.WebSearch search) {
        ObjectNode written = Json.nodes().objectNode();
        JsonNode type = search.extras().of(WireFormat.RESPONSES).get("type");
        written.put("type", type == null ? "web_search" : type.textValue());
        if (!search.allowedDomains().isEmpty()) {
            ArrayNode domains = filters(written).putArray("allowed_domains");
            search.allowedDomains().forEach(domains::add);
        }
        if (!search.blockedDomains().isEmpty()) {
            if (!own) {
                throw Losses.unsupported(client.name(MemberName.SEARCH_BLOCKED_DOMAINS));
            }
            ArrayNode domains = filters(written).putArray("blocked_domains");
            search.blockedDomains().forEach(domains::add);
        }
        if (search.location() instanceof ObjectNode location) {
            written.putObject("user_location").put("type", "approximate").setAll(location);
        }
        if (search.contextSize() != null) {
            written.put("search_context_size", search.contextSize());
        }
        if (search.maxUses() != null) {
            losses.drop(client.name(MemberName.SEARCH_USES));
        }
        writeExtras(search.extras(), written);
        return written;
    }

    private static ObjectNode filters(ObjectNode search) {
        return search.get("filters") instanceof ObjectNode known ? known : search.putObject("filters");
    }

    private void writeExtras(Extras extras, ObjectNode written) {
        if (extras.source() == WireFormat.RESPONSES) {
            ResponsesExtras.write(extras, written, OF_NAMESPACES);
        } else {
            losses.leaveOut(extras, client.prefix(MemberName.TOOLS));
        }
    }

    /** The {@code tool_choice}, or null if the client does not say. */
    @Nullable
    JsonNode choice(ToolUse use) {
        ToolChoice choice = use.choice();
        if (choice == null) {
            return null;
        }
        String mode = switch (choice.mode()) {
            case AUTO -> "auto";
            case NONE -> "none";
            case REQUIRED -> "required";
        };
        if (choice.allowed().isEmpty()) {
            return Json.nodes().textNode(mode);
        }
        if (choice.mode() == ToolChoice.Mode.REQUIRED && choice.allowed().size() == 1) {
            return named(choice.allowed().get(0));
        }
        ObjectNode written =
                Json.nodes().objectNode().put("type", "allowed_tools").put("mode", mode);
        ArrayNode allowed = written.putArray("tools");
        choice.allowed().forEach(tool -> allowed.add(named(tool)));
        return written;
    }

    private ObjectNode named(ToolChoice.Named tool) {
        ObjectNode written = Json.nodes().objectNode();
        if (tool.kind() == ToolKind.WEB_SEARCH) {
            return written.put("type", own ? tool.name() : "web_search");
        }
        written.put("type", tool.kind() == ToolKind.CUSTOM ? "custom" : "function");
        clientTools.writeName(legal(tool.name()), written);
        return written;
    }

    /** The members of a call that name its tool. */
    void writeCallName(String name, ObjectNode call) {
        clientTools.writeName(legal(name), call);
    }
}
