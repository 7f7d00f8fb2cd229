package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes the events of one stream and numbers them. One thread at a time. */
final class ResponsesEvents {
    private static final int DIGITS = 20;

    private final EventWriter events;
    private final Map<String, byte[]> heads = new HashMap<>();
    private final byte[] endOfDelta;
    private final byte[] endOfTextDelta;
    private final byte[] digits = new byte[DIGITS];
    private long number;

    ResponsesEvents(EventWriter events) {
        this.events = events;
        endOfDelta = events.tail("}");
        endOfTextDelta = events.tail(",\"logprobs\":[]}");
    }

    /** An event with these members, behind its type and number. */
    void write(String type, Consumer<ObjectNode> members) {
        ObjectNode data = Json.nodes().objectNode().put("type", type).put("sequence_number", number++);
        members.accept(data);
        Json.write(type, data, events);
    }

    /** What the deltas of one kind begin with. */
    byte[] head(String type) {
        return heads.computeIfAbsent(
                type, name -> events.head(name, "{\"type\":\"" + name + "\",\"sequence_number\":"));
    }

    /** What the deltas of one item have between their number and their text. */
    static byte[] place(String itemId, int outputIndex, String partMember, int partIndex) {
        String part = partMember.isEmpty() ? "" : ",\"" + partMember + "\":" + partIndex;
        String place = ",\"item_id\":\"" + itemId + "\",\"output_index\":" + outputIndex + part + ",\"delta\":";
        return place.getBytes(StandardCharsets.UTF_8);
    }

    void delta(byte[] head, byte[] place, String text) {
        writeDelta(head, place, text);
        events.end(endOfDelta);
    }

    void textDelta(byte[] head, byte[] place, String text) {
        writeDelta(head, place, text);
        events.end(endOfTextDelta);
    }

    private void writeDelta(byte[] head, byte[] place, String text) {
        EventBuffer data = events.begin(head);
        writeNumber(number++, data);
        data.write(place);
        data.writeJsonString(text);
    }

    private void writeNumber(long value, EventBuffer data) {
        int start = DIGITS;
        long rest = value;
        do {
            digits[--start] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        data.write(digits, start, DIGITS - start);
    }

    void ping() {
        events.keepAlive();
    }
}
