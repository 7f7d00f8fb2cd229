package io.plano.usage;

/** The counts of one {@code usage} object as they stand there. Reused; one thread. */
final class UsageCounts {
    private final long[] counts = new long[UsageCount.NUMBER];
    /** A bit for each that is told. */
    private int told;

    void clear() {
        told = 0;
    }

    /** Forgets the counts of an object in the object: it comes once more, and the last one counts. */
    void clear(UsagePlace place) {
        told &= ~UsageCount.bitsOf(place);
    }

    /** The last one counts, even if it says nothing that can be a count. */
    void put(UsageCount count, long value) {
        if (value == TokenUsage.UNKNOWN) {
            told &= ~count.bit();
        } else {
            told |= count.bit();
            counts[count.index()] = value;
        }
    }

    /** Whether it tells anything. */
    boolean isTold() {
        return told != 0;
    }

    /** Takes over what the other tells and leaves the rest. */
    void merge(UsageCounts other) {
        for (int i = 0; i < counts.length; i++) {
            if ((other.told & 1 << i) != 0) {
                counts[i] = other.counts[i];
            }
        }
        told |= other.told;
    }

    long get(UsageCount count) {
        return (told & count.bit()) == 0 ? TokenUsage.UNKNOWN : counts[count.index()];
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
