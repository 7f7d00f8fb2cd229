package io.plano.translate.messages;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.MemberName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What clients of Messages call things, and what is true of what they ask. */
final class MessagesClientFormat extends ClientFormat {
    static final ClientFormat INSTANCE = new MessagesClientFormat();

    private MessagesClientFormat() {
        super(
                WireFormat.MESSAGES,
                Trait.SYSTEM_IN_PARAGRAPHS,
                Trait.THOUGHT_ONLY_IF_ASKED,
                Trait.SCHEMA_ALWAYS_STRICT,
                Trait.USER_ID_OF_ANY_FORM);
    }

    @Override
    public String name(MemberName member) {
        return switch (member) {
            case TEMPERATURE, TOP_P, TOP_K -> member.name().toLowerCase(Locale.ROOT);
            case OUTPUT_LIMIT -> "max_tokens";
            case STOP -> "stop_sequences";
            case LOGPROBS -> "top_logprobs";
            case REASONING -> "thinking";
            case REASONING_DISPLAY -> "thinking.display";
            case OUTPUT_FORM -> "output_config.format";
            case OUTPUT_DESCRIPTION -> "output_config.format.description";
            case VERBOSITY -> "output_config.verbosity";
            case USER -> "metadata.user_id";
            case SAFETY_IDENTIFIER -> "safety_identifier";
            case METADATA -> "metadata";
            case SERVICE_TIER -> "service_tier";
            case PROMPT_CACHE_KEY -> "prompt_cache_key";
            case STORE -> "store";
            case TOOLS -> "tools";
            case TOOL_STRICT -> "tools.strict";
            case TOOL_SCHEMA -> "tools.input_schema";
            case TOOL_CHOICE -> "tool_choice";
            case PARALLEL_TOOL_CALLS -> "tool_choice.disable_parallel_tool_use";
            case SEARCH_CONTEXT_SIZE -> "tools.search_context_size";
            case TURN -> "messages";
            case NATIVE_PART, CONTENT -> "messages.content";
            case SYSTEM -> "system";
            case IMAGE, FILE -> "messages.content.source";
            case IMAGE_DETAIL -> "messages.content.detail";
            case AUDIO -> "messages.content.audio";
            case TOOL_ARGUMENTS -> "messages.content.input";
            case TOOL_RESULT -> "messages.content.tool_use_id";
            case TOOL_ERROR -> "messages.content.is_error";
            case SEARCH_USES -> "tools.max_uses";
            case SEARCH_DOMAINS -> "tools.allowed_domains";
            case SEARCH_BLOCKED_DOMAINS -> "tools.blocked_domains";
            case FILE_URL -> "messages.content.source.url";
            case FILE_ID -> "messages.content.source.file_id";
        };
    }

    @Override
    public @Nullable String serviceTier(String asked) {
        return MessagesServiceTier.asked(asked);
    }
}
