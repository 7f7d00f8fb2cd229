package io.plano.translate.responses;

import io.plano.translate.JsonCursor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the events that a stream is made of, an object of plain members with a {@code delta}, without building a tree:
 * {@code response.output_text.delta}, {@code …function_call_arguments.delta} and their kin. Everything out of the ordinary (a
 * member that holds an object, log probabilities, anything malformed) is left to whoever reads the whole document. One per
 * stream; one thread at a time.
 */
final class ResponsesDelta {
    private static final byte[] TYPE = bytes("type");
    private static final byte[] DELTA = bytes("delta");
    private static final byte[] OUTPUT_INDEX = bytes("output_index");
    private static final byte[] CONTENT_INDEX = bytes("content_index");
    private static final byte[] SUMMARY_INDEX = bytes("summary_index");

    /** What a delta is of. */
    enum Kind {
        TEXT("response.output_text.delta"),
        ARGUMENTS("response.function_call_arguments.delta"),
        INPUT("response.custom_tool_call_input.delta"),
        SUMMARY("response.reasoning_summary_text.delta"),
        REASONING("response.reasoning_text.delta"),
        REFUSAL("response.refusal.delta");

        private final byte[] type;

        Kind(String type) {
            this.type = bytes(type);
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private final JsonCursor json = new JsonCursor();
    private @Nullable Kind kind;
    private @Nullable String delta;
    private int outputIndex;
    private int partIndex;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What this event is a delta of; null if it is something else, or not for this class. */
    @Nullable
    Kind read(byte[] bytes, int offset, int length) {
        json.reset(bytes, offset, length);
        kind = null;
        delta = null;
        outputIndex = 0;
        partIndex = 0;
        if (!json.take('{')) {
            return null;
        }
        do {
            if (!json.key() || !member()) {
                return null;
            }
        } while (json.take(','));
        return json.take('}') && json.isAtEnd() && delta != null ? kind : null;
    }

    /** The piece of the last event that was one. */
    String delta() {
        return delta == null ? "" : delta;
    }

    /** The place of its item. */
    int outputIndex() {
        return outputIndex;
    }

    /** The place in its item: {@code content_index} or {@code summary_index}. */
    int partIndex() {
        return partIndex;
    }

    private boolean member() {
        if (json.isKey(DELTA)) {
            boolean found = json.string();
            delta = found ? json.text() : null;
            return found;
        } else if (json.isKey(TYPE)) {
            kind = json.string() ? kind() : null;
            return kind != null;
        } else if (json.isKey(OUTPUT_INDEX)) {
            outputIndex = json.smallNumber();
            return outputIndex >= 0;
        } else if (json.isKey(CONTENT_INDEX) || json.isKey(SUMMARY_INDEX)) {
            partIndex = json.smallNumber();
            return partIndex >= 0;
        }
        return json.takeEmptyArray() || json.skipScalar();
    }

    private @Nullable Kind kind() {
        for (Kind candidate : KINDS) {
            if (json.isText(candidate.type)) {
                return candidate;
            }
        }
        return null;
    }
}
