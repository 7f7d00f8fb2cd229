package io.plano.translate.responses;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.MemberName;
import java.util.Locale;

/** What clients of Responses call things. */
final class ResponsesClientFormat extends ClientFormat {
    static final ClientFormat INSTANCE = new ResponsesClientFormat();

    private ResponsesClientFormat() {
        super(WireFormat.RESPONSES);
    }

    @Override
    public String name(MemberName member) {
        return switch (member) {
            case TEMPERATURE, TOP_P, TOP_K, STOP -> member.name().toLowerCase(Locale.ROOT);
            case OUTPUT_LIMIT -> "max_output_tokens";
            case LOGPROBS -> "top_logprobs";
            case REASONING -> "reasoning.effort";
            case REASONING_DISPLAY -> "reasoning.summary";
            case OUTPUT_FORM -> "text.format";
            case OUTPUT_DESCRIPTION -> "text.format.description";
            case VERBOSITY -> "text.verbosity";
            case USER -> "user";
            case SAFETY_IDENTIFIER -> "safety_identifier";
            case METADATA -> "metadata";
            case SERVICE_TIER -> "service_tier";
            case PROMPT_CACHE_KEY -> "prompt_cache_key";
            case STORE -> "store";
            case TOOLS -> "tools";
            case TOOL_STRICT -> "tools.strict";
            case TOOL_SCHEMA -> "tools.parameters";
            case TOOL_CHOICE -> "tool_choice";
            case PARALLEL_TOOL_CALLS -> "parallel_tool_calls";
            case SEARCH_CONTEXT_SIZE -> "tools.search_context_size";
            case TURN, NATIVE_PART -> "input";
            case SYSTEM, CONTENT -> "input.content";
            case IMAGE -> "input.content.image_url";
            case IMAGE_DETAIL -> "input.content.detail";
            case FILE -> "input.content.file_data";
            case AUDIO -> "input.content.input_audio";
            case TOOL_ARGUMENTS -> "input.arguments";
            case TOOL_RESULT -> "input.call_id";
            case TOOL_ERROR -> "input.status";
            case SEARCH_USES -> "tools.max_uses";
            case SEARCH_DOMAINS -> "tools.filters";
            case SEARCH_BLOCKED_DOMAINS -> "tools.filters.blocked_domains";
            case FILE_URL -> "input.content.file_url";
            case FILE_ID -> "input.content.file_id";
        };
    }
}
