package io.plano.provider;

/**
 * What a client asks for; {@link Surface} tells it from path and method.
 *
 * <p>Two things follow from it: the dialect of everything that the gateway itself answers, and which API the upstream
 * must speak.
 */
public enum Operation {
    CHAT_COMPLETIONS("chat/completions", ApiDialect.OPENAI),
    COMPLETIONS("completions", ApiDialect.OPENAI),
    EMBEDDINGS("embeddings", ApiDialect.OPENAI),
    RESPONSES("responses", ApiDialect.OPENAI),
    MESSAGES("messages", ApiDialect.ANTHROPIC),
    COUNT_TOKENS("messages/count_tokens", ApiDialect.ANTHROPIC),
    /** {@code GET /v1/models} and {@code GET /v1/models/{id}}, answered by the gateway itself. */
    MODELS("models", ApiDialect.OPENAI),
    /** Any other path: files, batches, audio, images, … */
    OTHER("", ApiDialect.OPENAI),
    /** Whatever else there is at and below {@code /v1/chat/completions}: completions that were stored. */
    OTHER_CHAT("chat/completions/", ApiDialect.OPENAI),
    /** Any other path below {@code /v1/responses}: a stored answer, its input, a count of tokens. */
    OTHER_RESPONSES("responses/", ApiDialect.OPENAI),
    /** Any other path below {@code /v1/messages}: batches. */
    OTHER_ANTHROPIC("messages/", ApiDialect.ANTHROPIC);

    private final String suffix;
    private final ApiDialect dialect;

    Operation(String suffix, ApiDialect dialect) {
        this.suffix = suffix;
        this.dialect = dialect;
    }

    /** The path below {@code /v1/}; empty for {@link #OTHER}. */
    public String suffix() {
        return suffix;
    }

    public ApiDialect dialect() {
        return dialect;
    }
}
