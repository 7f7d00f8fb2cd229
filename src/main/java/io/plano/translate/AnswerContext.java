package io.plano.translate;

import io.plano.translate.neutral.ChatRequest;
import java.util.function.UnaryOperator;

/**
 * What an encoder knows beyond the answer itself.
 *
 * @param request what the client asked
 * @param requestId the id of the exchange; the id of an answer to which the provider gave none is made of it
 * @param now seconds since 1970, for formats that date their answers
 * @param errorText what the client may see of a provider's words in an error
 */
public record AnswerContext(ChatRequest request, String requestId, long now, UnaryOperator<String> errorText) {
    /** With nothing to hide. */
    public AnswerContext(ChatRequest request, String requestId, long now) {
        this(request, requestId, now, UnaryOperator.identity());
    }
}
