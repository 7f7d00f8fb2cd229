package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.Citation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message, one content part a block of text or refusal. Sources that name their stretch are told at once, those that mean
 * the block when it ends. A delta whose tokens were asked for waits for them, since they stand in the same event.
 */
final class ResponsesMessageItem extends ResponsesOutputItem {
    private static final String TEXT_DELTA = "response.output_text.delta";
    private static final String REFUSAL_DELTA = "response.refusal.delta";

    /** What the open part is. */
    enum Kind {
        TEXT("output_text", "text"),
        REFUSAL("refusal", "refusal");

        private final String type;
        private final String member;

        Kind(String type, String member) {
            this.type = type;
            this.member = member;
        }
    }

    private final boolean tokensWanted;
    private final ArrayNode content = Json.nodes().arrayNode();
    private final StringBuilder text = new StringBuilder();
    private final List<Citation> ofBlock = new ArrayList<>();
    private @Nullable Kind open;
    private ArrayNode annotations = Json.nodes().arrayNode();
    private ArrayNode tokens = Json.nodes().arrayNode();
    private byte[] deltaHead = {};
    private byte[] place = {};
    private @Nullable String waiting;

    /** Where the open part starts in the text of the whole answer. */
    private int start;

    /**
     * @param start code points of the answer's text before this item
     * @param tokensWanted whether the client asked for the tokens of the text
     */
    ResponsesMessageItem(ResponsesEvents events, String id, int outputIndex, int start, boolean tokensWanted) {
        super(events, id, outputIndex);
        this.start = start;
        this.tokensWanted = tokensWanted;
    }

    /** Code points of the answer's text up to the end of the last part that is complete. */
    int textEnd() {
        return start;
    }

    void append(Kind kind, String piece) {
        if (open != kind) {
            partEnded();
            openPart(kind);
        }
        text.append(piece);
        if (kind == Kind.REFUSAL) {
            events.delta(deltaHead, place, piece);
        } else if (tokensWanted) {
            flush(null);
            waiting = piece;
        } else {
            events.textDelta(deltaHead, place, piece);
        }
    }

    private void openPart(Kind kind) {
        open = kind;
        deltaHead = events.head(kind == Kind.TEXT ? TEXT_DELTA : REFUSAL_DELTA);
        place = ResponsesEvents.place(id, outputIndex, "content_index", content.size());
        ObjectNode part = part(kind, "");
        writePart("response.content_part.added", part);
    }

    private void writePart(String type, ObjectNode part) {
        events.write(type, event -> {
            place(event);
            event.put("content_index", content.size()).set("part", part);
        });
    }

    /** Writes the delta that waits, with its tokens if they came. */
    private void flush(@Nullable JsonNode itsTokens) {
        String piece = waiting;
        waiting = null;
        if (piece == null) {
            return;
        }
        events.write(TEXT_DELTA, event -> {
            place(event);
            event.put("content_index", content.size()).put("delta", piece);
            event.set("logprobs", itsTokens == null ? Json.nodes().arrayNode() : itsTokens);
        });
    }

    void logprobs(JsonNode itsTokens) {
        if (open == Kind.TEXT) {
            itsTokens.forEach(tokens::add);
            flush(itsTokens);
        }
    }

    /** Whether a text is open. */
    boolean hasText() {
        return open == Kind.TEXT;
    }

    /** A source for the text that is open. */
    void cite(Citation citation) {
        if (citation.start() < 0) {
            ofBlock.add(citation);
        } else {
            annotate(citation, citation.start() - start, citation.end() - start);
        }
    }

    private void annotate(Citation citation, int from, int to) {
        ObjectNode annotation = annotation(citation, from, to);
        if (annotation == null) {
            return;
        }
        flush(null);
        int index = annotations.size();
        annotations.add(annotation);
        events.write("response.output_text.annotation.added", event -> {
            place(event);
            event.put("content_index", content.size()).put("annotation_index", index);
            event.set("annotation", annotation);
        });
    }

    /** Only web pages cross formats; a place before this part cannot be said any more. */
    private static @Nullable ObjectNode annotation(Citation citation, int from, int to) {
        if (citation.source() == WireFormat.RESPONSES) {
            return citation.value() instanceof ObjectNode own ? own : null;
        } else if (citation.url() == null || from < 0) {
            return null;
        }
        return Json.nodes()
                .objectNode()
                .put("type", "url_citation")
                .put("start_index", from)
                .put("end_index", to)
                .put("url", citation.url())
                .put("title", citation.title() == null ? "" : citation.title());
    }

    /** The part that is open is complete; nothing if none is. */
    void partEnded() {
        Kind kind = open;
        if (kind == null) {
            return;
        }
        flush(null);
        int length = kind == Kind.TEXT ? text.codePointCount(0, text.length()) : 0;
        ofBlock.forEach(citation -> annotate(citation, 0, length));
        ofBlock.clear();
        ObjectNode part = part(kind, text.toString());
        writeDone(kind);
        writePart("response.content_part.done", part);
        content.add(part);
        start += length;
        text.setLength(0);
        annotations = Json.nodes().arrayNode();
        tokens = Json.nodes().arrayNode();
        open = null;
    }

    private void writeDone(Kind kind) {
        events.write("response." + kind.type + ".done", event -> {
            place(event);
            event.put("content_index", content.size()).put(kind.member, text.toString());
            if (kind == Kind.TEXT) {
                event.set("logprobs", tokens);
            }
        });
    }

    private ObjectNode part(Kind kind, String shown) {
        ObjectNode part = Json.nodes().objectNode().put("type", kind.type);
        if (kind == Kind.TEXT) {
            part.set("annotations", annotations.deepCopy());
            part.set("logprobs", tokens.deepCopy());
        }
        return part.put(kind.member, shown);
    }

    @Override
    void complete() {
        partEnded();
    }

    @Override
    ObjectNode item(String status) {
        ObjectNode item =
                Json.nodes().objectNode().put("id", id).put("type", "message").put("status", status);
        item.set("content", content.deepCopy());
        return item.put("role", "assistant");
    }
}
