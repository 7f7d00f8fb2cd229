package io.plano.provider;

/**
 * What a client asks for, told from the path under {@code /v1/}.
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
    /** Any other path of the OpenAI API: files, batches, audio, images, one response, … */
    OTHER("", ApiDialect.OPENAI),
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

    /**
     * The operation for a path.
     *
     * @param suffix the path below {@code /v1/}, as it came in, without query
     */
    public static Operation ofSuffix(String suffix) {
        return switch (suffix) {
            case "chat/completions" -> CHAT_COMPLETIONS;
            case "completions" -> COMPLETIONS;
            case "embeddings" -> EMBEDDINGS;
            case "responses" -> RESPONSES;
            case "messages" -> MESSAGES;
            case "messages/count_tokens" -> COUNT_TOKENS;
            case "models" -> MODELS;
            default -> ofPrefix(suffix);
        };
    }

    private static Operation ofPrefix(String suffix) {
        if (suffix.startsWith("models/")) {
            return MODELS;
        } else if (suffix.startsWith("messages/")) {
            return OTHER_ANTHROPIC;
        }
        return suffix.startsWith("responses/") ? OTHER_RESPONSES : OTHER;
    }
}
