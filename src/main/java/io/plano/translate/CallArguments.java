package io.plano.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.neutral.Losses;
import java.io.IOException;

/**
 * The arguments of a call as the object that providers want. Models write all kinds of text there, and answers that the
 * limit on tokens cut off end in the middle of it; clients keep what they got and send it back. An object is taken as it is;
 * nothing, or the text {@code null} that some clients make of it, as an empty one; any other text becomes the one member
 * {@link #RAW}, so that the conversation can go on. Stateless.
 */
public final class CallArguments {
    /** The member that holds text which is no object. */
    public static final String RAW = "_raw";

    private static final String EMPTY = "{}";

    private CallArguments() {}

    /** The object, whatever the text is. */
    public static ObjectNode object(String arguments) {
        if (isNothing(arguments)) {
            return Json.nodes().objectNode();
        }
        JsonNode value = Json.read(arguments);
        return value instanceof ObjectNode object
                ? object
                : Json.nodes().objectNode().put(RAW, arguments);
    }

    /**
     * As {@link #object(String)}, for a provider: accounts for text that is no object.
     *
     * @param member what the client calls it
     */
    public static ObjectNode object(String arguments, String member, Losses losses) {
        if (!isNothing(arguments) && !isObject(arguments)) {
            losses.drop(member);
        }
        return object(arguments);
    }

    /**
     * As {@link #object(String, String, Losses)}, as text; an object keeps every character.
     *
     * @param member what the client calls it
     */
    public static String text(String arguments, String member, Losses losses) {
        if (isNothing(arguments)) {
            return EMPTY;
        } else if (isObject(arguments)) {
            return arguments;
        }
        return Json.compact(object(arguments, member, losses));
    }

    /**
     * The object of an answer. What a model writes behind a whole object is left out, as it is in a stream, where the object
     * has gone out by then.
     */
    public static ObjectNode answered(String arguments) {
        if (!isObject(arguments) && arguments.stripLeading().startsWith("{")) {
            String first = arguments.substring(0, new JsonExtent().readToEnd(arguments));
            return isObject(first) ? object(first) : object(arguments);
        }
        return object(arguments);
    }

    private static boolean isNothing(String arguments) {
        return arguments.isBlank() || arguments.strip().equals("null");
    }

    /** Whether the text is exactly one JSON object. */
    private static boolean isObject(String text) {
        try (JsonParser parser = Json.factory().createParser(text)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    && parser.skipChildren().currentToken() == JsonToken.END_OBJECT
                    && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
