package io.plano.provider;

import org.jspecify.annotations.Nullable;

/** The formats in which a chat with a model crosses the wire; a provider speaks one or more of them natively. */
public enum WireFormat {
    /** OpenAI Chat Completions, and the many servers that follow it. */
    COMPLETIONS("chat", Operation.CHAT_COMPLETIONS),
    /** OpenAI Responses. */
    RESPONSES("responses", Operation.RESPONSES),
    /** Anthropic Messages. */
    MESSAGES("messages", Operation.MESSAGES);

    private final String configName;
    private final Operation operation;

    WireFormat(String configName, Operation operation) {
        this.configName = configName;
        this.operation = operation;
    }

    /** The operation whose request and answer have this format. */
    public Operation operation() {
        return operation;
    }

    public ApiDialect dialect() {
        return operation.dialect();
    }

    /** The word for it in configuration files, and in what clients keep for the gateway: it never changes. */
    public String configName() {
        return configName;
    }

    /** The format of an operation, or null for one that is no chat. */
    public static @Nullable WireFormat of(Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS -> COMPLETIONS;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
            default -> null;
        };
    }
}
