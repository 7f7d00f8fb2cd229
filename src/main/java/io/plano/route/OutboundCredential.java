package io.plano.route;

import io.plano.credential.AccountResource;
import io.plano.credential.CredentialResolver;
import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.Provider;

/**
 * Whose credential goes to a provider for what was asked, and whether it may be used for that. The client's own does
 * what its owner may do. Whatever is not the client's, the gateway's key or the trust that a server without keys has in
 * its network, serves models; resources of the account only where the provider's row allows them: otherwise everybody
 * who reaches the gateway could read, change and delete what all others keep there. Pure; asked anew for every attempt.
 */
public final class OutboundCredential {
    private OutboundCredential() {}

    /**
     * @throws GatewayException {@link FailureKind#UNAUTHENTICATED} where the client's own is wanted and missing, {@link
     *     FailureKind#FORBIDDEN} where another one would be used for what it may not
     */
    public static ResolvedCredential resolve(Provider provider, Asked asked) {
        ResolvedCredential resolved = CredentialResolver.resolve(
                provider.credentials(), asked.credentials(), asked.dialect().slotOrder());
        AccountResource resource = asked.surface().resource();
        if (resource != null
                && !resolved.isClients()
                && !provider.credentials().allowed().contains(resource)) {
            throw GatewayException.coded(
                    FailureKind.FORBIDDEN,
                    "resource_not_allowed",
                    "With a key that is not your own, this gateway serves models and nothing else of the provider's"
                            + " account. Whoever runs it can open this path to all: it belongs to '"
                            + resource.configName() + "'.");
        }
        return resolved;
    }
}
