package io.plano.provider;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats in which a chat with a model crosses the wire; a provider speaks one or more of them natively. */
public enum WireFormat {
    /** OpenAI Chat Completions, and the many servers that follow it. */
    CHAT(Operation.CHAT_COMPLETIONS),
    /** OpenAI Responses. */
    RESPONSES(Operation.RESPONSES),
    /** Anthropic Messages. */
    MESSAGES(Operation.MESSAGES);

    private final Operation operation;

    WireFormat(Operation operation) {
        this.operation = operation;
    }

    /** The operation whose request and answer have this format. */
    public Operation operation() {
        return operation;
    }

    public ApiDialect dialect() {
        return operation.dialect();
    }

    /** The word for it in configuration files. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of an operation, or null for one that is no chat. */
    public static @Nullable WireFormat of(Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
            default -> null;
        };
    }
}
