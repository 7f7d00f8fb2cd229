package io.plano.credential;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider's row of the credential table.
 *
 * @param passthrough whether the client's own credential goes upstream
 * @param accessKey the provider's configured key, if any
 * @param onMissing what to do where passthrough finds nothing to pass
 * @param clientPattern what a client's credential must match as a whole to count as one; null accepts any
 */
public record CredentialPolicy(
        boolean passthrough,
        @Nullable Credential accessKey,
        MissingCredential onMissing,
        @Nullable Pattern clientPattern) {

    /** Whether a request without a client credential is bound to be refused. */
    public boolean requiresClientCredential() {
        return passthrough && onMissing == MissingCredential.REJECT;
    }
}
