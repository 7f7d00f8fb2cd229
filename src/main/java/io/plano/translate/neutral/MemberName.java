package io.plano.translate.neutral;

/**
 * What may be dropped or refused on the way into another format. What the client calls it, {@link ClientFormat#name} says: a
 * complaint names the member that the client wrote.
 */
public enum MemberName {
    /** The most tokens of an answer. */
    OUTPUT_LIMIT,
    TEMPERATURE,
    TOP_P,
    TOP_K,
    STOP,
    LOGPROBS,
    REASONING,
    REASONING_DISPLAY,
    OUTPUT_FORM,
    OUTPUT_DESCRIPTION,
    VERBOSITY,
    USER,
    SAFETY_IDENTIFIER,
    METADATA,
    SERVICE_TIER,
    PROMPT_CACHE_KEY,
    STORE,
    TOOLS,
    TOOL_STRICT,
    TOOL_SCHEMA,
    TOOL_CHOICE,
    PARALLEL_TOOL_CALLS,
    SEARCH_CONTEXT_SIZE,
    TURN,
    /** A part of a turn that only the client's format knows. */
    NATIVE_PART,
    /** A text of the system turn in front. */
    SYSTEM,
    CONTENT,
    IMAGE,
    IMAGE_DETAIL,
    FILE,
    AUDIO,
    TOOL_ARGUMENTS,
    TOOL_RESULT,
    TOOL_ERROR,
    SEARCH_USES,
    SEARCH_DOMAINS,
    SEARCH_BLOCKED_DOMAINS,
    FILE_URL,
    FILE_ID
}
