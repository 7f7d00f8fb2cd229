package io.plano.bridge;

import io.plano.body.ByteSegments;
import io.plano.failure.GatewayException;

/** Gets a request body that had to be read whole. One of the two is called, once, on a container thread. */
public interface BodyReceiver {
    void received(ByteSegments body);

    /** The body is too large, or the client broke off. */
    void failed(GatewayException failure);
}
