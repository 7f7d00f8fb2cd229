package io.plano.translate.neutral;

/** How a tool takes its input. */
public enum ToolKind {
    /** A JSON object that follows a schema. */
    FUNCTION,
    /** Free text: OpenAI's custom tools. */
    CUSTOM,
    /** What the provider searches for by itself: only a choice names it so, calls of it are the provider's own. */
    WEB_SEARCH
}
