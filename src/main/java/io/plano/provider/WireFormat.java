package io.plano.provider;

/** The formats in which a chat with a model crosses the wire; a provider speaks one or more of them natively. */
public enum WireFormat {
    /** OpenAI Chat Completions, and the many servers that follow it. */
    COMPLETIONS("chat", "OpenAI Chat Completions", "chat/completions", ApiDialect.OPENAI),
    /** OpenAI Responses. */
    RESPONSES("responses", "OpenAI Responses", "responses", ApiDialect.OPENAI),
    /** Anthropic Messages. */
    MESSAGES("messages", "Anthropic Messages", "messages", ApiDialect.ANTHROPIC);

    private final String configName;
    private final String displayName;
    private final String path;
    private final ApiDialect dialect;

    WireFormat(String configName, String displayName, String path, ApiDialect dialect) {
        this.configName = configName;
        this.displayName = displayName;
        this.path = path;
        this.dialect = dialect;
    }

    /** Where a provider takes chats in it, below what stands for {@code /v1/} there. */
    public String path() {
        return path;
    }

    public ApiDialect dialect() {
        return dialect;
    }

    /** The word for it in configuration files, and in what clients keep for the gateway: it never changes. */
    public String configName() {
        return configName;
    }

    /** What a person calls it. */
    public String displayName() {
        return displayName;
    }
}
