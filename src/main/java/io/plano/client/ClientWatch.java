package io.plano.client;

/**
 * Notices that a client has gone while nothing is being written to it. The Servlet API has no such notice (a client that
 * leaves shows only when a write fails, two or three events later), so this is for whoever owns the connection: the
 * standalone server puts one into the request under {@link #ATTRIBUTE}.
 */
public interface ClientWatch {
    /** The request attribute. */
    String ATTRIBUTE = "io.plano.client.watch";

    /**
     * Starts to watch. To be called once at most, when the request has been read to its end.
     *
     * @param gone called at most once, on any thread, when the client has closed or reset its connection
     */
    void watch(Runnable gone);

    /** Stops to watch; must come before the response is completed. No-op where nothing is watched. */
    void release();
}
