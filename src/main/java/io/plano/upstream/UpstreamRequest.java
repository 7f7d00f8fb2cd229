package io.plano.upstream;

import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;

/**
 * One request to a provider, complete but for its body.
 *
 * @param method as the client sent it
 * @param endpoint where it goes; from the configuration alone
 * @param target path and query in origin form (RFC 9112 §3.2.1)
 * @param headers all fields in the order in which they go out, {@code Host} and framing included
 * @param timeouts how long it may take
 * @param transport how the endpoint is reached
 */
public record UpstreamRequest(
        String method, Endpoint endpoint, String target, Headers headers, Timeouts timeouts, Transport transport) {}
