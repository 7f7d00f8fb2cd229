package io.plano.translate.completions;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.MemberName;
import java.util.Locale;

/** What clients of Chat Completions call things, and what is true of what they ask. */
final class CompletionsClientFormat extends ClientFormat {
    static final ClientFormat INSTANCE = new CompletionsClientFormat();

    private CompletionsClientFormat() {
        super(WireFormat.COMPLETIONS, Trait.THOUGHTS_IN_ANY_PLACE, Trait.THOUGHTS_SHOWN_UNASKED);
    }

    @Override
    public String name(MemberName member) {
        return switch (member) {
            case TEMPERATURE, TOP_P, TOP_K, STOP -> member.name().toLowerCase(Locale.ROOT);
            case OUTPUT_LIMIT -> "max_completion_tokens";
            case LOGPROBS -> "logprobs";
            case REASONING -> "reasoning_effort";
            case REASONING_DISPLAY -> "reasoning.summary";
            case OUTPUT_FORM -> "response_format";
            case OUTPUT_DESCRIPTION -> "response_format.json_schema.description";
            case VERBOSITY -> "verbosity";
            case USER -> "user";
            case SAFETY_IDENTIFIER -> "safety_identifier";
            case METADATA -> "metadata";
            case SERVICE_TIER -> "service_tier";
            case PROMPT_CACHE_KEY -> "prompt_cache_key";
            case STORE -> "store";
            case TOOLS -> "tools";
            case TOOL_STRICT -> "tools.function.strict";
            case TOOL_SCHEMA -> "tools.function.parameters";
            case TOOL_CHOICE -> "tool_choice";
            case PARALLEL_TOOL_CALLS -> "parallel_tool_calls";
            case SEARCH_CONTEXT_SIZE -> "web_search_options.search_context_size";
            case TURN -> "messages";
            case NATIVE_PART, SYSTEM, CONTENT -> "messages.content";
            case IMAGE -> "messages.content.image_url";
            case IMAGE_DETAIL -> "messages.content.image_url.detail";
            case FILE -> "messages.content.file";
            case AUDIO -> "messages.content.input_audio";
            case TOOL_ARGUMENTS -> "messages.tool_calls.function.arguments";
            case TOOL_RESULT -> "messages.tool_call_id";
            case TOOL_ERROR -> "messages.is_error";
            case SEARCH_USES -> "web_search_options.max_uses";
            case SEARCH_DOMAINS, SEARCH_BLOCKED_DOMAINS -> "web_search_options.filters";
            case FILE_URL -> "messages.content.file.file_data";
            case FILE_ID -> "messages.content.file.file_id";
        };
    }
}
