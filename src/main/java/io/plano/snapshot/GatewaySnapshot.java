package io.plano.snapshot;

import io.plano.http.CorsPolicy;
import io.plano.provider.OwnSecrets;
import io.plano.provider.Provider;
import java.util.List;
import java.util.Set;

/**
 * Everything that a configuration file says, resolved and checked. Deeply immutable and without resources: an exchange
 * keeps the snapshot that it opened with, so a reload closes nothing.
 *
 * @param source where it comes from
 * @param listeners at least one
 * @param providers in file order
 * @param aliases the names that clients may use in place of a model's own
 * @param routingPreferences tasks and the models that are good at them
 * @param limits what is refused
 * @param features what is switched on
 * @param cors which web pages may call
 * @param secrets those that the file gives the gateway
 */
public record GatewaySnapshot(
        Source source,
        List<Listener> listeners,
        List<Provider> providers,
        ModelAliases aliases,
        List<RoutingPreference> routingPreferences,
        Limits limits,
        Set<Feature> features,
        CorsPolicy cors,
        OwnSecrets secrets) {

    public GatewaySnapshot {
        listeners = List.copyOf(listeners);
        providers = List.copyOf(providers);
        routingPreferences = List.copyOf(routingPreferences);
        features = Set.copyOf(features);
    }

    /** A snapshot with the secrets of its providers. */
    public GatewaySnapshot(
            Source source,
            List<Listener> listeners,
            List<Provider> providers,
            ModelAliases aliases,
            List<RoutingPreference> routingPreferences,
            Limits limits,
            Set<Feature> features,
            CorsPolicy cors) {
        this(
                source,
                listeners,
                providers,
                aliases,
                routingPreferences,
                limits,
                features,
                cors,
                OwnSecrets.of(providers));
    }

    /** A snapshot without aliases, routing preferences, features and CORS. */
    public GatewaySnapshot(Source source, List<Listener> listeners, List<Provider> providers, Limits limits) {
        this(source, listeners, providers, ModelAliases.NONE, List.of(), limits, Set.of(), CorsPolicy.NONE);
    }

    /** The same, as it was read from a file. */
    public GatewaySnapshot readFrom(Source.Origin origin) {
        return new GatewaySnapshot(
                Source.of(origin), listeners, providers, aliases, routingPreferences, limits, features, cors, secrets);
    }

    /** Whether no provider could serve a request that brings no credential of its own. */
    public boolean requiresClientCredential() {
        return !providers.isEmpty()
                && providers.stream()
                        .allMatch(provider -> provider.credentials().requiresClientCredential());
    }
}
