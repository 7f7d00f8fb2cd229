package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import org.jspecify.annotations.Nullable;

/** {@code stop_reason}, {@code stop_sequence} and {@code stop_details}. Source: anthropic-sdk, {@code StopReason}. */
final class MessagesFinish {
    private MessagesFinish() {}

    /**
     * Reads them where they stand together.
     *
     * @return null if there is no reason yet
     */
    static @Nullable Finish read(JsonNode object) {
        String word = object.path("stop_reason").textValue();
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "stop_sequence" ->
                new Finish(
                        FinishReason.STOP_SEQUENCE, object.path("stop_sequence").textValue());
            case "max_tokens" -> new Finish(FinishReason.LENGTH);
            case "tool_use" -> new Finish(FinishReason.TOOL_CALLS);
            case "refusal" ->
                new Finish(
                        FinishReason.CONTENT_FILTER,
                        object.path("stop_details").path("explanation").textValue());
            case "pause_turn" -> new Finish(FinishReason.PAUSED);
            case "model_context_window_exceeded" -> new Finish(FinishReason.CONTEXT_FULL);
            default -> new Finish(FinishReason.STOP);
        };
    }

    /**
     * The word for a client.
     *
     * @param calls whether the answer calls tools: some providers stop without saying so
     * @param refused whether the answer holds a refusal
     */
    static String word(Finish finish, boolean calls, boolean refused) {
        return switch (finish.reason()) {
            case STOP, TOOL_CALLS -> calls ? "tool_use" : refused ? "refusal" : "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case CONTENT_FILTER -> "refusal";
            case PAUSED -> "pause_turn";
        };
    }

    /** The stop sequence that came, or null. */
    static @Nullable String sequence(Finish finish) {
        return finish.reason() == FinishReason.STOP_SEQUENCE ? finish.detail() : null;
    }

    /** Why the model declined, or null. */
    static @Nullable String explanation(Finish finish) {
        return finish.reason() == FinishReason.CONTENT_FILTER ? finish.detail() : null;
    }
}
