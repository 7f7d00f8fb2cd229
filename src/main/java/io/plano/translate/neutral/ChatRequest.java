package io.plano.translate.neutral;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a model.
 *
 * @param client what an encoder may know of the format in which it was asked
 * @param model the model that the client named
 * @param delivery how the answer is to come
 * @param turns the conversation in its order, system and developer text included
 * @param tools what the model may call
 * @param sampling limits and sampling
 * @param reasoning how much the model is to think; null if the client does not say
 * @param output the form of the answer
 * @param account on whose behalf, and how the provider is to treat it
 * @param extras the outermost members that have no neutral meaning
 */
public record ChatRequest(
        ClientFormat client,
        @Nullable String model,
        Delivery delivery,
        List<Turn> turns,
        ToolUse tools,
        Sampling sampling,
        @Nullable Reasoning reasoning,
        OutputForm output,
        Account account,
        Extras extras) {

    /** How an answer comes. */
    public enum Delivery {
        /** One JSON document. */
        WHOLE,
        /** A stream of events. */
        STREAM,
        /** A stream of events that ends with the usage: {@code stream_options.include_usage} of Chat Completions. */
        STREAM_WITH_USAGE;

        public boolean isStream() {
            return this != WHOLE;
        }
    }

    public ChatRequest {
        turns = List.copyOf(turns);
    }

    /** The same request about another conversation. */
    public ChatRequest withTurns(List<Turn> other) {
        return new ChatRequest(client, model, delivery, other, tools, sampling, reasoning, output, account, extras);
    }
}
