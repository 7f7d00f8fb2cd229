package io.plano.upstream;

import io.plano.provider.Endpoint;
import io.plano.provider.Transport;

/**
 * What two requests must have in common to use one connection. The transport belongs to it: a connection made without
 * the client certificate, authorities or proxy that the configuration now wants is of no use any more.
 */
record ConnectionKey(Endpoint endpoint, Transport transport) {}
