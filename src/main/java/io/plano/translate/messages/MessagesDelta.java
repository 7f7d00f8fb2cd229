package io.plano.translate.messages;

import io.plano.translate.EventTemplate;
import io.plano.translate.JsonCursor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the event of which a stream mostly consists without building a tree:
 *
 * <pre>
 * {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"…"}    }
 * </pre>
 *
 * Anything else, and be it another member, is not recognised and left to the parser. One per stream.
 */
final class MessagesDelta {
    /** What the delta continues. */
    enum Kind {
        TEXT("text_delta", "text"),
        THINKING("thinking_delta", "thinking"),
        INPUT("input_json_delta", "partial_json");

        private final byte[] type;
        private final byte[] member;

        Kind(String type, String member) {
            this.type = ascii(type);
            this.member = ascii(member);
        }
    }

    private static final byte[] TYPE = ascii("type");
    private static final byte[] CONTENT_BLOCK_DELTA = ascii("content_block_delta");
    private static final byte[] INDEX = ascii("index");
    private static final byte[] DELTA = ascii("delta");
    private static final Kind[] KINDS = Kind.values();

    private final JsonCursor json = new JsonCursor();
    private final EventTemplate form = new EventTemplate();
    private Kind formKind = Kind.TEXT;
    private int formIndex;
    private int textStart;
    private int textEnd;
    private Kind kind = Kind.TEXT;
    private int index;
    private @Nullable String text;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Kind kind() {
        return kind;
    }

    int index() {
        return index;
    }

    String text() {
        return text == null ? "" : text;
    }

    /** Whether the data is such an event; then the rest tells what it says. */
    boolean read(byte[] bytes, int offset, int length) {
        int unpadded = unpadded(bytes, offset, length);
        if (form.matches(bytes, offset, unpadded)) {
            kind = formKind;
            index = formIndex;
            text = form.text();
            return true;
        }
        textStart = -1;
        boolean delta = readMembers(bytes, offset, length);
        if (delta
                && textStart >= 0
                && textEnd < offset + unpadded
                && form.learn(bytes, offset, unpadded, textStart, textEnd)) {
            formKind = kind;
            formIndex = index;
        }
        return delta;
    }

    /** The length up to the spaces before the last brace, which Anthropic adds so that lengths tell nothing. */
    private static int unpadded(byte[] bytes, int offset, int length) {
        int end = length - 1;
        if (end <= 0 || bytes[offset + end] != '}') {
            return 0;
        }
        while (end > 0 && bytes[offset + end - 1] == ' ') {
            end--;
        }
        return end;
    }

    private boolean readMembers(byte[] bytes, int offset, int length) {
        json.reset(bytes, offset, length);
        index = -1;
        text = null;
        // The type is first wherever it matters how fast this is.
        if (!json.take('{') || !json.key() || !isDelta()) {
            return false;
        }
        while (json.take(',')) {
            if (!json.key() || !member()) {
                return false;
            }
        }
        return json.take('}') && json.isAtEnd() && index >= 0 && text != null;
    }

    private boolean isDelta() {
        return json.isKey(TYPE) && json.string() && json.isText(CONTENT_BLOCK_DELTA);
    }

    private boolean member() {
        if (json.isKey(INDEX)) {
            index = json.smallNumber();
            return index >= 0;
        }
        return json.isKey(DELTA) && text == null && delta();
    }

    /** Its type, and the one member that belongs to it. */
    private boolean delta() {
        if (!json.take('{') || !json.key() || !json.isKey(TYPE) || !json.string()) {
            return false;
        }
        for (Kind candidate : KINDS) {
            if (json.isText(candidate.type)) {
                kind = candidate;
                return json.take(',') && json.key() && json.isKey(candidate.member) && content() && json.take('}');
            }
        }
        return false;
    }

    private boolean content() {
        boolean found = json.string();
        text = found ? json.text() : null;
        if (found && json.isPlain()) {
            textStart = json.stringStart();
            textEnd = json.stringEnd();
        }
        return found;
    }
}
