package io.plano.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a provider's list of models while it arrives, and keeps nothing of it but the ids. It takes {@code
 * {"data":[{"id":…}]}}, which OpenAI and Anthropic share (API references, "List models"), and the bare array of Together
 * AI. One thread at a time; the thread may change.
 */
public final class ModelIds {
    /** More than any provider has; what comes after is left out. */
    static final int MAX_IDS = 5_000;

    /** In characters; a longer id is none, nor is one with control characters. */
    public static final int MAX_LENGTH = 256;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(Json.BUFFERS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final Set<String> ids = new LinkedHashSet<>();
    private int depth;
    private int listDepth;
    private boolean hasList;

    public ModelIds() {
        try {
            parser = FACTORY.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException("a parser without input reads nothing", e);
        }
        feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    /**
     * Takes all of these bytes.
     *
     * @throws IOException if they are not JSON; after that nothing more may be asked of this object
     */
    public void accept(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        feeder.feedInput(copy, 0, copy.length);
        readTokens();
    }

    /**
     * The ids, in the order of the list; to be called once, after the last byte.
     *
     * @throws IOException if the document is cut short or holds no list
     */
    public List<String> finish() throws IOException {
        feeder.endOfInput();
        readTokens();
        parser.close();
        if (!hasList || depth != 0) {
            throw new IOException("not a list of models");
        }
        return List.copyOf(ids);
    }

    private void readTokens() throws IOException {
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.NOT_AVAILABLE) {
            if (token.isStructStart()) {
                enter(token);
            } else if (token.isStructEnd()) {
                leave();
            } else if (token == JsonToken.VALUE_STRING && isIdOfItem()) {
                add(parser.getText());
            }
            token = parser.nextToken();
        }
    }

    private void enter(JsonToken token) throws IOException {
        depth++;
        boolean isList = depth == 1 || (depth == 2 && "data".equals(parser.currentName()));
        if (token == JsonToken.START_ARRAY && isList && !hasList) {
            hasList = true;
            listDepth = depth;
        }
    }

    private void leave() {
        if (depth == listDepth) {
            listDepth = 0;
        }
        depth--;
    }

    private boolean isIdOfItem() throws IOException {
        return listDepth > 0 && depth == listDepth + 1 && "id".equals(parser.currentName());
    }

    private void add(String id) {
        boolean isName =
                !id.isBlank() && id.length() <= MAX_LENGTH && id.chars().noneMatch(Character::isISOControl);
        if (isName && ids.size() < MAX_IDS) {
            ids.add(id);
        }
    }
}
