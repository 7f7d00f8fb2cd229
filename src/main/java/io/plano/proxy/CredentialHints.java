package io.plano.proxy;

import io.plano.credential.ResolvedCredential;
import io.plano.provider.Provider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spots the classic mistake: a provider with an {@code access_key} that refuses it, while clients bring keys of their own
 * that it might have accepted. Says so once per provider, since nothing in the configuration alone is wrong.
 */
final class CredentialHints {
    private static final Logger log = LoggerFactory.getLogger(CredentialHints.class);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Looks at the status of an answer. */
    void onAnswer(Attempt attempt) {
        int status = attempt.status();
        Provider provider = attempt.target().provider();
        if ((status == 401 || status == 403)
                && attempt.credential().source().equals(ResolvedCredential.ACCESS_KEY)
                && !attempt.exchange().client.credentials().isEmpty()
                && told.add(provider.name())) {
            log.warn(
                    "Provider '{}' answered {} to its configured access_key, while the client had sent a credential of"
                            + " its own, which was not used. If this provider wants its callers' own keys, set"
                            + " 'passthrough_auth: true' in its entry.",
                    provider.name(),
                    status);
        }
    }
}
