package io.plano.usage;

import java.util.EnumMap;
import java.util.Map;

/** The counts of one {@code usage} object as they stand there. Reused; one thread. */
final class UsageCounts {
    private final Map<UsageCount, Long> counts = new EnumMap<>(UsageCount.class);

    void clear() {
        counts.clear();
    }

    /** Forgets the counts of an object in the object: it comes once more, and the last one counts. */
    void clear(UsagePlace place) {
        counts.keySet().removeIf(count -> count.place() == place);
    }

    /** The last one counts, even if it says nothing that can be a count. */
    void put(UsageCount count, long value) {
        if (value == TokenUsage.UNKNOWN) {
            counts.remove(count);
        } else {
            counts.put(count, value);
        }
    }

    /** Whether it tells anything. */
    boolean isTold() {
        return !counts.isEmpty();
    }

    /** Takes over what the other tells and leaves the rest. */
    void merge(UsageCounts other) {
        counts.putAll(other.counts);
    }

    long get(UsageCount count) {
        return counts.getOrDefault(count, TokenUsage.UNKNOWN);
    }

    long orZero(UsageCount count) {
        return Math.max(get(count), 0);
    }

    /** The first of them that is told. */
    long first(UsageCount... names) {
        for (UsageCount count : names) {
            if (get(count) != TokenUsage.UNKNOWN) {
                return get(count);
            }
        }
        return TokenUsage.UNKNOWN;
    }
}
