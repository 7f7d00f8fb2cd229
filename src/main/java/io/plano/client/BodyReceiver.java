package io.plano.client;

import io.plano.body.ByteSegments;
import io.plano.failure.GatewayException;

/** Gets a request body that had to be read whole. One of the two is called, once, on a container thread, or on that of the budget. */
public interface BodyReceiver {
    /**
     * The whole body.
     *
     * @param reserved how many more bytes had to be reserved for it; from now on the receiver's to give back
     */
    void received(ByteSegments body, long reserved);

    /** The body is too large, or the client broke off. */
    void failed(GatewayException failure);
}
