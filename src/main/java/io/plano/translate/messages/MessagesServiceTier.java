package io.plano.translate.messages;

import org.jspecify.annotations.Nullable;

/** Anthropic calls the usual tier of an answer {@code standard}, where the neutral form, as OpenAI, says {@code default}. */
final class MessagesServiceTier {
    private MessagesServiceTier() {}

    static @Nullable String read(@Nullable String word) {
        return "standard".equals(word) ? "default" : word;
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
