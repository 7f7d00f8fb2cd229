package io.plano.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.Reply;
import java.util.List;

/** What a {@link ToolProvider} must read in a request of one API, and how it answers there. */
interface ProviderFormat {
    /** An image that the client shows, as a data URL. */
    List<String> images(JsonNode request);

    /** The texts that tools answered, in the order in which they were called. */
    List<String> toolResults(JsonNode request);

    /** Whether the answer is to follow a schema. */
    boolean wantsForm(JsonNode request);

    /** The model says this. */
    String text(String text);

    String textStream(String text);

    /** The model calls {@code weather} for the town, and {@code clock}, which takes no arguments. */
    String calls(String town);

    String callStream(String town);

    /** As a JSON document, or cut where no event ends. */
    default Reply reply(JsonNode request, String whole, String stream) {
        if (!request.path("stream").asBoolean()) {
            return Reply.json(200, whole);
        }
        return Reply.sse(stream).inPiecesOf(97);
    }

    static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    /** The text as a JSON string, with its quotation marks. */
    static String quoted(String text) {
        return new ObjectMapper().getNodeFactory().textNode(text).toString();
    }

    /** The first half and the second, so that a stream has something to put together. */
    static List<String> halves(String text) {
        int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        return List.of(text.substring(0, middle), text.substring(middle));
    }

    static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
    }
}
