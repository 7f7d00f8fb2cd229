package io.plano.route;

import io.plano.credential.Credential;
import io.plano.credential.CredentialPolicy;
import io.plano.credential.CredentialSlot;
import io.plano.credential.ResolvedCredential;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import java.util.List;

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
        Credential credential = resolved.credential();
        boolean isOwn =
                !provider.credentials().passthrough() || resolved.source().equals(ResolvedCredential.ACCESS_KEY);
        if (credential == null || isOwn || provider.credentials().clientPattern() != null) {
            return true;
        }
        List<Provider> takers = snapshot.providers().stream()
                .filter(taker -> takes(taker.credentials(), credential))
                .toList();
        CredentialSlot slot = CredentialSlot.ofHeader(resolved.source());
        List<Provider> natives = takers.stream()
                .filter(taker -> slot != null
                        && slot != CredentialSlot.AUTHORIZATION
                        && taker.type().isNativeSlot(slot))
                .toList();
        return isOnlyPlace(provider, natives.isEmpty() ? takers : natives);
    }

    private static boolean takes(CredentialPolicy policy, Credential credential) {
        return policy.passthrough() && (policy.clientPattern() == null || credential.matches(policy.clientPattern()));
    }

    private static boolean isOnlyPlace(Provider provider, List<Provider> takers) {
        Endpoint own = provider.endpoint();
        return takers.stream()
                .map(Provider::endpoint)
                .allMatch(other -> other.host().equals(own.host())
                        && other.port() == own.port()
                        && other.scheme().equals(own.scheme()));
    }
}
