package io.plano.translate.neutral;

/**
 * What an answer cost, in tokens; {@link #UNKNOWN} if the provider does not say.
 *
 * @param input all of the prompt, what came from or went into a cache included
 * @param cacheRead the part of {@code input} that came from a cache
 * @param cacheWrite the part of {@code input} that went into a cache
 * @param output all of the answer, reasoning included
 * @param reasoning the part of {@code output} that was reasoning
 */
public record Usage(long input, long cacheRead, long cacheWrite, long output, long reasoning) {
    public static final long UNKNOWN = -1;

    public static final Usage NOTHING_KNOWN = new Usage(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** Zero for what is not known: the formats have no word for it. */
    public static long orZero(long tokens) {
        return Math.max(tokens, 0);
    }
}
