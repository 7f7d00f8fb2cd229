package io.plano.route;

/** What follows an attempt. */
public sealed interface Verdict {
    /** The answer is the client's. */
    record Accept() implements Verdict {}

    /**
     * Another attempt.
     *
     * @param plan which one, and what may follow that
     */
    record Next(AttemptPlan plan) implements Verdict {}

    /** The client is told of the failure. */
    record GiveUp() implements Verdict {}
}
