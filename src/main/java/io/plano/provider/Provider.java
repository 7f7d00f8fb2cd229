package io.plano.provider;

import io.plano.credential.CredentialPolicy;
import io.plano.http.Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One configured upstream service: an entry of {@code model_providers}, resolved against its {@link ProviderType}.
 * Immutable.
 *
 * @param name the entry's {@code name}, or its whole {@code model} string; unique, and what logs say
 * @param id the part of {@code model} before the first slash: {@code openai}, {@code custom}
 * @param model the model id behind the first slash, sent upstream; null for a wildcard ({@code openai/*})
 * @param modelPrefix what every model of a nested wildcard begins with, slash included: {@code anthropic/} for {@code
 *     openrouter/anthropic/*}; empty for all others
 * @param type the row that says how this upstream speaks: of {@code id}, or of {@code provider_interface}
 * @param endpoint where it listens
 * @param httpHost the {@code Host} value to send instead of the endpoint's own, or null ({@code http_host})
 * @param credentials whose credential goes upstream
 * @param headers fixed headers, none of which is a credential slot ({@code headers})
 * @param timeouts limits in time
 * @param transport how the endpoint is reached ({@code tls}, {@code proxy})
 * @param isDefault whether it takes requests whose model nobody else serves ({@code default})
 * @param forwardHeaders in lower case, the header fields of the client that it gets although they look like credentials or
 *     identities ({@code forward_headers})
 */
public record Provider(
        String name,
        String id,
        @Nullable String model,
        String modelPrefix,
        ProviderType type,
        Endpoint endpoint,
        @Nullable String httpHost,
        CredentialPolicy credentials,
        Headers headers,
        Timeouts timeouts,
        Transport transport,
        boolean isDefault,
        Set<String> forwardHeaders) {

    public Provider {
        forwardHeaders = Set.copyOf(forwardHeaders);
    }

    /** A provider of one model, or a wildcard that is not nested, that is reached directly. */
    public Provider(
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
        this(
                name,
                id,
                model,
                "",
                type,
                endpoint,
                httpHost,
                credentials,
                headers,
                timeouts,
                Transport.DIRECT,
                isDefault,
                Set.of());
    }

    public boolean isWildcard() {
        return model == null;
    }

    /**
     * The model that this wildcard sends upstream for what the client named: {@code anthropic/claude-x} for {@code
     * openrouter/anthropic/claude-x}. Null where it does not serve that, or is no wildcard.
     */
    public @Nullable String wildcardModel(String clientModel) {
        if (!isWildcard() || !clientModel.startsWith(id + "/" + modelPrefix)) {
            return null;
        }
        String upstreamModel = clientModel.substring(id.length() + 1);
        return upstreamModel.length() > modelPrefix.length() ? upstreamModel : null;
    }

    /**
     * The model that this wildcard sends upstream for a name that need not begin with its {@code id}, because an alias
     * led here: {@code claude-x} for {@code claude-x} and for {@code anthropic/claude-x}, and {@code anthropic/claude-x}
     * for both where it is {@code openrouter/anthropic/*}.
     */
    public String modelAsAsked(String clientModel) {
        int own = id.length() + 1;
        boolean isPrefixed = clientModel.length() > own && clientModel.startsWith(id + "/");
        String model = isPrefixed ? clientModel.substring(own) : clientModel;
        return model.startsWith(modelPrefix) ? model : modelPrefix + model;
    }

    /**
     * The path and nothing else of an operation at a provider whose paths do not name the model.
     *
     * @param suffix the client's path below {@code /v1/}, already checked to hold no dot segments
     */
    public String path(String suffix) {
        return endpoint.pathPrefix() + "/" + suffix;
    }

    /**
     * The path and query of an operation, where the provider's row may name the model in the path and have a query of
     * its own ({@code azure_openai}).
     *
     * @param suffix the client's path below {@code /v1/}, already checked to hold no dot segments
     * @param upstreamModel the model id sent upstream, percent-encoded where it becomes part of the path; null where the
     *     request names none
     * @param query the client's query without credentials, or null
     * @throws io.plano.failure.GatewayException for a model that cannot be part of a path
     */
    public String target(String suffix, @Nullable String upstreamModel, @Nullable String query) {
        String path = path(suffix);
        if (upstreamModel != null && !type.pathTemplate().equals(ProviderType.PLAIN_PATH)) {
            // The model last: whatever it holds, it is encoded and cannot name a placeholder.
            String own = type.pathTemplate().replace("{path}", suffix);
            path = path(own.replace("{model}", PathSegment.encode(upstreamModel)));
        }
        int mark = path.indexOf('?');
        if (query == null || mark < 0) {
            return query == null ? path : path + "?" + query;
        }
        // What the row's own query says gives way to what the client says under the same name.
        String name = path.substring(mark + 1, path.indexOf('=', mark) + 1);
        boolean overruled = ("&" + query).contains("&" + name);
        return overruled ? path.substring(0, mark + 1) + query : path + "&" + query;
    }

    /** The value for {@code Host}. */
    public String host() {
        return httpHost != null ? httpHost : endpoint.authority();
    }
}
