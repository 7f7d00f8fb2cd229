package io.plano.usage;

import static io.plano.usage.UsageCount.CACHED;
import static io.plano.usage.UsageCount.CACHED_BESIDE;
import static io.plano.usage.UsageCount.CACHE_CREATED;
import static io.plano.usage.UsageCount.CACHE_CREATION;
import static io.plano.usage.UsageCount.CACHE_HIT;
import static io.plano.usage.UsageCount.CACHE_READ;
import static io.plano.usage.UsageCount.CACHE_WRITTEN;
import static io.plano.usage.UsageCount.COMPLETION;
import static io.plano.usage.UsageCount.INPUT;
import static io.plano.usage.UsageCount.OUTPUT;
import static io.plano.usage.UsageCount.PROMPT;
import static io.plano.usage.UsageCount.REASONING;
import static io.plano.usage.UsageCount.THINKING;
import static io.plano.usage.UsageCount.TOTAL;

import io.plano.provider.Surface;
import io.plano.provider.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer says what it cost, and what its words mean. A whole answer has {@code usage} in its outermost object in every
 * format; events may have it in another object, the wrapper.
 */
enum UsageFormat {
    /**
     * Chat Completions and the older completions: in the last event with choices or behind it, and in some servers in every
     * one, as the sum so far. Groq has it in {@code x_groq} for those who did not ask for it.
     */
    COMPLETIONS("x_groq"),
    /** Responses: {@code response.completed}, {@code response.incomplete} and {@code response.failed} hold the whole answer. */
    RESPONSES("response"),
    /**
     * Messages: {@code message_start} has it in its {@code message}, {@code message_delta} beside its {@code delta}. The later
     * one replaces the counts that it gives, and may give no others.
     */
    MESSAGES("message"),
    /** Embeddings and rerankings: some servers give the total alone, and there is no output. */
    INPUT_ONLY(null),
    /** Images, transcriptions, speech, and whatever else has {@code usage}. */
    OTHER(null);

    private final @Nullable String wrapper;

    UsageFormat(@Nullable String wrapper) {
        this.wrapper = wrapper;
    }

    /** The format of a surface's answers; null where they tell of nothing that was spent, such as a stored answer. */
    static @Nullable UsageFormat of(Surface surface) {
        return switch (surface) {
            case CHAT_COMPLETIONS, COMPLETIONS -> COMPLETIONS;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
            case EMBEDDINGS, RERANK -> INPUT_ONLY;
            case INPUT_TOKENS, COUNT_TOKENS -> null;
            default -> surface.isQuestion() ? OTHER : null;
        };
    }

    static UsageFormat of(WireFormat format) {
        return switch (format) {
            case COMPLETIONS -> COMPLETIONS;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
        };
    }

    /** The object around {@code usage} in events; null where there is none. */
    @Nullable
    String wrapper() {
        return wrapper;
    }

    /** Whether an event may say a part of what it cost, so that the rest still holds. */
    boolean addsUp() {
        return this == MESSAGES;
    }

    TokenUsage read(UsageCounts counts) {
        return switch (this) {
            case COMPLETIONS -> completions(counts);
            case RESPONSES -> responses(counts);
            case MESSAGES -> messages(counts);
            case INPUT_ONLY -> inputOnly(counts);
            case OTHER -> other(counts);
        };
    }

    /** xAI counts reasoning apart, as its total shows; all others within the output. */
    private static TokenUsage completions(UsageCounts counts) {
        long input = counts.get(PROMPT);
        long output = counts.get(COMPLETION);
        long reasoning = counts.get(REASONING);
        if (reasoning > 0 && input >= 0 && output >= 0 && counts.get(TOTAL) == input + output + reasoning) {
            output += reasoning;
        }
        long cacheRead = counts.first(CACHED, CACHE_HIT, CACHED_BESIDE, CACHE_READ);
        long cacheWrite = counts.first(CACHE_WRITTEN, CACHE_CREATED, CACHE_CREATION);
        return new TokenUsage(input, output, cacheRead, cacheWrite, reasoning);
    }

    private static TokenUsage responses(UsageCounts counts) {
        return new TokenUsage(
                counts.get(INPUT),
                counts.get(OUTPUT),
                counts.get(CACHED),
                counts.get(CACHE_WRITTEN),
                counts.get(REASONING));
    }

    private static TokenUsage messages(UsageCounts counts) {
        long input = counts.get(INPUT);
        long all = input < 0 ? input : input + counts.orZero(CACHE_READ) + counts.orZero(CACHE_CREATION);
        return new TokenUsage(
                all, counts.get(OUTPUT), counts.get(CACHE_READ), counts.get(CACHE_CREATION), counts.get(THINKING));
    }

    private static TokenUsage inputOnly(UsageCounts counts) {
        long input = counts.first(PROMPT, INPUT, TOTAL);
        return new TokenUsage(
                input,
                counts.first(COMPLETION, OUTPUT),
                counts.first(CACHED, CACHED_BESIDE),
                TokenUsage.UNKNOWN,
                TokenUsage.UNKNOWN);
    }

    private static TokenUsage other(UsageCounts counts) {
        return new TokenUsage(
                counts.first(INPUT, PROMPT),
                counts.first(OUTPUT, COMPLETION),
                counts.first(CACHED, CACHED_BESIDE),
                counts.first(CACHE_WRITTEN),
                counts.get(REASONING));
    }
}
