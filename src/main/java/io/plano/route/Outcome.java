package io.plano.route;

import io.plano.failure.FailureKind;

/** What came of an attempt, as far as it decides what follows. */
public sealed interface Outcome {
    /**
     * The provider answers; nothing of it has gone to the client.
     *
     * @param status of its final head
     */
    record Answered(int status) implements Outcome {}

    /** There is no answer, and nothing of one has gone to the client. */
    record Failed(FailureKind kind) implements Outcome {}
}
