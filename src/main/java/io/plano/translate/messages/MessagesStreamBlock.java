package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.CallArguments;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.JsonExtent;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
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

    private static final String DELTA = "content_block_delta";

    private final Kind kind;
    private final ObjectNode start;
    private final StringBuilder waiting = new StringBuilder();
    private final List<JsonNode> citations = new ArrayList<>();
    private @Nullable String signature;
    private byte[] deltaHead = {};
    private byte[] deltaTail = {};
    private final JsonExtent extent = new JsonExtent();
    private int index = -1;
    private boolean complete;

    /** Whether the arguments of a call have begun to go out. */
    private boolean begun;

    MessagesStreamBlock(Kind kind, ObjectNode start) {
        this.kind = kind;
        this.start = start;
        this.complete = kind == Kind.WHOLE;
    }

    private static String start(String type, int index) {
        return "{\"type\":\"" + type + "\",\"index\":" + index;
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

    /** Adds a piece, which goes out at once if the block is open. */
    void add(String piece, EventWriter events) {
        if (index >= 0 && kind != Kind.CUSTOM_TOOL && kind != Kind.TOOL) {
            writeDelta(piece, events);
        } else {
            waiting.append(piece);
            passOn(events);
        }
    }

    /**
     * Arguments that begin as an object go out as they come, up to the end of the object; any others are held until they are
     * known to be none, or to be no object.
     */
    private void passOn(EventWriter events) {
        if (index < 0 || kind != Kind.TOOL || waiting.isEmpty()) {
            return;
        }
        if (!begun) {
            int first = firstNotBlank();
            if (first < 0 || waiting.charAt(first) != '{') {
                return;
            }
            begun = true;
        }
        String piece = waiting.toString();
        int length = extent.readToEnd(piece);
        waiting.setLength(0);
        if (length > 0) {
            writeDelta(length == piece.length() ? piece : piece.substring(0, length), events);
        }
    }

    private int firstNotBlank() {
        for (int i = 0; i < waiting.length(); i++) {
            if (!Character.isWhitespace(waiting.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    void cite(JsonNode citation, EventWriter events) {
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
    void open(int number, EventWriter events) {
        index = number;
        deltaHead = events.head(
                DELTA, start(DELTA, number) + ",\"delta\":{\"type\":\"" + kind.delta + "\",\"" + kind.member + "\":");
        deltaTail = events.tail("}}");
        String type = "content_block_start";
        Json.write(start, events.begin(events.head(type, start(type, number) + ",\"content_block\":")));
        events.end(events.tail("}"));
        if (kind == Kind.TOOL) {
            passOn(events);
        } else if (!waiting.isEmpty() && kind != Kind.CUSTOM_TOOL) {
            writeDelta(waiting.toString(), events);
        }
        citations.forEach(citation -> writeCitation(citation, events));
    }

    /** Writes the stop, and before it what is known at the end only. */
    void close(EventWriter events) {
        if (kind == Kind.CUSTOM_TOOL) {
            writeDelta(Json.compact(Json.nodes().objectNode().put(FreeTextTool.INPUT, waiting.toString())), events);
        } else if (kind == Kind.TOOL && !begun && !waiting.isEmpty()) {
            writeDelta(Json.compact(CallArguments.object(waiting.toString())), events);
        } else if (signature != null) {
            writeSignature(signature, events);
        }
        String type = "content_block_stop";
        events.begin(events.head(type, start(type, index)));
        events.end(events.tail("}"));
    }

    private void writeDelta(String piece, EventWriter events) {
        events.begin(deltaHead).writeJsonString(piece);
        events.end(deltaTail);
    }

    private EventBuffer beginDelta(String delta, EventWriter events) {
        return events.begin(events.head(DELTA, start(DELTA, index) + ",\"delta\":" + delta));
    }

    private void writeSignature(String proof, EventWriter events) {
        beginDelta("{\"type\":\"signature_delta\",\"signature\":", events).writeJsonString(proof);
        events.end(deltaTail);
    }

    private void writeCitation(JsonNode citation, EventWriter events) {
        Json.write(citation, beginDelta("{\"type\":\"citations_delta\",\"citation\":", events));
        events.end(deltaTail);
    }
}
