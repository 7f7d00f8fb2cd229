package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is made, and how the provider is to treat it; null if the client does not say.
 *
 * @param user the end user: {@code user} of OpenAI's APIs, {@code metadata.user_id} of Messages
 * @param safetyIdentifier OpenAI's newer word for it
 * @param metadata OpenAI's sixteen pairs
 * @param serviceTier the client's own word
 * @param promptCacheKey OpenAI's hint for its cache
 * @param store whether OpenAI is to keep the answer
 */
public record Account(
        @Nullable String user,
        @Nullable String safetyIdentifier,
        @Nullable JsonNode metadata,
        @Nullable String serviceTier,
        @Nullable String promptCacheKey,
        @Nullable Boolean store) {
    public static final Account UNSAID = new Account(null, null, null, null, null, null);
}
