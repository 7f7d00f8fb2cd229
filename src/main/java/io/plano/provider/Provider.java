package io.plano.provider;

import io.plano.credential.CredentialPolicy;
import io.plano.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One configured upstream service: an entry of {@code model_providers}, resolved against its {@link ProviderType}.
 * Immutable.
 *
 * @param name the entry's {@code name}, or its whole {@code model} string; unique, and what logs say
 * @param id the part of {@code model} before the first slash: {@code openai}, {@code custom}
 * @param model the model id behind the first slash, sent upstream; null for a wildcard ({@code openai/*})
 * @param type the row that says how this upstream speaks: of {@code id}, or of {@code provider_interface}
 * @param endpoint where it listens
 * @param httpHost the {@code Host} value to send instead of the endpoint's own, or null ({@code http_host})
 * @param credentials whose credential goes upstream
 * @param headers fixed headers, none of which is a credential slot ({@code headers})
 * @param timeouts limits in time
 * @param isDefault whether it takes requests whose model nobody else serves ({@code default})
 */
public record Provider(
        String name,
        String id,
        @Nullable String model,
        ProviderType type,
        Endpoint endpoint,
        @Nullable String httpHost,
        CredentialPolicy credentials,
        Headers headers,
        Timeouts timeouts,
        boolean isDefault) {

    public boolean isWildcard() {
        return model == null;
    }

    /**
     * The path and nothing else of an operation at this provider.
     *
     * @param suffix the client's path below {@code /v1/}, already checked to hold no dot segments
     */
    public String path(String suffix) {
        return endpoint.pathPrefix() + "/" + suffix;
    }

    /** The value for {@code Host}. */
    public String host() {
        return httpHost != null ? httpHost : endpoint.authority();
    }
}
