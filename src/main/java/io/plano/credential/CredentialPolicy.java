package io.plano.credential;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider's row of the credential table.
 *
 * @param passthrough whether the client's own credential goes upstream
 * @param accessKey the provider's configured key, if any
 * @param onMissing what to do where passthrough finds nothing to pass
 * @param clientPattern what a client's credential must match as a whole to count as one; null accepts any
 * @param allowed the resources of the account that are open to requests without a credential of the client's
 */
public record CredentialPolicy(
        boolean passthrough,
        @Nullable CredentialSource accessKey,
        MissingCredential onMissing,
        @Nullable CredentialPattern clientPattern,
        Set<AccountResource> allowed) {

    public CredentialPolicy {
        allowed = Set.copyOf(allowed);
    }

    /** A policy that opens models alone. */
    public CredentialPolicy(
            boolean passthrough,
            @Nullable CredentialSource accessKey,
            MissingCredential onMissing,
            @Nullable CredentialPattern clientPattern) {
        this(passthrough, accessKey, onMissing, clientPattern, Set.of());
    }

    /** Whether a request may go out without a credential of the client's: with the access key, or with none. */
    public boolean servesWithoutClientCredential() {
        return !passthrough || onMissing != MissingCredential.REJECT;
    }

    /** Whether the access key pays for some request. */
    public boolean spendsAccessKey() {
        return accessKey != null && (!passthrough || onMissing == MissingCredential.ACCESS_KEY);
    }

    /** Whether a request without a client credential is bound to be refused. */
    public boolean requiresClientCredential() {
        return passthrough && onMissing == MissingCredential.REJECT;
    }
}
