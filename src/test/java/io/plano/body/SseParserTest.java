package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.GoldenCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser against vectors made for the standard, and against recorded streams split everywhere. */
class SseParserTest {
    private record Event(String type, String data) {}

    private record Vector(String name, List<byte[]> chunks, List<Event> strict, List<Event> flushed) {
        @Override
        public String toString() {
            return name;
        }

        private byte[] whole() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            chunks.forEach(all::writeBytes);
            return all.toByteArray();
        }
    }

    private static final class Recorder implements EventSink {
        private final List<Event> events = new ArrayList<>();

        @Override
        public void event(String type, byte[] bytes, int offset, int length) {
            events.add(new Event(
                    type.isEmpty() ? "message" : type, new String(bytes, offset, length, StandardCharsets.UTF_8)));
        }
    }

    static Stream<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream file = SseParserTest.class.getResourceAsStream("/wire/sse/vectors.json")) {
            for (JsonNode vector : new ObjectMapper().readTree(file)) {
                List<byte[]> chunks = new ArrayList<>();
                vector.get("chunks_base64")
                        .forEach(chunk -> chunks.add(Base64.getDecoder().decode(chunk.textValue())));
                vectors.add(new Vector(
                        vector.get("name").textValue(),
                        chunks,
                        events(vector.get("events_strict_whatwg")),
                        events(vector.get("events_with_eof_flush"))));
            }
        }
        assertThat(vectors).hasSize(19);
        return vectors.stream();
    }

    private static List<Event> events(JsonNode list) {
        List<Event> events = new ArrayList<>();
        list.forEach(event -> events.add(
                new Event(event.get("event").textValue(), event.get("data").textValue())));
        return events;
    }

    private static List<Event> parse(List<byte[]> chunks, boolean toTheEnd) throws IOException {
        Recorder recorder = new Recorder();
        SseParser parser = new SseParser(recorder);
        for (byte[] chunk : chunks) {
            byte[] reused = chunk.clone();
            parser.accept(reused, 0, reused.length);
            Arrays.fill(reused, (byte) 'x'); // the parser may keep nothing that lies in the caller's array
        }
        if (toTheEnd) {
            parser.end();
        }
        return recorder.events;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsTheVectorsAsTheStandardDoes(Vector vector) throws IOException {
        assertThat(parse(vector.chunks(), false)).isEqualTo(vector.strict());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void handsOverTheLastEventWithoutItsBlankLineAtTheEnd(Vector vector) throws IOException {
        assertThat(parse(vector.chunks(), true)).isEqualTo(vector.flushed());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsTheSameWhereverItIsSplit(Vector vector) throws IOException {
        byte[] whole = vector.whole();
        for (int split = 0; split <= whole.length; split++) {
            byte[] head = Arrays.copyOfRange(whole, 0, split);
            byte[] tail = Arrays.copyOfRange(whole, split, whole.length);
            assertThat(parse(List.of(head, tail), true))
                    .as("split at %d", split)
                    .isEqualTo(vector.flushed());
        }
    }

    static Stream<GoldenCase> recordedStreams() {
        return GoldenCase.of(
                        "anthropic-messages", "openai-chat", "openai-chat-compat", "azure-chat", "openai-responses")
                .stream()
                .filter(recorded -> recorded.has("response.sse"));
    }

    @ParameterizedTest
    @MethodSource("recordedStreams")
    void readsRecordedStreamsByteByByte(GoldenCase recorded) throws IOException {
        byte[] stream = recorded.read("response.sse");
        List<byte[]> bytes = new ArrayList<>();
        for (byte octet : stream) {
            bytes.add(new byte[] {octet});
        }
        List<Event> events = parse(List.of(stream), true);
        assertThat(events).isNotEmpty().isEqualTo(parse(bytes, true));
    }

    @Test
    void refusesAnEventThatDoesNotEnd() {
        SseParser parser = new SseParser(new Recorder());
        byte[] piece = "data: x\n".repeat(1 << 17).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 80; i++) {
                        parser.accept(piece, 0, piece.length);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Objects.toString(SseParser.MAX_EVENT_BYTES));
    }
}
