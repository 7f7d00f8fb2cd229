package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.CallArguments;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.ToolKind;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer of the Messages API. One per answer. */
final class MessagesAnswerEncoder {
    private final ChatAnswer answer;
    private final AnswerContext context;
    private boolean calls;
    private boolean refused;

    /** Code points of text before the block being written. */
    private int textBefore;

    MessagesAnswerEncoder(ChatAnswer answer, AnswerContext context) {
        this.answer = answer;
        this.context = context;
    }

    byte[] encode() {
        ObjectNode message = MessagesAnswerParts.message(answer.start(), context);
        ArrayNode content = message.putArray("content");
        for (Part part : answer.content()) {
            ObjectNode block = block(part);
            if (block != null) {
                content.add(block);
            }
        }
        MessagesAnswerParts.finish(message, answer.finish(), MessagesFinish.word(answer.finish(), calls, refused));
        message.set(
                "usage",
                MessagesAnswerParts.usage(answer.usage(), answer.start().serviceTier()));
        return Json.bytes(message);
    }

    private @Nullable ObjectNode block(Part part) {
        if (part instanceof Part.Text text) {
            return text.text().isEmpty() ? null : text(text.text());
        } else if (part instanceof Part.Refusal refusal) {
            refused = true;
            return MessagesAnswerParts.text().put("text", refusal.text());
        } else if (part instanceof Part.Thought thought) {
            ObjectNode block = MessagesAnswerParts.thinking().put("thinking", thought.text());
            return thought.signature() == null
                    ? block
                    : block.put("signature", thought.signature().wrap(WireFormat.MESSAGES));
        } else if (part instanceof Part.RedactedThought redacted) {
            return MessagesAnswerParts.redacted(redacted.data().wrap(WireFormat.MESSAGES));
        } else if (part instanceof Part.ToolCall call) {
            calls = true;
            ObjectNode block = MessagesAnswerParts.toolUse(call.id(), call.name());
            block.set("input", input(call));
            return block;
        }
        return part instanceof Part.Native own
                        && own.source() == WireFormat.MESSAGES
                        && own.value() instanceof ObjectNode value
                ? value
                : null;
    }

    private ObjectNode text(String text) {
        ObjectNode block = MessagesAnswerParts.text().put("text", text);
        int length = text.codePointCount(0, text.length());
        ArrayNode citations = Json.nodes().arrayNode();
        for (Citation citation : answer.citations()) {
            int from = citation.start() - textBefore;
            if (from >= 0 && from < length) {
                int to = Math.max(from, Math.min(citation.end() - textBefore, length));
                JsonNode value = MessagesAnswerParts.citation(
                        citation, text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to)));
                if (value != null) {
                    citations.add(value);
                }
            }
        }
        textBefore += length;
        if (!citations.isEmpty()) {
            block.set("citations", citations);
        }
        return block;
    }

    private static ObjectNode input(Part.ToolCall call) {
        return call.kind() == ToolKind.CUSTOM
                ? Json.nodes().objectNode().put(FreeTextTool.INPUT, call.arguments())
                : CallArguments.answered(call.arguments());
    }
}
