package io.plano.upstream.connect;

import io.plano.failure.GatewayException;
import io.plano.upstream.UpstreamRequest;
import org.apache.hc.core5.reactor.IOSession;

/** For whom a connection is made. The calls come from whichever thread the making has reached. */
interface DialOwner {
    /** Where to, how, and in what time. */
    UpstreamRequest request();

    /** The connection stands, but is not secured yet. */
    void opening(IOSession connection);

    /** It is ready, and its handler is the engine of the protocol that was agreed on. On its reactor thread. */
    void startOnNew(IOSession connection);

    /** There will be none. */
    void fail(GatewayException failure);

    /** There will be none, because the gateway is shutting down. */
    void cancel();
}
