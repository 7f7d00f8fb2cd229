package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes turns of the items of one request. What the model said between two words of the client's is one turn of the
 * assistant, whether it came as one item or ten; outputs of tools that follow each other are one turn of the user. Every
 * other message is a turn of its own.
 *
 * <p>Items of the assistant's are written back one by one: the first part of a message item carries that item's own members
 * as {@link #MESSAGE}.
 */
final class ResponsesItemsDecoder {
    /** Among the extras of an assistant's part: it begins a message item that has these members. */
    static final String MESSAGE = "message";

    /** Among the extras of a tool's result: the type of the item, if no call in sight tells. */
    static final String TYPE = "type";

    /** Among the extras of a thought: summary and content, if the text alone does not tell. */
    static final String SUMMARY = "summary";

    /** Between the parts of a summary: they are paragraphs. */
    static final String PARAGRAPH = "\n\n";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    /** What the provider ran itself, and told of: the model's text stays true without it. */
    private static final Set<String> RECORDS = Set.of(
            "web_search_call",
            "file_search_call",
            "code_interpreter_call",
            "image_generation_call",
            "mcp_call",
            "mcp_list_tools",
            "tool_search_call",
            "tool_search_output",
            "ghost_snapshot");

    private final ResponsesToolsDecoder tools;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Part> open = new ArrayList<>();
    private Turn.@Nullable Role openRole;
    private final Set<String> customCalls = new HashSet<>();
    private final Set<String> calls = new HashSet<>();
    private final Map<String, String> results = new LinkedHashMap<>();
    private boolean refersBack;

    ResponsesItemsDecoder(ResponsesToolsDecoder tools) {
        this.tools = tools;
    }

    /** The turns of all items read so far. */
    List<Turn> turns() {
        close();
        return turns;
    }

    /** A turn in front of what follows. */
    void add(Turn turn) {
        close();
        turns.add(turn);
    }

    void addAll(List<MemberReader> items) {
        items.forEach(this::add);
    }

    /**
     * Every output must answer a call (wire-spec §2.5 rule 5): the model would be told of something that it never asked for.
     * If the conversation began elsewhere, its calls may have been there.
     */
    void checkResults() {
        results.forEach((callId, path) -> {
            if (!calls.contains(callId) && !refersBack) {
                throw MemberReader.invalid(path, "answers a call that is not in this conversation");
            }
        });
    }

    private void add(MemberReader item) {
        String type = item.string("type");
        switch (type != null ? type : item.has("role") ? "message" : item.has("id") ? "item_reference" : "") {
            case "message" -> addMessage(item);
            case "function_call" -> addCall(item, ToolKind.FUNCTION, "arguments");
            case "custom_tool_call" -> addCall(item, ToolKind.CUSTOM, "input");
            case "function_call_output" -> addOutput(item, ToolKind.FUNCTION);
            case "custom_tool_call_output" -> addOutput(item, ToolKind.CUSTOM);
            case "reasoning" -> addReasoning(item);
            case "additional_tools" -> {
                // Its tools are among the tools of the request: no other format adds any on the way.
            }
            case "" -> throw MemberReader.invalid(item.pathOf("type"), "is required");
            default -> addNative(item, String.valueOf(type));
        }
    }

    private void addNative(MemberReader item, String type) {
        boolean output = type.endsWith("_output") || type.endsWith("_response");
        refersBack = true;
        join(
                output ? Turn.Role.USER : Turn.Role.ASSISTANT,
                new Part.Native(WireFormat.RESPONSES, item.node(), RECORDS.contains(type) ? Loss.DROP : Loss.REFUSE));
    }

    private void addMessage(MemberReader item) {
        Turn.Role role = switch (item.requiredString("role")) {
            case "system" -> Turn.Role.SYSTEM;
            case "developer" -> Turn.Role.DEVELOPER;
            case "user" -> Turn.Role.USER;
            case "assistant" -> Turn.Role.ASSISTANT;
            default ->
                throw MemberReader.invalid(item.pathOf("role"), "must be one of user, assistant, system, developer");
        };
        JsonNode content = item.any("content");
        if (content == null) {
            throw MemberReader.invalid(item.pathOf("content"), "is required");
        }
        List<Part> parts = ResponsesPartsDecoder.parts(content, item.pathOf("content"));
        if (parts == null) {
            parts = List.of(new Part.Native(WireFormat.RESPONSES, item.node(), Loss.REFUSE));
        }
        boolean whole = !parts.isEmpty() && parts.get(0) instanceof Part.Native;
        Extras extras = whole ? Extras.NONE : new ResponsesExtras().restOf(item).build();
        if (role == Turn.Role.ASSISTANT) {
            openAs(role);
            open.addAll(beginning(parts, extras));
        } else {
            add(new Turn(role, parts, extras));
        }
    }

    /** The parts, the first of which knows the members of its item. */
    private static List<Part> beginning(List<Part> parts, Extras item) {
        if (item.isEmpty() || parts.isEmpty()) {
            return parts;
        }
        ObjectNode members = Json.nodes().objectNode();
        item.members().forEach(members::set);
        List<Part> all = new ArrayList<>(parts);
        Map<String, JsonNode> own = new LinkedHashMap<>(parts.get(0).extras().members());
        own.put(MESSAGE, members);
        Set<String> silent = new HashSet<>(parts.get(0).extras().silent());
        if (item.silent().containsAll(item.members().keySet())) {
            silent.add(MESSAGE);
        }
        all.set(0, with(parts.get(0), new Extras(WireFormat.RESPONSES, own, Set.of(), silent)));
        return all;
    }

    private static Part with(Part part, Extras extras) {
        if (part instanceof Part.Text text) {
            return new Part.Text(text.text(), extras);
        } else if (part instanceof Part.Refusal refusal) {
            return new Part.Refusal(refusal.text(), extras);
        }
        return part;
    }

    private void addCall(MemberReader item, ToolKind kind, String input) {
        String id = item.requiredString("call_id");
        String space = item.string("namespace");
        String name = item.requiredString("name");
        String arguments = item.requiredString(input);
        calls.add(id);
        if (kind == ToolKind.CUSTOM) {
            customCalls.add(id);
        }
        ResponsesExtras extras = new ResponsesExtras();
        if (space != null && !tools.knows(space, name)) {
            extras.putSilent(ResponsesClientTools.NAMESPACE, TextNode.valueOf(space));
        }
        join(
                Turn.Role.ASSISTANT,
                new Part.ToolCall(
                        id,
                        tools.name(space, name),
                        kind,
                        arguments,
                        extras.restOf(item).build()));
    }

    private void addOutput(MemberReader item, ToolKind kind) {
        String id = item.requiredString("call_id");
        JsonNode output = item.any("output");
        if (output == null) {
            throw MemberReader.invalid(item.pathOf("output"), "is required");
        }
        boolean empty = output.isTextual() && output.textValue().isEmpty();
        List<Part> content = empty ? List.of() : ResponsesPartsDecoder.parts(output, item.pathOf("output"));
        if (content == null) {
            throw MemberReader.invalid(item.pathOf("output"), "has a part of a type that is not known here");
        }
        results.putIfAbsent(id, item.pathOf("call_id"));
        ResponsesExtras extras = new ResponsesExtras();
        if (kind == ToolKind.CUSTOM && !customCalls.contains(id)) {
            extras.putSilent(TYPE, TextNode.valueOf("custom_tool_call_output"));
        }
        join(
                Turn.Role.USER,
                new Part.ToolResult(
                        id,
                        content,
                        Part.ToolResult.Status.UNKNOWN,
                        extras.restOf(item).build()));
    }

    private void addReasoning(MemberReader item) {
        ArrayNode summary = item.array("summary");
        ArrayNode content = item.array("content");
        String encrypted = item.string("encrypted_content");
        String id = item.string("id");
        ArrayNode summarized = summary == null ? Json.nodes().arrayNode() : summary;
        String text = text(summarized.isEmpty() ? content : summarized);
        ResponsesExtras extras = new ResponsesExtras();
        if (!summarized.equals(summary(text)) || (content != null && !content.isEmpty())) {
            extras.putSilent(SUMMARY, summarized);
            if (content != null) {
                extras.putSilent("content", content);
            }
        }
        Signature signature = encrypted == null ? null : signature(encrypted, id);
        if (id != null && (signature == null || !id.equals(signature.itemId()))) {
            extras.putSilent("id", TextNode.valueOf(id));
        }
        extras.restOf(item);
        join(Turn.Role.ASSISTANT, thought(text, signature, extras.build()));
    }

    private static Part thought(String text, @Nullable Signature signature, Extras extras) {
        if (signature != null && Signature.REDACTED.equals(signature.itemId())) {
            return new Part.RedactedThought(new Signature(signature.origin(), signature.value()), extras);
        }
        return new Part.Thought(text, signature, extras);
    }

    private static Signature signature(String encrypted, @Nullable String id) {
        Signature signature = Signature.unwrap(encrypted, WireFormat.RESPONSES);
        boolean own = signature.origin() == WireFormat.RESPONSES;
        return own ? new Signature(WireFormat.RESPONSES, signature.value(), legalId(id)) : signature;
    }

    /** The id, if a signature can hold it. */
    static @Nullable String legalId(@Nullable String id) {
        return id != null && ID.matcher(id).matches() ? id : null;
    }

    /** The paragraphs of a summary, or of reasoning that is shown as it is. */
    static String text(@Nullable ArrayNode paragraphs) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; paragraphs != null && i < paragraphs.size(); i++) {
            texts.add(paragraphs.get(i).path("text").asText(""));
        }
        return String.join(PARAGRAPH, texts);
    }

    /** The summary that shows a text. */
    static ArrayNode summary(String text) {
        ArrayNode summary = Json.nodes().arrayNode();
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        return summary;
    }

    private void join(Turn.Role role, Part part) {
        openAs(role);
        open.add(part);
    }

    private void openAs(Turn.Role role) {
        if (openRole != role) {
            close();
            openRole = role;
        }
    }

    private void close() {
        if (openRole != null) {
            turns.add(new Turn(openRole, open));
            open.clear();
            openRole = null;
        }
    }
}
