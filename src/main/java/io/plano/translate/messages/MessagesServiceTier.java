package io.plano.translate.messages;

import org.jspecify.annotations.Nullable;

/** Anthropic calls the usual tier of an answer {@code standard}, where the neutral form, as OpenAI, says {@code default}. */
final class MessagesServiceTier {
    private MessagesServiceTier() {}

    static @Nullable String read(@Nullable String word) {
        return "standard".equals(word) ? "default" : word;
    }

    /** The neutral word for the tier that a client asks for; empty if it leaves that to the provider, null if it is unknown. */
    static @Nullable String asked(String word) {
        return switch (word) {
            case "standard_only" -> "default";
            case "auto" -> "";
            default -> null;
        };
    }

    static @Nullable String write(@Nullable String word) {
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "default" -> "standard";
            case "priority", "batch" -> word;
            default -> null;
        };
    }
}
