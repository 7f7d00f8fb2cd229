package io.plano.translate.neutral;

import io.plano.provider.WireFormat;

/**
 * What each API calls the same thing: whatever is dropped or refused on the way into another format is named as the client
 * wrote it, as a path without indexes.
 */
public enum MemberName {
    TEMPERATURE("temperature"),
    TOP_P("top_p"),
    TOP_K("top_k"),
    STOP("stop", "stop", "stop_sequences"),
    LOGPROBS("logprobs", "top_logprobs", "top_logprobs"),
    REASONING("reasoning_effort", "reasoning.effort", "thinking"),
    REASONING_DISPLAY("reasoning.summary", "reasoning.summary", "thinking.display"),
    OUTPUT_FORM("response_format", "text.format", "output_config.format"),
    OUTPUT_DESCRIPTION(
            "response_format.json_schema.description", "text.format.description", "output_config.format.description"),
    VERBOSITY("verbosity", "text.verbosity", "output_config.verbosity"),
    USER("user", "user", "metadata.user_id"),
    SAFETY_IDENTIFIER("safety_identifier"),
    METADATA("metadata"),
    SERVICE_TIER("service_tier"),
    PROMPT_CACHE_KEY("prompt_cache_key"),
    STORE("store"),
    TOOLS("tools"),
    TOOL_STRICT("tools.function.strict", "tools.strict", "tools.strict"),
    TOOL_CHOICE("tool_choice"),
    PARALLEL_TOOL_CALLS("parallel_tool_calls", "parallel_tool_calls", "tool_choice.disable_parallel_tool_use"),
    SEARCH_CONTEXT_SIZE(
            "web_search_options.search_context_size", "tools.search_context_size", "tools.search_context_size"),
    TURN("messages", "input", "messages"),
    CONTENT("messages.content", "input.content", "messages.content"),
    IMAGE("messages.content.image_url", "input.content.image_url", "messages.content.source"),
    IMAGE_DETAIL("messages.content.image_url.detail", "input.content.detail", "messages.content.detail"),
    FILE("messages.content.file", "input.content.file_data", "messages.content.source"),
    AUDIO("messages.content.input_audio", "input.content.input_audio", "messages.content.audio"),
    TOOL_ARGUMENTS("messages.tool_calls.function.arguments", "input.arguments", "messages.content.input"),
    TOOL_RESULT("messages.tool_call_id", "input.call_id", "messages.content.tool_use_id"),
    TOOL_ERROR("messages.is_error", "input.status", "messages.content.is_error"),
    SEARCH_USES("web_search_options.max_uses", "tools.max_uses", "tools.max_uses"),
    SEARCH_DOMAINS("web_search_options.filters", "tools.filters", "tools.allowed_domains"),
    FILE_URL("messages.content.file.file_data", "input.content.file_url", "messages.content.source.url"),
    FILE_ID("messages.content.file.file_id", "input.content.file_id", "messages.content.source.file_id");

    private final String chat;
    private final String responses;
    private final String messages;

    MemberName(String everywhere) {
        this(everywhere, everywhere, everywhere);
    }

    MemberName(String chat, String responses, String messages) {
        this.chat = chat;
        this.responses = responses;
        this.messages = messages;
    }

    /** The name in a request of that format. */
    public String in(WireFormat source) {
        return switch (source) {
            case COMPLETIONS -> chat;
            case RESPONSES -> responses;
            case MESSAGES -> messages;
        };
    }
}
