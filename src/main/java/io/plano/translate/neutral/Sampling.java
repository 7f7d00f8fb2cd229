package io.plano.translate.neutral;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits and sampling; null if the client does not say. Numbers keep the client's digits.
 *
 * @param maxTokens the most tokens of the answer, reasoning included
 * @param temperature the client's own scale, 0 to 2 or 0 to 1
 * @param topP nucleus sampling
 * @param topK Messages only
 * @param stop texts that end the answer; empty for none
 * @param topLogprobs how many alternatives of each token to report; 0 reports the tokens alone; null reports nothing
 */
public record Sampling(
        @Nullable Long maxTokens,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Long topK,
        List<String> stop,
        @Nullable Integer topLogprobs) {
    public static final Sampling DEFAULT = new Sampling(null, null, null, null, List.of(), null);

    public Sampling {
        stop = List.copyOf(stop);
    }
}
