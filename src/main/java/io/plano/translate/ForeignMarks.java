package io.plano.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.ByteSegments;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes thoughts out of a request that goes out as it came, if the gateway itself had made them of another provider's: their
 * proof is wrapped, or empty, and the provider refuses them, and with them every request of a conversation that has changed
 * its model. A body without such a mark is recognised by a search for a few bytes and stays as it is; of one with marks only
 * the marked items go, and every other byte stays. Stateless.
 */
public final class ForeignMarks {
    private static final byte[] WRAPPED = Signature.TAG.getBytes(StandardCharsets.US_ASCII);

    /** Where the hyphen is, which is rare in bodies. */
    private static final int ANCHOR_OF_WRAPPED = 5;

    private static final byte[] SIGNATURE = "signature".getBytes(StandardCharsets.US_ASCII);
    private static final int ANCHOR_OF_SIGNATURE = 2;

    /** What the ids of reasoning begin with that the gateway made of another provider's. */
    private static final byte[] REASONING_ID = Signature.REASONING_ID.getBytes(StandardCharsets.US_ASCII);

    private static final int ANCHOR_OF_REASONING_ID = 2;

    /** A range of bytes. */
    private record Cut(long start, long end) {}

    /** One element of an array. */
    private record Element(long start, long end, boolean goes) {}

    private final WireFormat format;
    private final Set<String> refused;
    private final List<Cut> cuts = new ArrayList<>();

    private ForeignMarks(WireFormat format, Set<String> refused) {
        this.format = format;
        this.refused = refused;
    }

    /**
     * Whether there may be anything to take out; costs a search.
     *
     * @param refused members of messages that the provider refuses, whatever is in them
     */
    public static boolean mayBeIn(ByteSegments body, WireFormat format, Set<String> refused) {
        for (String member : refused) {
            byte[] name = ('"' + member + '"').getBytes(StandardCharsets.US_ASCII);
            if (body.indexOf(name, name.length / 2, 0) >= 0) {
                return true;
            }
        }
        return body.indexOf(WRAPPED, ANCHOR_OF_WRAPPED, 0) >= 0
                || (format == WireFormat.MESSAGES && hasEmptySignature(body))
                || (format == WireFormat.RESPONSES && body.indexOf(REASONING_ID, ANCHOR_OF_REASONING_ID, 0) >= 0);
    }

    private static boolean hasEmptySignature(ByteSegments body) {
        long found = body.indexOf(SIGNATURE, ANCHOR_OF_SIGNATURE, 0);
        while (found >= 0) {
            long at = skip(body, found + SIGNATURE.length, "\"");
            at = skip(body, at, ":");
            at = skip(body, at, "\"");
            if (at < body.length() && at > 0 && body.byteAt(at) == '"') {
                return true;
            }
            found = body.indexOf(SIGNATURE, ANCHOR_OF_SIGNATURE, found + 1);
        }
        return false;
    }

    /** Behind that character, with white space in front of it; the end of the body if something else stands there. */
    private static long skip(ByteSegments body, long from, String character) {
        long at = from;
        while (at < body.length() && (body.byteAt(at) == ' ' || body.byteAt(at) == '\n' || body.byteAt(at) == '\t')) {
            at++;
        }
        return at < body.length() && body.byteAt(at) == character.charAt(0) ? at + 1 : body.length();
    }

    /** The body without what is marked; the same if that is nothing, or if the body is no JSON. */
    public static ByteSegments without(ByteSegments body, WireFormat format, Set<String> refused) {
        ForeignMarks marks = new ForeignMarks(format, refused);
        try (JsonParser parser = Json.factory().createParser(body.toByteArray())) {
            marks.document(parser);
        } catch (IOException e) {
            return body; // the provider says what is wrong with it
        }
        ByteSegments cut = body;
        for (int i = marks.cuts.size() - 1; i >= 0; i--) {
            cut = cut.splice(marks.cuts.get(i).start(), marks.cuts.get(i).end(), new byte[0]);
        }
        return cut;
    }

    private void document(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean conversation = name.equals(format == WireFormat.RESPONSES ? "input" : "messages");
            if (parser.nextToken() == JsonToken.START_ARRAY && conversation) {
                conversation(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void conversation(JsonParser parser) throws IOException {
        List<Element> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long start = parser.currentTokenLocation().getByteOffset();
            if (format == WireFormat.RESPONSES || parser.currentToken() != JsonToken.START_OBJECT) {
                JsonNode item = read(parser);
                elements.add(new Element(start, end(parser), isForeignItem(item)));
            } else {
                int before = cuts.size();
                boolean empty = message(parser);
                if (empty) {
                    cuts.subList(before, cuts.size()).clear();
                }
                elements.add(new Element(start, end(parser), empty));
            }
        }
        cut(elements);
        cuts.sort((one, other) -> Long.compare(one.start(), other.start()));
    }

    private static JsonNode read(JsonParser parser) throws IOException {
        JsonNode node = Json.readTree(parser);
        return node == null ? Json.nodes().missingNode() : node;
    }

    private static long end(JsonParser parser) throws IOException {
        parser.finishToken(); // texts are read when somebody asks for them
        return parser.currentLocation().getByteOffset();
    }

    /** Reads one message; whether nothing is left of it. */
    private boolean message(JsonParser parser) throws IOException {
        String list = format == WireFormat.MESSAGES ? "content" : "thinking_blocks";
        boolean empty = false;
        List<Element> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            long start = parser.currentTokenLocation().getByteOffset();
            boolean goes = format == WireFormat.COMPLETIONS && refused.contains(parser.currentName());
            boolean marked = !goes && parser.currentName().equals(list);
            if (parser.nextToken() == JsonToken.START_ARRAY && marked) {
                List<Element> blocks = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    long from = parser.currentTokenLocation().getByteOffset();
                    JsonNode block = read(parser);
                    blocks.add(new Element(from, end(parser), isForeignThought(block)));
                }
                cut(blocks);
                empty = format == WireFormat.MESSAGES
                        && !blocks.isEmpty()
                        && blocks.stream().allMatch(Element::goes);
            } else {
                parser.skipChildren();
            }
            members.add(new Element(start, end(parser), goes));
        }
        cut(members);
        return empty;
    }

    private boolean isForeignThought(JsonNode block) {
        String type = block.path("type").asText("");
        if (type.equals("redacted_thinking")) {
            return isForeign(block.path("data").textValue());
        }
        String signature = block.path("signature").textValue();
        boolean unsigned = format == WireFormat.MESSAGES && "".equals(signature);
        return type.equals("thinking") && (unsigned || isForeign(signature));
    }

    private boolean isForeignItem(JsonNode item) {
        return item.path("type").asText("").equals("reasoning")
                && (isForeign(item.path("encrypted_content").textValue())
                        || item.path("id").asText("").startsWith(Signature.REASONING_ID));
    }

    private boolean isForeign(@Nullable String proof) {
        return proof != null
                && proof.startsWith(Signature.TAG)
                && Signature.unwrap(proof, format).origin() != format;
    }

    /** Takes elements out of an array, with one comma each. */
    private void cut(List<Element> elements) {
        int kept = -1;
        for (int i = 0; i < elements.size(); i++) {
            Element element = elements.get(i);
            if (!element.goes()) {
                kept = i;
            } else if (i + 1 < elements.size()) {
                cuts.add(new Cut(element.start(), elements.get(i + 1).start()));
            } else {
                cuts.add(new Cut(element.start(), element.end()));
                if (kept >= 0) {
                    cutBehind(elements, kept);
                }
            }
        }
    }

    /** The last ones go: so does the comma behind the one that is kept. */
    private void cutBehind(List<Element> elements, int kept) {
        long start = elements.get(kept + 1).start();
        cuts.removeIf(cut -> cut.start() >= start
                && cut.end() <= elements.get(elements.size() - 1).end());
        cuts.add(new Cut(
                elements.get(kept).end(), elements.get(elements.size() - 1).end()));
    }
}
