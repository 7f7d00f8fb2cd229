package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.SseParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An event of a stream, for looking at.
 *
 * @param type the name, empty where it has none
 * @param data its data
 */
record SseText(String type, String data) {
    static List<SseText> parse(byte[] stream) {
        List<SseText> events = new ArrayList<>();
        SseParser parser = new SseParser((type, bytes, offset, length) ->
                events.add(new SseText(type, new String(bytes, offset, length, StandardCharsets.UTF_8))));
        try {
            parser.accept(stream, 0, stream.length);
            parser.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    JsonNode json() {
        return Objects.requireNonNull(Json.read(data), data);
    }
}
