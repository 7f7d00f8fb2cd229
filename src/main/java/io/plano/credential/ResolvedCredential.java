package io.plano.credential;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The credential for one attempt, with where it came from.
 *
 * @param credential the credential that goes upstream, or null for none
 * @param source for the access log: the header name of the client's slot, {@code access_key} or {@code none}
 * @param pending who has to be asked for the credential; null if it is at hand
 */
public record ResolvedCredential(
        @Nullable Credential credential,
        String source,
        @Nullable CredentialSource pending) {
    public static final String ACCESS_KEY = "access_key";
    public static final ResolvedCredential NONE = new ResolvedCredential(null, "none");

    /** What is at hand, or nothing. */
    public ResolvedCredential(@Nullable Credential credential, String source) {
        this(credential, source, null);
    }

    /** The provider's own. */
    static ResolvedCredential configured(CredentialSource source) {
        Credential now = source.atHand();
        return new ResolvedCredential(now, ACCESS_KEY, now == null ? source : null);
    }

    /** This, with its credential; completed already unless somebody has to be asked for it. */
    public CompletionStage<ResolvedCredential> atHand() {
        return pending == null
                ? CompletableFuture.completedFuture(this)
                : pending.fetch().thenApply(fetched -> new ResolvedCredential(fetched, source));
    }

    /** Whether it is the client's own, and so does what its owner may do; false also where there is none. */
    public boolean isClients() {
        return credential != null && !source.equals(ACCESS_KEY);
    }
}
