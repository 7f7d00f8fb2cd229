package io.plano.upstream;

import java.io.IOException;

/**
 * What goes out behind the head of a request. One attempt reads it at a time, on its reactor thread; see {@link
 * RepeatableBody} for one that other threads may read, too.
 */
public interface RequestBody {
    /**
     * Whether {@link #produce} has something to do, be it only to end the body, without having been asked for by {@link
     * RequestOutput#requestOutput}. Cheap: asked at every turn of the connection.
     */
    boolean isReady();

    /**
     * Writes what is there and the output takes, or keeps the output to do so later from another thread.
     *
     * @throws IOException where the body cannot be had, which ends the attempt and its connection
     */
    void produce(RequestOutput output) throws IOException;

    /** Nothing more of it is wanted, whether or not all of it has been sent. May come more than once. */
    void release();
}
