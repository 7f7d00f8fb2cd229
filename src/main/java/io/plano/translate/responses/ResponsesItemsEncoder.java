package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.CallArguments;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.Turn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes turns as items: what a turn says becomes message items, its calls, outputs and thoughts items of their own, all in
 * their order. A thought goes only to the kind of provider that it came from, and only with something behind it: a reasoning
 * item without its following item is refused (wire-spec §2.6). One per request.
 */
final class ResponsesItemsEncoder {
    private static final int MAX_ID = 64;
    private static final Set<String> MARKERS = Set.of(
            ResponsesItemsDecoder.TYPE,
            ResponsesItemsDecoder.SUMMARY,
            "content",
            ResponsesClientTools.NAMESPACE,
            ResponsesRequestDecoder.INSTRUCTIONS);

    private final ClientFormat client;
    private final boolean own;
    private final ResponsesToolsEncoder tools;
    private final ResponsesPartsEncoder parts;
    private final String partPath;
    private final Losses losses;
    private final ArrayNode items = Json.nodes().arrayNode();
    private final Set<String> calls = new HashSet<>();
    private final Set<String> customCalls = new HashSet<>();

    private @Nullable ObjectNode message;

    ResponsesItemsEncoder(ClientFormat client, ResponsesToolsEncoder tools, Losses losses) {
        this.client = client;
        own = client.is(WireFormat.RESPONSES);
        this.tools = tools;
        this.losses = losses;
        parts = new ResponsesPartsEncoder(client, losses);
        partPath = client.prefix(MemberName.CONTENT);
    }

    ArrayNode items(List<Turn> turns) {
        turns.forEach(this::add);
        endMessage();
        return items;
    }

    private void add(Turn turn) {
        endMessage();
        String role = switch (turn.role()) {
            case SYSTEM -> "system";
            case DEVELOPER -> "developer";
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
        if (turn.parts().isEmpty() && own) {
            content(role, turn.extras());
        }
        for (int i = 0; i < turn.parts().size(); i++) {
            Part part = turn.parts().get(i);
            if (!(part instanceof Part.Thought thought)) {
                add(part, role, turn.extras());
            } else if (own || isFollowed(turn.parts(), i)) {
                addThought(thought);
            }
        }
        if (turn.extras().source() != WireFormat.RESPONSES) {
            losses.leaveOut(turn.extras(), client.prefix(MemberName.TURN));
        }
    }

    private static boolean isFollowed(List<Part> parts, int thought) {
        return parts.subList(thought + 1, parts.size()).stream()
                .anyMatch(part -> part instanceof Part.Text || part instanceof Part.ToolCall);
    }

    private void add(Part part, String role, Extras turn) {
        if (part instanceof Part.ToolCall call) {
            addCall(call);
        } else if (part instanceof Part.ToolResult result) {
            addResult(result);
        } else if (part instanceof Part.Native given) {
            addNative(given);
        } else if (own || !(part instanceof Part.Text text && text.text().isEmpty())) {
            ObjectNode written = parts.part(part, role.equals("assistant") ? "output_text" : "input_text");
            if (written != null) {
                content(role, beginning(part, turn)).add(written);
            }
        }
    }

    /** The members of the message item that the part begins; null if it goes on. */
    private @Nullable Extras beginning(Part part, Extras turn) {
        JsonNode members = part.extras().of(WireFormat.RESPONSES).get(ResponsesItemsDecoder.MESSAGE);
        if (members instanceof ObjectNode own) {
            ResponsesExtras extras = new ResponsesExtras();
            own.properties().forEach(member -> extras.put(member.getKey(), member.getValue()));
            return extras.build();
        }
        return message == null ? turn : null;
    }

    private ArrayNode content(String role, @Nullable Extras begins) {
        ObjectNode open = message;
        if (open != null && begins == null) {
            return (ArrayNode) open.get("content");
        }
        open = items.addObject().put("type", "message");
        message = open;
        open.put("role", role);
        ArrayNode content = open.putArray("content");
        if (begins != null) {
            ResponsesExtras.write(begins, open, MARKERS);
        }
        return content;
    }

    /**
     * What the assistant said goes out as one text. Parts of the type {@code output_text} belong to items that the provider
     * made itself, which have an id and a status; servers that check against the types of OpenAI's SDK refuse any others.
     */
    private void endMessage() {
        ObjectNode ended = message;
        message = null;
        if (own || ended == null || !ended.path("role").asText().equals("assistant")) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : ended.path("content")) {
            if (!part.path("type").asText().equals("output_text")) {
                return;
            }
            text.append(part.path("text").asText());
        }
        ended.put("content", text.toString());
    }

    private ObjectNode item(String type) {
        endMessage();
        return items.addObject().put("type", type);
    }

    private void addNative(Part.Native given) {
        if (given.source() == WireFormat.RESPONSES) {
            endMessage();
            items.add(given.value());
        } else {
            losses.leaveOut(partPath + given.value().path("type").asText("type"), given.loss());
        }
    }

    private String callId(String id) {
        return own ? id : ToolNames.legal(id, MAX_ID);
    }

    private void addCall(Part.ToolCall call) {
        boolean custom = call.kind() == ToolKind.CUSTOM;
        calls.add(call.id());
        ObjectNode item = item(custom ? "custom_tool_call" : "function_call");
        item.put("call_id", callId(call.id()));
        tools.writeCallName(call.name(), item);
        JsonNode space = call.extras().of(WireFormat.RESPONSES).get(ResponsesClientTools.NAMESPACE);
        if (space != null) {
            item.set("namespace", space);
        }
        if (custom) {
            customCalls.add(call.id());
            item.put("input", call.arguments());
        } else {
            String member = client.name(MemberName.TOOL_ARGUMENTS);
            item.put("arguments", own ? call.arguments() : CallArguments.text(call.arguments(), member, losses));
        }
        writeExtras(call.extras(), item);
    }

    /** The call may lie in an earlier response only for clients that can refer to one (wire-spec §2.5 rule 5). */
    private void addResult(Part.ToolResult result) {
        if (!own && !calls.contains(result.callId())) {
            throw MemberReader.invalid(
                    client.name(MemberName.TOOL_RESULT),
                    "answers no tool call that stands before it in the conversation");
        }
        JsonNode type = result.extras().of(WireFormat.RESPONSES).get(ResponsesItemsDecoder.TYPE);
        boolean custom = type != null || customCalls.contains(result.callId());
        ObjectNode item = item(custom ? "custom_tool_call_output" : "function_call_output");
        item.put("call_id", callId(result.callId()));
        parts.writeOutput(item, result.content());
        if (result.status() == Part.ToolResult.Status.ERROR) {
            losses.drop(client.name(MemberName.TOOL_ERROR));
        }
        writeExtras(result.extras(), item);
    }

    private void addThought(Part.Thought thought) {
        Signature signature = thought.signature();
        boolean known = own || thought.extras().source() == WireFormat.RESPONSES;
        if (signature == null ? !known : signature.origin() != WireFormat.RESPONSES) {
            return;
        }
        ObjectNode item = item("reasoning");
        if (signature != null && signature.itemId() != null) {
            item.put("id", signature.itemId());
        }
        Extras extras = thought.extras();
        JsonNode summary = extras.of(WireFormat.RESPONSES).get(ResponsesItemsDecoder.SUMMARY);
        item.set("summary", summary != null ? summary : ResponsesItemsDecoder.summary(thought.text()));
        JsonNode content = extras.of(WireFormat.RESPONSES).get("content");
        if (content != null) {
            item.set("content", content);
        }
        if (signature != null) {
            item.put("encrypted_content", signature.value());
        }
        writeExtras(extras, item);
    }

    private void writeExtras(Extras extras, ObjectNode item) {
        if (extras.source() == WireFormat.RESPONSES) {
            ResponsesExtras.write(extras, item, MARKERS);
        } else {
            losses.leaveOut(extras, partPath);
        }
    }
}
