package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.EventBuffer;
import io.plano.translate.Json;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes the events of one stream and numbers them. One thread at a time. */
final class ResponsesEvents {
    private static final byte[] END = bytes("\n\n");
    private static final byte[] END_OF_DELTA = bytes("}\n\n");
    private static final byte[] END_OF_TEXT_DELTA = bytes(",\"logprobs\":[]}\n\n");
    private static final byte[] PING = bytes(": ping\n\n");
    private static final int DIGITS = 20;

    private final EventBuffer buffer;
    private final byte[] digits = new byte[DIGITS];
    private long number;

    ResponsesEvents(EventBuffer buffer) {
        this.buffer = buffer;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An event with these members, behind its type and number. */
    void write(String type, Consumer<ObjectNode> members) {
        ObjectNode data = Json.nodes().objectNode().put("type", type).put("sequence_number", number++);
        members.accept(data);
        buffer.write(bytes("event: " + type + "\ndata: "));
        Json.write(data, buffer);
        buffer.write(END);
    }

    /** What the deltas of one kind begin with. */
    static byte[] head(String type) {
        return bytes("event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":");
    }

    /** What the deltas of one item have between their number and their text. */
    static byte[] place(String itemId, int outputIndex, String partMember, int partIndex) {
        String part = partMember.isEmpty() ? "" : ",\"" + partMember + "\":" + partIndex;
        return bytes(",\"item_id\":\"" + itemId + "\",\"output_index\":" + outputIndex + part + ",\"delta\":");
    }

    void delta(byte[] head, byte[] place, String text) {
        writeDelta(head, place, text);
        buffer.write(END_OF_DELTA);
    }

    void textDelta(byte[] head, byte[] place, String text) {
        writeDelta(head, place, text);
        buffer.write(END_OF_TEXT_DELTA);
    }

    private void writeDelta(byte[] head, byte[] place, String text) {
        buffer.write(head);
        writeNumber(number++);
        buffer.write(place);
        buffer.writeJsonString(text);
    }

    private void writeNumber(long value) {
        int start = DIGITS;
        long rest = value;
        do {
            digits[--start] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        buffer.write(digits, start, DIGITS - start);
    }

    void ping() {
        buffer.write(PING);
    }
}
