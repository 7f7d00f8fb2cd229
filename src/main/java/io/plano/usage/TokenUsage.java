package io.plano.usage;

/**
 * What an answer cost, in tokens, as its provider counted them; {@link #UNKNOWN} where it does not say. Every count has one
 * meaning, whatever the format: caches are part of the input, and reasoning is part of the output.
 *
 * <p>OpenAI counts like that: {@code prompt_tokens} and {@code input_tokens} include what came from a cache, {@code
 * completion_tokens} and {@code output_tokens} what was thought (<a
 * href="https://platform.openai.com/docs/api-reference/chat/object">Chat Completions</a>, <a
 * href="https://platform.openai.com/docs/api-reference/responses/object">Responses</a>). Anthropic's {@code input_tokens}
 * excludes what came from a cache and what went into one, so that all three are added up here (<a
 * href="https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance">Messages</a>).
 *
 * @param input all of the prompt, what came from or went into a cache included
 * @param output all of the answer, reasoning included
 * @param cacheRead the part of {@code input} that came from a cache
 * @param cacheWrite the part of {@code input} that went into a cache
 * @param reasoning the part of {@code output} that was reasoning
 */
public record TokenUsage(long input, long output, long cacheRead, long cacheWrite, long reasoning) {
    /** In place of a count that nobody told. */
    public static final long UNKNOWN = -1;

    /** Nothing is known. */
    public static final TokenUsage NOT_TOLD = new TokenUsage(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** Whatever is below zero is not known. */
    public TokenUsage {
        input = Math.max(input, UNKNOWN);
        output = Math.max(output, UNKNOWN);
        cacheRead = Math.max(cacheRead, UNKNOWN);
        cacheWrite = Math.max(cacheWrite, UNKNOWN);
        reasoning = Math.max(reasoning, UNKNOWN);
    }

    /** Whether any count is known. */
    public boolean isTold() {
        return !equals(NOT_TOLD);
    }
}
