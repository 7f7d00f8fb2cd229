package io.plano.route;

import io.plano.credential.Credential;
import io.plano.credential.CredentialPolicy;
import io.plano.credential.CredentialSlot;
import io.plano.credential.ResolvedCredential;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whom a credential may be shown to by a request that names no model. The model is what says for which provider a
 * client's key is meant; without one, a key must not be tried at every provider that would pass it on, since all but one
 * of them would see somebody else's. So it goes only where it can belong to nobody else: to the one place whose {@code
 * client_credential_pattern} it matches, whose native header it came in, or which is the only one that passes keys on.
 */
public final class CredentialAudience {
    private CredentialAudience() {}

    /** Whether {@code provider} may see what its policy resolved to. */
    public static boolean includes(Provider provider, ResolvedCredential resolved, GatewaySnapshot snapshot) {
        return includes(provider, resolved, snapshot, taker -> true);
    }

    /**
     * Whether {@code provider} may see what its policy resolved to.
     *
     * @param canAnswer who of those that pass keys on could answer the request at all; whoever a key is known to belong
     *     to counts all the same
     */
    public static boolean includes(
            Provider provider, ResolvedCredential resolved, GatewaySnapshot snapshot, Predicate<Provider> canAnswer) {
        Credential credential = resolved.credential();
        if (credential == null || !resolved.isClients()) {
            return true;
        }
        List<Provider> takers = snapshot.providers().stream()
                .filter(taker -> takes(taker.credentials(), credential))
                .toList();
        return isOnlyPlace(provider, owners(takers, CredentialSlot.ofHeader(resolved.source()), canAnswer));
    }

    private static boolean takes(CredentialPolicy policy, Credential credential) {
        return policy.passthrough() && (policy.clientPattern() == null || credential.matches(policy.clientPattern()));
    }

    /** Those who claim the key, or else those in whose own header it came, or else all. */
    private static List<Provider> owners(
            List<Provider> takers, @Nullable CredentialSlot slot, Predicate<Provider> canAnswer) {
        List<Provider> claiming = takers.stream()
                .filter(taker -> taker.credentials().clientPattern() != null)
                .toList();
        List<Provider> natives = takers.stream()
                .filter(taker -> slot != null
                        && slot != CredentialSlot.AUTHORIZATION
                        && taker.type().isNativeSlot(slot))
                .toList();
        if (!claiming.isEmpty()) {
            return claiming;
        }
        return natives.isEmpty() ? takers.stream().filter(canAnswer).toList() : natives;
    }

    private static boolean isOnlyPlace(Provider provider, List<Provider> owners) {
        Endpoint own = provider.endpoint();
        return owners.stream()
                .map(Provider::endpoint)
                .allMatch(other -> other.host().equals(own.host())
                        && other.port() == own.port()
                        && other.scheme().equals(own.scheme()));
    }
}
