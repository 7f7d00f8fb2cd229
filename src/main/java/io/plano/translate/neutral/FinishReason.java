package io.plano.translate.neutral;

/** Why an answer ended. */
public enum FinishReason {
    /** The model had no more to say. */
    STOP,
    /** A stop sequence came. */
    STOP_SEQUENCE,
    /** The limit on tokens was reached. */
    LENGTH,
    /** The model's context is full. */
    CONTEXT_FULL,
    /** The model waits for the results of tools. */
    TOOL_CALLS,
    /** The model or a filter declined. */
    CONTENT_FILTER,
    /** The provider stopped in the middle of its own tools and would go on if asked: {@code pause_turn}. */
    PAUSED
}
