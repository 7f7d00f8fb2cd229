package io.plano.translate.completions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Writes the conversation.
 *
 * <p>An assistant message with tool calls must be followed at once by one {@code tool} message for each call. Other
 * formats are less strict, so results are looked for behind the calls, however far, and written where they belong; what
 * else stood in their turn comes behind all of them. A {@code tool} message holds text alone: images and documents in
 * results move into a user message behind the results, and a note in the result says so.
 *
 * <p>One per request; one thread.
 */
final class CompletionsMessageEncoder {
    private final CompletionsRequestContext context;
    private final CompletionsContentEncoder content;
    private final CompletionsAssistantEncoder assistant;
    private final ArrayNode messages = Json.nodes().arrayNode();
    private final List<Turn> turns;

    /** Results that have been written already, told apart by identity: two may be equal. */
    private final Set<Part> answered = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What moves out of results into the next user message. */
    private final List<Part> attachments = new ArrayList<>();

    CompletionsMessageEncoder(CompletionsRequestContext context) {
        this.context = context;
        this.content = new CompletionsContentEncoder(context);
        this.assistant = new CompletionsAssistantEncoder(context, content);
        this.turns =
                context.isOwn() ? context.request.turns() : CompletionsAssistantEncoder.joined(context.request.turns());
    }

    ArrayNode encode() {
        int loopStart = loopStart();
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            switch (turn.role()) {
                case USER -> user(turn);
                case ASSISTANT -> {
                    flushAttachments();
                    assistant.write(turn, context.isOwn() || i > loopStart, messages);
                    results(turn, i + 1);
                }
                case SYSTEM, DEVELOPER -> {
                    flushAttachments();
                    system(turn);
                }
            }
        }
        flushAttachments();
        return messages;
    }

    /** The last turn in which the user speaks; behind it, the model is in one loop of calls and results. */
    private int loopStart() {
        for (int i = turns.size() - 1; i >= 0; i--) {
            Turn turn = turns.get(i);
            if (turn.role() == Role.USER && turn.parts().stream().noneMatch(Part.ToolResult.class::isInstance)) {
                return i;
            }
        }
        return -1;
    }

    private void system(Turn turn) {
        if (context.isOwn()) {
            ObjectNode message = messages.addObject();
            message.put("role", turn.role() == Role.SYSTEM ? "system" : "developer");
            message.set("content", content.content(turn.parts()));
            context.extras(turn.extras(), MemberName.TURN, message);
            return;
        }
        context.leaveOut(turn.extras(), MemberName.TURN);
        List<Part> parts = withoutEmptyText(turn.parts());
        if (!parts.isEmpty()) {
            // Both words mean the same to OpenAI; other servers know the older one only.
            messages.addObject().put("role", "system").set("content", content.joined(parts, "\n\n"));
        }
    }

    private void user(Turn turn) {
        List<Part> parts = new ArrayList<>(attachments);
        attachments.clear();
        boolean hadResults = false;
        for (Part part : turn.parts()) {
            if (!(part instanceof Part.ToolResult)) {
                parts.add(part);
            } else if (answered.contains(part)) {
                hadResults = true;
            } else {
                throw CompletionsContentEncoder.misplaced(context.name(MemberName.TOOL_RESULT));
            }
        }
        if (context.isOwn()) {
            if (!parts.isEmpty() || !hadResults) {
                ObjectNode message = messages.addObject().put("role", "user");
                message.set("content", content.content(parts));
                context.extras(turn.extras(), MemberName.TURN, message);
            }
            return;
        }
        context.leaveOut(turn.extras(), MemberName.TURN);
        addUser(withoutEmptyText(parts));
    }

    private void addUser(List<Part> parts) {
        if (!parts.isEmpty()) {
            messages.addObject().put("role", "user").set("content", content.content(parts));
        }
    }

    private void flushAttachments() {
        addUser(attachments);
        attachments.clear();
    }

    private static List<Part> withoutEmptyText(List<Part> parts) {
        return parts.stream()
                .filter(part -> !(part instanceof Part.Text text && text.text().isEmpty()))
                .toList();
    }

    /** Writes the results of the calls of a turn, up to where a later turn uses their ids again. */
    private void results(Turn calls, int from) {
        Set<String> ids = CompletionsAssistantEncoder.callIds(calls);
        for (int i = from; i < turns.size() && !ids.isEmpty(); i++) {
            Turn turn = turns.get(i);
            if (turn.role() == Role.ASSISTANT
                    && !Collections.disjoint(ids, CompletionsAssistantEncoder.callIds(turn))) {
                return;
            }
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolResult result && ids.contains(result.callId()) && answered.add(result)) {
                    result(result, calls);
                }
            }
        }
    }

    private void result(Part.ToolResult result, Turn calls) {
        ObjectNode message = messages.addObject();
        if (LegacyFunctions.isMarked(context.request) && LegacyFunctions.isId(result.callId())) {
            message.put("role", "function").put("name", CompletionsAssistantEncoder.nameOf(result.callId(), calls));
        } else {
            message.put("role", "tool").put("tool_call_id", context.callId(result.callId()));
        }
        if (context.isOwn()) {
            message.set("content", content.content(result.content()));
        } else {
            message.set("content", content.joined(textOf(result), "\n\n"));
            if (result.status() == Part.ToolResult.Status.ERROR) {
                context.losses.drop(context.name(MemberName.TOOL_ERROR));
            }
        }
        context.extras(result.extras(), MemberName.CONTENT, message);
    }

    /** The text of a result, with a note for each thing that cannot stay in it. */
    private List<Part> textOf(Part.ToolResult result) {
        List<Part> text = new ArrayList<>();
        List<Part> moved = new ArrayList<>();
        for (Part part : withoutEmptyText(result.content())) {
            if (part instanceof Part.Image || part instanceof Part.Document || part instanceof Part.Audio) {
                text.add(
                        new Part.Text(part instanceof Part.Image ? "[image attached below]" : "[file attached below]"));
                moved.add(part);
            } else {
                text.add(part);
            }
        }
        if (!moved.isEmpty()) {
            attachments.add(new Part.Text("Attached to the result of " + context.callId(result.callId()) + ":"));
            attachments.addAll(moved);
        }
        return text;
    }
}
