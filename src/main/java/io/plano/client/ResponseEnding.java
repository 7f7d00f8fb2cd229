package io.plano.client;

/**
 * How a response ends in its container. The bridge calls exactly one of {@link #complete} and {@link #abort}, or neither if
 * the container has told it in a callback that the connection is gone; in such a callback follow {@link #cut}, unless the
 * answer was complete, and {@link #release}. Called by whichever thread ends the response, once.
 */
public interface ResponseEnding {
    /**
     * The client has everything, and shall be able to tell.
     *
     * @throws IllegalStateException if the container was faster
     */
    void complete();

    /** The client has not everything, and shall be able to tell. The container then ends the request. */
    void abort();

    /** As {@link #abort}, in a callback of the container that ends the request; nothing if that has been done. */
    void cut();

    /** Gives the request back at the end of such a callback; nothing if the container has it already. */
    void release();

    /** Whether the container calls back only on threads of its own, never on one that is inside a call of ours. */
    boolean callsBackOnItsOwnThreads();
}
