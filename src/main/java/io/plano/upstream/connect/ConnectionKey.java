package io.plano.upstream.connect;

import io.plano.provider.Endpoint;
import io.plano.provider.Transport;
import io.plano.upstream.UpstreamRequest;

/**
 * What two requests must have in common to use one connection. The transport belongs to it: a connection made without
 * the client certificate, authorities or proxy that the configuration now wants is of no use any more.
 */
record ConnectionKey(Endpoint endpoint, Transport transport) {
    /** Of the connections that a request may use. */
    static ConnectionKey of(UpstreamRequest request) {
        return new ConnectionKey(request.endpoint(), request.transport());
    }
}
