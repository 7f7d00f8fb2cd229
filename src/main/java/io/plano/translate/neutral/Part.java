package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a turn. The order of parts is part of their meaning. */
public sealed interface Part {
    /** Members that have no neutral meaning; {@code cache_control} is one that several formats share. */
    Extras extras();

    /** Plain text. */
    record Text(String text, Extras extras) implements Part {
        public Text(String text) {
            this(text, Extras.NONE);
        }
    }

    /**
     * An image.
     *
     * @param detail {@code auto}, {@code low}, {@code high} or {@code original}; null if the client does not say
     */
    record Image(Media media, @Nullable String detail, Extras extras) implements Part {}

    /** A document: a PDF, a text. */
    record Document(Media media, @Nullable String name, Extras extras) implements Part {}

    /**
     * Sound.
     *
     * @param format {@code wav}, {@code mp3}
     */
    record Audio(String base64, String format, Extras extras) implements Part {}

    /** The model declined, in these words. */
    record Refusal(String text, Extras extras) implements Part {}

    /**
     * What the model thought.
     *
     * @param text the thought or its summary; empty if the provider keeps it to itself
     * @param signature null if the provider gives none, so that it can be shown but not sent back
     */
    record Thought(String text, @Nullable Signature signature, Extras extras) implements Part {}

    /** What the model thought, encrypted as a whole: Anthropic's {@code redacted_thinking}. */
    record RedactedThought(Signature data, Extras extras) implements Part {}

    /**
     * The model calls a tool.
     *
     * @param arguments the JSON text of an object, as the client wrote it, or the free text of a custom tool
     */
    record ToolCall(String id, String name, ToolKind kind, String arguments, Extras extras) implements Part {}

    /**
     * What a tool answered.
     *
     * @param content text, images, documents; may be empty
     */
    record ToolResult(String callId, List<Part> content, Status status, Extras extras) implements Part {
        /** Whether the tool did what it was called for, if the format can tell. */
        public enum Status {
            UNKNOWN,
            OK,
            ERROR
        }

        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /**
     * Something that only its own format knows: a call of a tool that the provider runs itself and its result, say.
     *
     * @param source the format
     * @param value the whole object
     * @param loss what to do with it elsewhere
     */
    record Native(WireFormat source, JsonNode value, Loss loss) implements Part {
        @Override
        public Extras extras() {
            return Extras.NONE;
        }
    }
}
