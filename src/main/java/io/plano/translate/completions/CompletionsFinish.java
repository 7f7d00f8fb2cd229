package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code finish_reason}. OpenAI has five words for it, and clients know no others; servers have more.
 * Sources: OpenAI API reference; DeepSeek, Mistral, Z.ai and vLLM documentation for theirs.
 */
final class CompletionsFinish {
    private CompletionsFinish() {}

    /**
     * Whether the word says that the provider failed, rather than that the model came to an end: an unknown one does if
     * there is no answer.
     */
    static boolean isFailure(@Nullable String word, boolean hasAnswer) {
        if (word == null) {
            return false;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "error", "abort", "network_error", "insufficient_system_resource" -> true;
            case "stop", "end_turn", "eos", "eos_token", "stop_sequence" -> false;
            default -> !hasAnswer && reason(word.toLowerCase(Locale.ROOT)) == FinishReason.STOP;
        };
    }

    /**
     * What the word means.
     *
     * @param word null if the server gives none
     * @param stop vLLM's {@code stop_reason}: the text that ended the answer, or a token's number
     * @param hasCalls whether the model called a tool: some servers say {@code stop} all the same
     */
    static Finish read(@Nullable String word, @Nullable JsonNode stop, boolean hasCalls) {
        FinishReason reason = reason(word == null ? "" : word.toLowerCase(Locale.ROOT));
        if (reason != FinishReason.STOP) {
            return new Finish(reason);
        } else if (hasCalls) {
            return new Finish(FinishReason.TOOL_CALLS);
        }
        return stop != null && stop.isTextual()
                ? new Finish(FinishReason.STOP_SEQUENCE, stop.textValue())
                : new Finish(FinishReason.STOP);
    }

    private static FinishReason reason(String word) {
        return switch (word) {
            case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
            case "model_context_window_exceeded", "context_length" -> FinishReason.CONTEXT_FULL;
            case "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_CALLS;
            case "content_filter", "content-filter", "safety", "sensitive", "refusal", "recitation" ->
                FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
    }

    /** OpenAI's word. */
    static String word(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, PAUSED -> "stop";
            case LENGTH, CONTEXT_FULL -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
