package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.EventBuffer;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A content block on its way to a client: it starts, gets pieces and stops, all under one number. What cannot be written yet,
 * because another block is open, waits here.
 */
final class MessagesStreamBlock {
    /** What a block holds, and in which member of which delta its pieces go. */
    enum Kind {
        TEXT("text_delta", "text"),
        /** A refusal is a text that is kept apart from what was said before. */
        REFUSAL("text_delta", "text"),
        THINKING("thinking_delta", "thinking"),
        TOOL("input_json_delta", "partial_json"),
        /** A custom tool's free text: becomes the one member of an object, and so is known only when complete. */
        CUSTOM_TOOL("input_json_delta", "partial_json"),
        /** Complete as it starts. */
        WHOLE("", "");

        private final String delta;
        private final String member;

        Kind(String delta, String member) {
            this.delta = delta;
            this.member = member;
        }
    }

    private static final byte[] DELTA_END = ascii("}}\n\n");

    private final Kind kind;
    private final ObjectNode start;
    private final StringBuilder waiting = new StringBuilder();
    private final List<JsonNode> citations = new ArrayList<>();
    private @Nullable String signature;
    private byte[] deltaHead = {};
    private int index = -1;
    private boolean complete;

    MessagesStreamBlock(Kind kind, ObjectNode start) {
        this.kind = kind;
        this.start = start;
        this.complete = kind == Kind.WHOLE;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** Whether nothing more will be added. */
    boolean isComplete() {
        return complete;
    }

    void complete() {
        complete = true;
    }

    /** Completes a thought. */
    void sign(String proof) {
        signature = proof;
        complete = true;
    }

    /** Adds a piece, which goes out at once where the block is open. */
    void add(String piece, EventBuffer events) {
        if (index >= 0 && kind != Kind.CUSTOM_TOOL) {
            writeDelta(piece, events);
        } else {
            waiting.append(piece);
        }
    }

    void cite(JsonNode citation, EventBuffer events) {
        if (index >= 0) {
            writeCitation(citation, events);
        } else {
            citations.add(citation);
        }
    }

    boolean isOpen() {
        return index >= 0;
    }

    /** Writes the start, and what has been waiting. */
    void open(int number, EventBuffer events) {
        index = number;
        deltaHead = ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" + number
                + ",\"delta\":{\"type\":\"" + kind.delta + "\",\"" + kind.member + "\":");
        events.write(ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":" + number
                + ",\"content_block\":"));
        Json.write(start, events);
        events.write(ascii("}\n\n"));
        if (!waiting.isEmpty() && kind != Kind.CUSTOM_TOOL) {
            writeDelta(waiting.toString(), events);
        }
        citations.forEach(citation -> writeCitation(citation, events));
    }

    /** Writes the stop, and before it what is known at the end only. */
    void close(EventBuffer events) {
        if (kind == Kind.CUSTOM_TOOL) {
            writeDelta(Json.compact(Json.nodes().objectNode().put(FreeTextTool.INPUT, waiting.toString())), events);
        } else if (signature != null) {
            writeDelta("{\"type\":\"signature_delta\",\"signature\":", signature, events);
        }
        events.write(ascii(
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":" + index + "}\n\n"));
    }

    private void writeDelta(String piece, EventBuffer events) {
        events.write(deltaHead);
        events.writeJsonString(piece);
        events.write(DELTA_END);
    }

    private void writeDelta(String head, String value, EventBuffer events) {
        writeDeltaStart(events);
        events.write(ascii(head));
        events.writeJsonString(value);
        events.write(DELTA_END);
    }

    private void writeCitation(JsonNode citation, EventBuffer events) {
        writeDeltaStart(events);
        events.write(ascii("{\"type\":\"citations_delta\",\"citation\":"));
        Json.write(citation, events);
        events.write(DELTA_END);
    }

    private void writeDeltaStart(EventBuffer events) {
        events.write(ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" + index
                + ",\"delta\":"));
    }
}
