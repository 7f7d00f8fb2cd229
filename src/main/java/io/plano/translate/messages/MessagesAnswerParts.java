package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.Usage;
import org.jspecify.annotations.Nullable;

/** The pieces of which both a whole answer and a stream are made. Every member that clients' types require is there. */
final class MessagesAnswerParts {
    private static final String ID = "msg_";

    private MessagesAnswerParts() {}

    /** The message without content and end. */
    static ObjectNode message(AnswerStart start, AnswerContext context) {
        String requested = context.request().model();
        ObjectNode message = Json.nodes().objectNode();
        message.put("id", id(start.id(), context.requestId()));
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", start.model().isEmpty() && requested != null ? requested : start.model());
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        return message;
    }

    /** The provider's id, so that logs on both sides can be compared, with the beginning that clients know. */
    private static String id(String given, String requestId) {
        String id = given.isEmpty() ? requestId : given;
        return id.startsWith(ID) ? id : ID + ToolNames.legal(id, 256);
    }

    /** Puts the end into a message or a {@code message_delta}. */
    static void finish(ObjectNode target, Finish finish, String reason) {
        target.put("stop_reason", reason);
        target.put("stop_sequence", MessagesFinish.sequence(finish));
        String explanation = MessagesFinish.explanation(finish);
        if (explanation != null) {
            target.putObject("stop_details")
                    .put("type", "refusal")
                    .putNull("category")
                    .put("explanation", explanation);
        }
    }

    static ObjectNode usage(Usage usage, @Nullable String serviceTier) {
        ObjectNode counts = MessagesUsage.write(usage);
        String tier = MessagesServiceTier.write(serviceTier);
        return tier == null ? counts : counts.put("service_tier", tier);
    }

    static ObjectNode text() {
        return Json.nodes().objectNode().put("type", "text").put("text", "");
    }

    static ObjectNode thinking() {
        return Json.nodes()
                .objectNode()
                .put("type", "thinking")
                .put("thinking", "")
                .put("signature", "");
    }

    static ObjectNode redacted(String data) {
        return Json.nodes().objectNode().put("type", "redacted_thinking").put("data", data);
    }

    static ObjectNode toolUse(String id, String name) {
        ObjectNode block = Json.nodes().objectNode().put("type", "tool_use");
        block.put("id", ToolNames.legal(id, 256)).put("name", name).putObject("input");
        return block;
    }

    /**
     * The citation for a client, or null if it cites nothing that this API knows from another provider.
     *
     * @param text the cited stretch
     */
    static @Nullable JsonNode citation(Citation citation, String text) {
        if (citation.source() == WireFormat.MESSAGES) {
            return citation.value();
        } else if (citation.url() == null) {
            return null;
        }
        return Json.nodes()
                .objectNode()
                .put("type", "web_search_result_location")
                .put("url", citation.url())
                .put("title", citation.title())
                .put("encrypted_index", "")
                .put("cited_text", text);
    }
}
