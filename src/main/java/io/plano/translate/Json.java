package io.plano.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON trees that lose nothing: numbers keep their digits, members their order, text its characters. Bodies are bounded
 * before they come here, so a string may be as long as a body: images are strings.
 */
public final class Json {
    /** Not Jackson's own choice, which hangs buffers on a container's threads, and with them an application that is gone. */
    static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.sharedConcurrentDequePool();

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(BUFFERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(500)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Closes nothing that others still write to. */
    private static final ObjectWriter UNCLOSING = MAPPER.writer().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    /** Of a document, one value after the other. */
    private static final ObjectReader VALUES = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** For parsers and generators of the hot paths. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Makes nodes. */
    public static JsonNodeFactory nodes() {
        return MAPPER.getNodeFactory();
    }

    /**
     * The document, or null where it is not exactly one JSON document, or one that goes beyond what can be held: in depth,
     * or by a number with an exponent of ten digits.
     */
    public static @Nullable JsonNode read(byte[] bytes, int offset, int length) {
        return read(() -> MAPPER.readTree(bytes, offset, length));
    }

    /** As {@link #read(byte[], int, int)}. */
    public static @Nullable JsonNode read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
    }

    /** As {@link #read(byte[], int, int)}. */
    public static @Nullable JsonNode read(String text) {
        return read(() -> MAPPER.readTree(text));
    }

    /** The value that begins with the parser's current token. */
    public static @Nullable JsonNode readTree(JsonParser parser) throws IOException {
        return VALUES.readTree(parser);
    }

    private static @Nullable JsonNode read(Source source) {
        try {
            JsonNode node = source.read();
            return node.isMissingNode() ? null : node;
        } catch (IOException
                | NumberFormatException e) { // the latter is how the library says that a number is too large
            return null;
        }
    }

    private interface Source {
        JsonNode read() throws IOException;
    }

    /** The document without white space. */
    public static String compact(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree is always writable", e);
        }
    }

    /** Writes the document without white space, in UTF-8. */
    public static void write(JsonNode node, EventBuffer out) {
        try {
            UNCLOSING.writeValue((OutputStream) out, node);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** Writes an event whose data is the document. */
    public static void write(String event, JsonNode data, EventWriter events) {
        write(data, events.begin(events.head(event, "")));
        events.end(events.tail(""));
    }

    /** The document without white space, in UTF-8. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree is always writable", e);
        }
    }
}
