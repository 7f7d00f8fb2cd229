package io.plano.usage;

import org.jspecify.annotations.Nullable;

/**
 * What one answer has said so far. It is told of documents, the events of a stream or the whole of an answer, and in each of
 * the {@code usage} in its outermost object and of that in its wrapper; the first one wins if both tell anything. One thread
 * at a time tells; any thread may read.
 */
final class AnswerUsage {
    private final UsageFormat format;
    /** What earlier documents told, where a later one may tell a part. */
    private @Nullable UsageCounts known;

    private final UsageCounts top = new UsageCounts();
    private @Nullable UsageCounts wrapped;
    private TokenUsage before = TokenUsage.NOT_TOLD;
    private volatile TokenUsage usage = TokenUsage.NOT_TOLD;

    AnswerUsage(UsageFormat format) {
        this.format = format;
    }

    /** The next document begins; what the last one told holds. */
    void begin() {
        UsageCounts told = told();
        if (told.isTold()) {
            if (format.addsUp()) {
                UsageCounts all = known == null ? new UsageCounts() : known;
                all.merge(told);
                known = all;
            }
            before = usage;
            top.clear();
            if (wrapped != null) {
                wrapped.clear();
            }
        }
    }

    /** The place of {@code usage} in the document: empty until it is read, and once more if the member comes again. */
    UsageCounts at(UsagePlace around) {
        if (around == UsagePlace.TOP) {
            return top;
        }
        UsageCounts counts = wrapped == null ? new UsageCounts() : wrapped;
        wrapped = counts;
        return counts;
    }

    /** What the document tells has changed. */
    void changed() {
        UsageCounts told = told();
        if (!told.isTold()) {
            usage = before;
        } else if (format.addsUp()) {
            UsageCounts all = new UsageCounts();
            if (known != null) {
                all.merge(known);
            }
            all.merge(told);
            usage = format.read(all);
        } else {
            usage = format.read(told);
        }
    }

    private UsageCounts told() {
        UsageCounts inWrapper = wrapped;
        return top.isTold() || inWrapper == null ? top : inWrapper;
    }

    TokenUsage usage() {
        return usage;
    }
}
