package io.plano.translate.neutral;

import org.jspecify.annotations.Nullable;

/**
 * How an answer ended.
 *
 * @param reason why
 * @param detail the stop sequence that came, or the provider's words for why it declined; null if it does not say
 */
public record Finish(FinishReason reason, @Nullable String detail) {
    public Finish(FinishReason reason) {
        this(reason, null);
    }
}
