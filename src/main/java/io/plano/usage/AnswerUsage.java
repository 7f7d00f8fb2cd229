package io.plano.usage;

/**
 * What one answer has said so far. It is told of documents, the events of a stream or the whole of an answer, and in each of
 * the {@code usage} in its outermost object and of that in its wrapper; the first one wins if both tell anything. One thread
 * at a time tells; any thread may read.
 */
final class AnswerUsage {
    private final UsageFormat format;
    /** What earlier documents told, where a later one may tell a part. */
    private final UsageCounts known = new UsageCounts();

    private final UsageCounts top = new UsageCounts();
    private final UsageCounts wrapped = new UsageCounts();
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
                known.merge(told);
            }
            before = usage;
            top.clear();
            wrapped.clear();
        }
    }

    /** The place of {@code usage} in the document: empty until it is read, and once more if the member comes again. */
    UsageCounts at(UsagePlace around) {
        return around == UsagePlace.TOP ? top : wrapped;
    }

    /** What the document tells has changed. */
    void changed() {
        UsageCounts told = told();
        if (!told.isTold()) {
            usage = before;
        } else if (format.addsUp()) {
            UsageCounts all = new UsageCounts();
            all.merge(known);
            all.merge(told);
            usage = format.read(all);
        } else {
            usage = format.read(told);
        }
    }

    private UsageCounts told() {
        return top.isTold() ? top : wrapped;
    }

    TokenUsage usage() {
        return usage;
    }
}
