package io.plano.credential;

import org.jspecify.annotations.Nullable;

/**
 * The credential for one attempt, with where it came from.
 *
 * @param credential the credential that goes upstream, or null for none
 * @param source for the access log: the header name of the client's slot, {@code access_key} or {@code none}
 */
public record ResolvedCredential(@Nullable Credential credential, String source) {
    public static final String ACCESS_KEY = "access_key";
    public static final ResolvedCredential NONE = new ResolvedCredential(null, "none");

    /** Whether it is the client's own, and so does what its owner may do; false also where there is none. */
    public boolean isClients() {
        return credential != null && !source.equals(ACCESS_KEY);
    }
}
