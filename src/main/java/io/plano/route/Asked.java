package io.plano.route;

import io.plano.credential.InboundCredentials;
import io.plano.provider.ApiDialect;
import io.plano.provider.Surface;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked, as far as it decides who answers.
 *
 * @param surface what path and method say
 * @param dialect in which the answer is wanted
 * @param client the dialect that the client speaks elsewhere; where it differs, its key is probably for somebody else
 * @param model what the body names, or null where it names none
 * @param credentials what the client brought
 */
public record Asked(
        Surface surface,
        ApiDialect dialect,
        ApiDialect client,
        @Nullable String model,
        InboundCredentials credentials) {

    /** Whether a model is named; clients that were given none send an empty text. */
    public boolean namesModel() {
        return model != null && !model.isEmpty();
    }
}
