package io.plano.translate.neutral;

import org.jspecify.annotations.Nullable;

/**
 * How much the model is to think before it answers.
 *
 * @param mode how the depth is decided
 * @param effort {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code xhigh}, {@code max}: the
 *     client's word; null if it does not say
 * @param budgetTokens the most tokens of thought; null if the client does not say
 * @param display what to show of it: {@code auto}, {@code concise}, {@code detailed} (Responses), {@code summarized},
 *     {@code omitted} (Messages); null if the client does not say
 */
public record Reasoning(
        Mode mode,
        @Nullable String effort,
        @Nullable Long budgetTokens,
        @Nullable String display) {
    /** How the depth of thought is decided. */
    public enum Mode {
        /** By an effort alone: Chat Completions and Responses. */
        EFFORT,
        /** By a budget: {@code thinking.type: enabled} of Messages. */
        BUDGET,
        /** By the model, guided by an effort: {@code thinking.type: adaptive} of Messages. */
        ADAPTIVE,
        /** Not at all: {@code thinking.type: disabled}, effort {@code none}. */
        OFF
    }

    /** A budget up to here is a low effort, one up to {@link #MEDIUM_BUDGET} a medium one: no provider gives a rule. */
    private static final long LOW_BUDGET = 2_048;

    private static final long MEDIUM_BUDGET = 8_192;

    /** The effort, for formats that know only efforts: the client's own word, or what its budget amounts to. */
    public String effortWord() {
        if (mode == Mode.OFF) {
            return "none";
        } else if (effort != null) {
            return effort;
        } else if (budgetTokens == null) {
            return "medium";
        }
        return budgetTokens < LOW_BUDGET ? "low" : budgetTokens <= MEDIUM_BUDGET ? "medium" : "high";
    }
}
