package io.plano.proxy.answer;

import io.plano.credential.SecretMask;
import io.plano.translate.Translation;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * On which terms an answer goes to its client.
 *
 * @param recipient whom it is for
 * @param status what the provider answered
 * @param translation how it is translated; null if it is not
 * @param credentialed whether the provider was shown a credential
 * @param mask what is the gateway's own in this provider's words, and no client may see
 * @param pseudonym the name of this instance in {@code Via}
 * @param workers for what takes too long for the thread of a connection
 */
public record AnswerTerms(
        Recipient recipient,
        int status,
        @Nullable Translation translation,
        boolean credentialed,
        SecretMask mask,
        String pseudonym,
        Executor workers) {}
