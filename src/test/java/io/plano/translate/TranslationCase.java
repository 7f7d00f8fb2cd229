package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What another gateway's tests expect of a translation: {@code src/test/resources/wire/translation-cases}, whose {@code
 * SOURCES.md} tells where they come from and under which licence.
 *
 * @param number the folder
 * @param title the name of the test that it was
 * @param client the client's format
 * @param upstream the provider's
 * @param direction {@code request}, {@code response}, {@code stream} or {@code error}
 * @param verdict whether the expectation is right: {@code agree}, {@code partly}, {@code disagree}
 * @param meta the rest of what is known of it
 */
record TranslationCase(
        String number,
        String title,
        WireFormat client,
        WireFormat upstream,
        String direction,
        String verdict,
        JsonNode meta) {
    private static final String ROOT = "/wire/translation-cases/";

    static List<TranslationCase> all() {
        String index = new String(Objects.requireNonNull(resource("INDEX.tsv")), StandardCharsets.UTF_8);
        return index.lines()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(TranslationCase::of)
                .toList();
    }

    private static TranslationCase of(String[] cells) {
        JsonNode meta = Objects.requireNonNull(Json.read(Objects.requireNonNull(resource(cells[0] + "/meta.json"))));
        return new TranslationCase(cells[0], cells[6], format(cells[1]), format(cells[2]), cells[3], cells[5], meta);
    }

    /** Vertex serves Messages with another path and other heads. */
    private static WireFormat format(String api) {
        return switch (api) {
            case "openai-chat" -> WireFormat.COMPLETIONS;
            case "openai-responses" -> WireFormat.RESPONSES;
            case "anthropic-messages", "vertex-anthropic" -> WireFormat.MESSAGES;
            default -> throw new IllegalArgumentException(api);
        };
    }

    /** How actual and expected are to be compared. */
    String comparison() {
        return meta.path("compare").asText();
    }

    int upstreamStatus() {
        return meta.path("upstream_status").asInt();
    }

    int expectedStatus() {
        return meta.path("expected_status").asInt();
    }

    /** What comes in. A stream that was written down as one JSON document a line becomes one of events. */
    byte[] input() {
        for (String name : List.of("input.json", "input.sse", "input.txt")) {
            byte[] input = resource(number + "/" + name);
            if (input != null) {
                return input;
            }
        }
        String lines = new String(Objects.requireNonNull(resource(number + "/input.jsonl")), StandardCharsets.UTF_8);
        StringBuilder events = new StringBuilder();
        lines.lines().forEach(line -> events.append("data: ").append(line).append("\n\n"));
        return events.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The request whose answer comes in, or null where the case does not say. */
    byte @Nullable [] contextRequest() {
        return resource(number + "/context_request.json");
    }

    JsonNode expected() {
        byte[] corrected = resource(number + "/corrected_expected.json");
        byte[] expected = corrected == null ? resource(number + "/expected.json") : corrected;
        return Objects.requireNonNull(Json.read(Objects.requireNonNull(expected)));
    }

    /** The expected stream, or null where the expectation is a document. */
    byte @Nullable [] expectedStream() {
        return resource(number + "/expected.sse");
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream file = TranslationCase.class.getResourceAsStream(ROOT + name)) {
            return file == null ? null : file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return number + " " + client + " > " + upstream + " " + direction + ": " + title;
    }
}
