package io.plano.provider;

import java.util.Set;

/**
 * How an upstream's Chat Completions differ from OpenAI's own: members that OpenAI refuses and others want. Data of the
 * provider's row.
 *
 * @param outputLimit the name of the limit on output tokens: {@code max_completion_tokens}, or {@code max_tokens} for
 *     servers that know only the older one
 * @param extensions what it accepts beyond OpenAI's API
 * @param refuses members of earlier messages that it refuses, although clients of other servers send them
 */
public record CompletionsQuirks(String outputLimit, Set<Extension> extensions, Set<String> refuses) {
    /** OpenAI's own API. */
    public static final CompletionsQuirks OPENAI = new CompletionsQuirks("max_completion_tokens", Set.of());

    /** A member that some servers accept, and OpenAI does not. */
    public enum Extension {
        /** {@code cache_control} on content parts, tools and messages. */
        CACHE_CONTROL,
        /** {@code reasoning_content} of earlier assistant messages within a tool loop. */
        REASONING_CONTENT,
        /** {@code thinking_blocks} of earlier assistant messages: LiteLLM. */
        THINKING_BLOCKS,
        /** {@code top_k}. */
        TOP_K,
        /** {@code web_search_options}, whatever the model. */
        WEB_SEARCH
    }

    public CompletionsQuirks {
        extensions = Set.copyOf(extensions);
        refuses = Set.copyOf(refuses);
    }

    public CompletionsQuirks(String outputLimit, Set<Extension> extensions) {
        this(outputLimit, extensions, Set.of());
    }

    public boolean accepts(Extension extension) {
        return extensions.contains(extension);
    }
}
