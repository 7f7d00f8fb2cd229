package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import org.jspecify.annotations.Nullable;

/** Reasoning that is shown, as one paragraph of summary. */
final class ResponsesReasoningItem extends ResponsesOutputItem {
    private static final String DELTA = "response.reasoning_summary_text.delta";

    private final StringBuilder text = new StringBuilder();
    private final byte[] deltaHead;
    private final byte[] place;
    private @Nullable String encrypted;

    ResponsesReasoningItem(ResponsesEvents events, String id, int outputIndex) {
        super(events, id, outputIndex);
        deltaHead = events.head(DELTA);
        place = ResponsesEvents.place(id, outputIndex, "summary_index", 0);
    }

    @Override
    void begin() {
        super.begin();
        part("response.reasoning_summary_part.added", "");
    }

    void append(String piece) {
        text.append(piece);
        events.delta(deltaHead, place, piece);
    }

    /** What the client is to send back. */
    void seal(String encryptedContent) {
        encrypted = encryptedContent;
    }

    private void part(String type, String shown) {
        events.write(type, event -> {
            place(event);
            event.put("summary_index", 0);
            event.putObject("part").put("type", "summary_text").put("text", shown);
        });
    }

    @Override
    void complete() {
        events.write("response.reasoning_summary_text.done", event -> {
            place(event);
            event.put("summary_index", 0).put("text", text.toString());
        });
        part("response.reasoning_summary_part.done", text.toString());
    }

    @Override
    ObjectNode item(String status) {
        return of(id, text.toString(), encrypted);
    }

    /** A reasoning item; it has no status. */
    static ObjectNode of(String id, String text, @Nullable String encrypted) {
        ObjectNode item = Json.nodes().objectNode().put("id", id).put("type", "reasoning");
        item.set("summary", ResponsesItemsDecoder.summary(text));
        if (encrypted != null) {
            item.put("encrypted_content", encrypted);
        }
        return item;
    }
}
