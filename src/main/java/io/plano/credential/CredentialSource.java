package io.plano.credential;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider's own credential comes from: the configuration, or somebody who has to be asked, now and again, because
 * what they give does not last. Safe for every thread; never blocks.
 */
public interface CredentialSource {
    /** The credential, if nobody has to be asked for it now. */
    @Nullable
    Credential atHand();

    /** The credential, perhaps later; completed on a thread that may do more than I/O. */
    CompletionStage<Credential> fetch();

    /** What the configuration says, or a variable of the environment that it names. */
    static CredentialSource of(Credential credential) {
        return new Constant(credential);
    }

    /** A credential that lasts as long as its configuration. */
    record Constant(Credential credential) implements CredentialSource {
        @Override
        public Credential atHand() {
            return credential;
        }

        @Override
        public CompletionStage<Credential> fetch() {
            return CompletableFuture.completedFuture(credential);
        }
    }
}
