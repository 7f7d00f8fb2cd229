package io.plano.proxy;

import io.plano.failure.FailureKind;
import io.plano.route.AttemptPlan;
import java.util.concurrent.Executor;

/** What an attempt needs of the gateway around it. */
interface AttemptHost {
    /** The name of this instance in {@code Via}. */
    String pseudonym();

    /** For what takes too long for the thread of a connection. */
    Executor workers();

    /** A provider has answered, with whatever. */
    void onAnswer(Attempt attempt);

    /** A provider has not answered, or not to the end. */
    void onFailure(Attempt attempt, FailureKind kind);

    /** This attempt has come to nothing, and another one follows. Never fails. */
    void goOn(Exchange exchange, AttemptPlan plan);
}
