package io.plano.provider;

import io.plano.credential.CredentialSlot;
import java.util.List;
import java.util.Locale;

/** The family of an API: the shape of its errors and lists, and the slot in which its clients send their credential. */
public enum ApiDialect {
    /** Chat Completions, Responses, Embeddings and all that follows OpenAI's conventions. */
    OPENAI(
            CredentialSlot.AUTHORIZATION,
            CredentialSlot.X_API_KEY,
            CredentialSlot.API_KEY,
            CredentialSlot.X_GOOG_API_KEY),
    /** Anthropic Messages. */
    ANTHROPIC(
            CredentialSlot.X_API_KEY,
            CredentialSlot.AUTHORIZATION,
            CredentialSlot.API_KEY,
            CredentialSlot.X_GOOG_API_KEY);

    private final List<CredentialSlot> slotOrder;

    ApiDialect(CredentialSlot... slotOrder) {
        this.slotOrder = List.of(slotOrder);
    }

    /** The slots in order of preference where a client filled several: the native one first. */
    public List<CredentialSlot> slotOrder() {
        return slotOrder;
    }

    /**
     * Whether a header belongs to an API of another family: its versions, betas, organisations, limits. Rate limits are not
     * renamed, since the families count in different ways.
     */
    public boolean isForeign(String headerName) {
        String lower = headerName.toLowerCase(Locale.ROOT);
        return switch (this) {
            case OPENAI -> lower.startsWith("anthropic-");
            case ANTHROPIC -> lower.startsWith("openai-") || lower.startsWith("x-ratelimit-");
        };
    }
}
