package io.plano.bridge;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;

/**
 * How a response ends in its container. One implementation calls containers ({@link ContainerEnding}); tests have one that
 * records. The bridge calls exactly one of {@link #complete} and {@link #abort}, or neither where the container has told
 * it in a callback that the connection is gone; in such a callback follow {@link #cut}, unless the answer was complete,
 * and {@link #release}.
 */
interface ResponseEnding {
    /** Whether the container would send a head of these fields. */
    boolean canSend(Headers fields);

    /** Called when the head has been given to the container and is not sent: sees to it that its framing holds, and that an abort will be visible. */
    void announce(ResponseHead head);

    /**
     * The client has everything, and shall be able to tell.
     *
     * @throws IllegalStateException where the container was faster
     */
    void complete();

    /** The client has not everything, and shall be able to tell. The container then ends the request. */
    void abort();

    /** As {@link #abort}, in a callback of the container that ends the request; nothing where that has been done. */
    void cut();

    /** Gives the request back at the end of such a callback; nothing where the container has it already. */
    void release();

    /** Whether the container calls back only on threads of its own, never on one that is inside a call of ours. */
    boolean callsBackOnItsOwnThreads();
}
