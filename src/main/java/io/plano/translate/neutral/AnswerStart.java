package io.plano.translate.neutral;

import org.jspecify.annotations.Nullable;

/**
 * What an answer says of itself before its content.
 *
 * @param id the provider's own id; empty if it gives none
 * @param model the model that answers, in the provider's words; empty if it does not say
 * @param created seconds since 1970; 0 if the provider does not say
 * @param serviceTier the provider's word; null if it does not say
 */
public record AnswerStart(
        String id, String model, long created, @Nullable String serviceTier) {}
