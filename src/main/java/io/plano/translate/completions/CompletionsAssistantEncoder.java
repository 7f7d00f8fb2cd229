package io.plano.translate.completions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.provider.WireFormat;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes what the model said before: thoughts if the server takes them back, text, refusals, calls. */
final class CompletionsAssistantEncoder {
    private final CompletionsRequestContext context;
    private final CompletionsContentEncoder content;

    CompletionsAssistantEncoder(CompletionsRequestContext context, CompletionsContentEncoder content) {
        this.context = context;
        this.content = content;
    }

    /**
     * Joins turns of the model that follow each other, wherever apart they would not be one message each: a call belongs to
     * the text before it, and nothing may stand between a call and its result.
     */
    static List<Turn> joined(List<Turn> turns) {
        List<Turn> joined = new ArrayList<>();
        for (Turn turn : turns) {
            Turn last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && belongTogether(last, turn)) {
                List<Part> parts = new ArrayList<>(last.parts());
                parts.addAll(turn.parts());
                // What one of them lost is not lost otherwise if both did.
                joined.set(
                        joined.size() - 1,
                        new Turn(Role.ASSISTANT, parts, last.extras().isEmpty() ? turn.extras() : last.extras()));
            } else {
                joined.add(turn);
            }
        }
        return joined;
    }

    private static boolean belongTogether(Turn first, Turn second) {
        return first.role() == Role.ASSISTANT
                && second.role() == Role.ASSISTANT
                && (!callIds(first).isEmpty() || !speaks(first) || !speaks(second));
    }

    private static boolean speaks(Turn turn) {
        return turn.parts().stream().anyMatch(part -> part instanceof Part.Text || part instanceof Part.Refusal);
    }

    static Set<String> callIds(Turn turn) {
        Set<String> ids = new LinkedHashSet<>();
        for (Part part : turn.parts()) {
            if (turn.role() == Role.ASSISTANT && part instanceof Part.ToolCall call) {
                ids.add(call.id());
            }
        }
        return ids;
    }

    static String nameOf(String callId, Turn turn) {
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolCall call && call.id().equals(callId)) {
                return call.name();
            }
        }
        throw new IllegalArgumentException("no such call");
    }

    /**
     * Writes one turn.
     *
     * @param inLoop whether it lies in the loop of calls and results that is going on
     */
    void write(Turn turn, boolean inLoop, ArrayNode messages) {
        List<Part> said = new ArrayList<>();
        List<Part> thoughts = new ArrayList<>();
        List<Part.ToolCall> calls = new ArrayList<>();
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call);
            } else if (part instanceof Part.Thought || part instanceof Part.RedactedThought) {
                thoughts.add(part);
            } else {
                said.add(part);
            }
        }
        ObjectNode message = Json.nodes().objectNode().put("role", "assistant");
        boolean saysAnything = said(said, message);
        if (!saysAnything && calls.isEmpty() && !context.isOwn()) {
            context.leaveOut(turn.extras(), MemberName.TURN);
            return;
        }
        thoughts(thoughts, inLoop, message);
        calls(calls, message);
        states(thoughts, message);
        context.extras(turn.extras(), MemberName.TURN, message);
        messages.add(message);
    }

    private boolean said(List<Part> said, ObjectNode message) {
        boolean onlyRefusals = !said.isEmpty() && said.stream().allMatch(CompletionsAssistantEncoder::isPlainRefusal);
        if (said.isEmpty()) {
            message.putNull("content");
        } else if (onlyRefusals && said.size() == 1) {
            message.putNull("content");
            message.put("refusal", ((Part.Refusal) said.get(0)).text());
        } else if (context.isOwn()) {
            message.set("content", content.content(said));
        } else {
            List<Part> parts = said.stream()
                    .filter(part ->
                            !(part instanceof Part.Text text && text.text().isEmpty()))
                    .toList();
            message.set("content", content.joined(parts, ""));
        }
        return message.path("content").size() > 0
                || !message.path("content").asText("").isEmpty()
                || message.has("refusal");
    }

    private static boolean isPlainRefusal(Part part) {
        return part instanceof Part.Refusal refusal
                && refusal.extras().isEmpty()
                && !refusal.text().isEmpty();
    }

    private void thoughts(List<Part> thoughts, boolean inLoop, ObjectNode message) {
        StringBuilder shown = new StringBuilder();
        ArrayNode blocks = Json.nodes().arrayNode();
        for (Part part : thoughts) {
            if (part instanceof Part.Thought thought) {
                Signature signature = thought.signature();
                boolean unsigned = signature == null || signature.value().isEmpty() || signature.isState();
                if (unsigned && !thought.text().isEmpty()) {
                    shown.append(shown.isEmpty() ? "" : "\n\n").append(thought.text());
                } else if (!unsigned && signature != null && signature.origin() == WireFormat.COMPLETIONS) {
                    block(
                            blocks.addObject().put("type", "thinking").put("thinking", thought.text()),
                            "signature",
                            signature,
                            part);
                }
            } else if (part instanceof Part.RedactedThought redacted
                    && redacted.data().origin() == WireFormat.COMPLETIONS) {
                block(blocks.addObject().put("type", "redacted_thinking"), "data", redacted.data(), part);
            }
        }
        if (!shown.isEmpty() && inLoop && context.accepts(Extension.REASONING_CONTENT)) {
            message.put("reasoning_content", shown.toString());
        }
        if (!blocks.isEmpty() && context.accepts(Extension.THINKING_BLOCKS)) {
            message.set("thinking_blocks", blocks);
        }
    }

    /** What the provider itself put into the message: others refuse it. */
    private void states(List<Part> thoughts, ObjectNode message) {
        for (Part part : thoughts) {
            if (part instanceof Part.Thought thought
                    && thought.signature() != null
                    && thought.signature().isStateOf(context.provider())) {
                VendorState.putBack(thought.signature().value(), message);
            }
        }
    }

    private void block(ObjectNode block, String member, Signature signature, Part part) {
        block.put(member, signature.value());
        RemainingMembers.writeBack(part.extras().of(WireFormat.COMPLETIONS), block);
    }

    private void calls(List<Part.ToolCall> calls, ObjectNode message) {
        if (calls.size() == 1
                && LegacyFunctions.isMarked(context.request)
                && LegacyFunctions.isId(calls.get(0).id())) {
            Part.ToolCall call = calls.get(0);
            ObjectNode function = message.putObject("function_call");
            function.put("name", call.name()).put("arguments", call.arguments());
            context.extras(call.extras(), MemberName.CONTENT, function);
            return;
        }
        for (Part.ToolCall call : calls) {
            call(call, message.withArray("tool_calls").addObject());
        }
    }

    private void call(Part.ToolCall call, ObjectNode node) {
        boolean custom = call.kind() == ToolKind.CUSTOM && context.isOwn();
        node.put("id", context.callId(call.id())).put("type", custom ? "custom" : "function");
        ObjectNode tool = node.putObject(custom ? "custom" : "function").put("name", context.toolName(call.name()));
        String arguments = call.arguments();
        if (call.kind() == ToolKind.CUSTOM && !custom) {
            tool.put("arguments", FreeTextTool.arguments(arguments));
        } else if (custom) {
            tool.put("input", arguments);
        } else {
            tool.put("arguments", context.arguments(arguments));
        }
        if (context.isOwn()) {
            context.extras(call.extras(), MemberName.CONTENT, node);
        } else {
            context.leaveOut(call.extras(), MemberName.CONTENT);
        }
    }
}
