package io.plano.proxy;

import io.plano.failure.GatewayException;
import io.plano.route.Asked;
import java.util.concurrent.CompletionStage;

/**
 * Something that every request to a provider passes between being read and being routed: a quota, a filter, a preference.
 * Called on the thread that has the request, which serves others as well: a gate never blocks; it answers later.
 */
interface Gate {
    /** What logs call it. */
    String name();

    /**
     * Lets a request pass.
     *
     * @return what is asked from here on; completed on any thread, exceptionally with a {@link GatewayException} to refuse
     */
    CompletionStage<Asked> pass(Asked asked);
}
