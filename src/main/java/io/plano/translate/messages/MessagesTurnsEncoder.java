package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat.Trait;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code system} and {@code messages}. A conversation that a client of this API sent keeps its messages. One from
 * another API gets the order that this one wants: all system and developer texts, in their order, as blocks of {@code
 * system}, since only the newest models take them elsewhere; consecutive turns of one speaker as one message; in it the
 * results of tools first; nothing empty; no white space at the end of an answer to be continued. One per request.
 */
final class MessagesTurnsEncoder {
    /** A message in the making. */
    private record Message(String role, List<ObjectNode> results, List<ObjectNode> blocks, Extras extras) {
        Message(Turn turn) {
            this(word(turn.role()), new ArrayList<>(), new ArrayList<>(), turn.extras());
        }

        private static String word(Turn.Role role) {
            return switch (role) {
                case USER -> "user";
                case ASSISTANT -> "assistant";
                case SYSTEM, DEVELOPER -> "system";
            };
        }

        boolean isEmpty() {
            return results.isEmpty() && blocks.isEmpty();
        }
    }

    private final ChatRequest request;
    private final MessagesBlocksEncoder blocks;
    private final boolean own;
    private final List<ObjectNode> system = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private @Nullable Turn last;

    MessagesTurnsEncoder(ChatRequest request, MessagesBlocksEncoder blocks) {
        this.request = request;
        this.blocks = blocks;
        this.own = request.client().is(WireFormat.MESSAGES);
    }

    /**
     * @param instruction a text of the gateway's own behind the system texts; null for none
     */
    void writeTo(ObjectNode body, @Nullable String instruction) {
        for (Turn turn : request.turns()) {
            if (isSystem(turn)) {
                addSystem(turn);
            } else {
                addTurn(turn);
            }
            last = turn;
        }
        if (!own) {
            messages.removeIf(Message::isEmpty);
            speakAsUserWhereNobodyDoes();
            trimEnd();
        }
        if (instruction != null) {
            system.add(Json.nodes().objectNode().put("type", "text").put("text", instruction));
        }
        if (!system.isEmpty()) {
            body.putArray("system").addAll(system);
        }
        ArrayNode written = body.putArray("messages");
        for (Message message : messages) {
            ObjectNode object = written.addObject().put("role", message.role());
            object.putArray("content").addAll(message.results()).addAll(message.blocks());
            object.setAll(message.extras().of(WireFormat.MESSAGES));
        }
    }

    private boolean isSystem(Turn turn) {
        boolean speaks = turn.role() == Turn.Role.SYSTEM || turn.role() == Turn.Role.DEVELOPER;
        if (!own || !speaks) {
            return speaks;
        }
        return last == null && turn.extras().isEmpty() && turn.parts().stream().allMatch(Part.Text.class::isInstance);
    }

    private void addSystem(Turn turn) {
        int before = system.size();
        for (Part part : turn.parts()) {
            if (!(part instanceof Part.Text) && !(part instanceof Part.Native)) {
                throw Losses.unsupported(request.client().name(MemberName.CONTENT));
            }
            ObjectNode block = blocks.of(part);
            if (block != null) {
                system.add(block);
            }
        }
        turnExtras(turn, system.subList(before, system.size()));
    }

    private void addTurn(Turn turn) {
        Message message = joins(turn) ? messages.get(messages.size() - 1) : new Message(turn);
        if (messages.isEmpty() || messages.get(messages.size() - 1) != message) {
            messages.add(message);
        }
        List<ObjectNode> added = new ArrayList<>();
        for (Part part : turn.parts()) {
            ObjectNode block = blocks.of(part);
            if (block != null) {
                added.add(block);
                (part instanceof Part.ToolResult && !own ? message.results() : message.blocks()).add(block);
            }
        }
        if (turn.role() == Turn.Role.ASSISTANT && request.client().has(Trait.THOUGHTS_IN_ANY_PLACE)) {
            putThoughtsFirst(message.blocks());
        }
        turnExtras(turn, added);
    }

    /** Whether the turn belongs to the last message. Of a client's own messages only those that were split are joined. */
    private boolean joins(Turn turn) {
        if (last == null || messages.isEmpty() || !own) {
            return !messages.isEmpty()
                    && messages.get(messages.size() - 1).role().equals(Message.word(turn.role()));
        }
        return holdsResults(last) && isUserWithoutResults(turn) && turn.extras().isEmpty();
    }

    private static boolean holdsResults(Turn turn) {
        return !turn.parts().isEmpty() && turn.parts().get(0) instanceof Part.ToolResult;
    }

    private static boolean isUserWithoutResults(Turn turn) {
        return turn.role() == Turn.Role.USER && !turn.parts().isEmpty() && !holdsResults(turn);
    }

    /** This API wants what was thought in front of what was said. */
    private static void putThoughtsFirst(List<ObjectNode> blocks) {
        List<ObjectNode> thoughts = new ArrayList<>(blocks);
        thoughts.removeIf(block -> !isThought(block));
        blocks.removeIf(MessagesTurnsEncoder::isThought);
        blocks.addAll(0, thoughts);
    }

    private static boolean isThought(JsonNode block) {
        String type = block.path("type").asText("");
        return type.equals("thinking") || type.equals("redacted_thinking");
    }

    /** A cache marker on a whole message, which some servers take, marks its last block. */
    private void turnExtras(Turn turn, List<ObjectNode> added) {
        Extras extras = turn.extras();
        if (own || extras.isEmpty()) {
            return;
        }
        ObjectNode lastBlock = added.isEmpty() ? Json.nodes().objectNode() : added.get(added.size() - 1);
        blocks.extras(lastBlock, extras, request.client().prefix(MemberName.TURN));
    }

    /** OpenAI answers system texts alone; this API wants a message. */
    private void speakAsUserWhereNobodyDoes() {
        if (messages.isEmpty() && !system.isEmpty()) {
            Message message = new Message(new Turn(Turn.Role.USER, List.of()));
            message.blocks().addAll(system);
            messages.add(message);
            system.clear();
        }
    }

    private void trimEnd() {
        Message end = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (end == null || !end.role().equals("assistant") || end.blocks().isEmpty()) {
            return;
        }
        ObjectNode block = end.blocks().get(end.blocks().size() - 1);
        String text = block.path("text").textValue();
        if (text == null || !"text".equals(block.path("type").textValue())) {
            return;
        }
        block.put("text", text.stripTrailing());
        if (text.isBlank()) {
            end.blocks().remove(block);
        }
        messages.removeIf(Message::isEmpty);
    }
}
