package io.plano.usage;

import org.jspecify.annotations.Nullable;

/** The counts in {@code usage} objects, by the names that providers give them. */
@SuppressWarnings("EnumOrdinal") // counts lie in arrays and bits of their own, which nobody stores
enum UsageCount {
    /** Chat Completions, embeddings. */
    PROMPT(UsagePlace.USAGE, "prompt_tokens"),
    /** Responses, Messages, images, transcriptions. */
    INPUT(UsagePlace.USAGE, "input_tokens"),
    COMPLETION(UsagePlace.USAGE, "completion_tokens"),
    OUTPUT(UsagePlace.USAGE, "output_tokens"),
    TOTAL(UsagePlace.USAGE, "total_tokens"),
    /** Anthropic. */
    CACHE_READ(UsagePlace.USAGE, "cache_read_input_tokens"),
    /** Anthropic. */
    CACHE_CREATION(UsagePlace.USAGE, "cache_creation_input_tokens"),
    /** DeepSeek. */
    CACHE_HIT(UsagePlace.USAGE, "prompt_cache_hit_tokens"),
    /** Moonshot. */
    CACHED_BESIDE(UsagePlace.USAGE, "cached_tokens"),
    CACHED(UsagePlace.INPUT_DETAILS, "cached_tokens"),
    /** OpenAI, OpenRouter. */
    CACHE_WRITTEN(UsagePlace.INPUT_DETAILS, "cache_write_tokens"),
    /** LiteLLM. */
    CACHE_CREATED(UsagePlace.INPUT_DETAILS, "cache_creation_tokens"),
    REASONING(UsagePlace.OUTPUT_DETAILS, "reasoning_tokens"),
    /** Anthropic. */
    THINKING(UsagePlace.OUTPUT_DETAILS, "thinking_tokens");

    private static final UsageCount[] ALL = values();

    /** How many there are; fewer than an int has bits. */
    static final int NUMBER = ALL.length;

    private static final int[] BITS = bits();

    private final UsagePlace place;
    private final String key;

    UsageCount(UsagePlace place, String key) {
        this.place = place;
        this.key = key;
    }

    /** The count that a member of that place is; null where it is none. */
    static @Nullable UsageCount of(UsagePlace place, MemberKey key) {
        for (UsageCount count : ALL) {
            if (count.place == place && key.is(count.key)) {
                return count;
            }
        }
        return null;
    }

    int index() {
        return ordinal();
    }

    int bit() {
        return 1 << ordinal();
    }

    /** Those of one place. */
    static int bitsOf(UsagePlace place) {
        return BITS[place.ordinal()];
    }

    private static int[] bits() {
        int[] bits = new int[UsagePlace.values().length];
        for (UsageCount count : ALL) {
            bits[count.place.ordinal()] |= count.bit();
        }
        return bits;
    }
}
