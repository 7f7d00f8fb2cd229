package io.plano.provider;

import io.plano.credential.Credential;
import io.plano.http.Headers;
import io.plano.http.UpstreamHeaders;
import org.jspecify.annotations.Nullable;

/**
 * How a provider wants to be shown who asks. It finishes a request: nothing of it changes afterwards, so that it can be
 * signed as a whole. Stateless.
 */
public interface AuthScheme {
    /**
     * A request that is complete but for its credential.
     *
     * @param target path and query, as they go out
     * @param headers all others, {@code Host} and framing included
     */
    record Unsigned(String method, Endpoint endpoint, String target, UpstreamHeaders headers) {}

    /**
     * Puts the credential in.
     *
     * @param credential null adds nothing
     */
    Headers sign(Unsigned request, @Nullable Credential credential);
}
