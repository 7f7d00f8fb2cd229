package io.plano.client;

import io.plano.failure.GatewayException;
import io.plano.http.WholeAnswer;
import org.jspecify.annotations.Nullable;

/**
 * A body that was cut short, and what is left to say.
 *
 * @param instead a whole answer for a client that has seen nothing yet
 * @param lastWords an event for one that has
 */
record Break(GatewayException cause, @Nullable WholeAnswer instead, byte @Nullable [] lastWords) {
    /** Made beforehand, for when there are no means to make another. */
    static final Break NO_MEANS = new Break(GatewayException.NO_MEANS, null, null);
}
