package io.plano.translate.openai;

import io.plano.provider.WireFormat;

/**
 * What a client calls the members that do not fit into another format, by the format that it speaks: complaints and lists
 * of losses name them in its own words.
 *
 * @param turn where the turns of the conversation stand
 * @param part where the parts of a turn stand
 * @param callId what refers from a result to its call
 * @param isError what says that a tool failed
 * @param stop texts that end the answer
 * @param display what says how reasoning is shown
 * @param verbosity how wordy the answer is to be
 * @param searchDomains where a search restricts itself to some sites
 * @param documentUrl a document that the provider is to fetch
 */
record ClientNames(
        String turn,
        String part,
        String callId,
        String isError,
        String stop,
        String display,
        String verbosity,
        String searchDomains,
        String documentUrl) {
    private static final ClientNames CHAT = new ClientNames(
            "messages",
            "messages.content",
            "messages.tool_call_id",
            "messages.is_error",
            "stop",
            "reasoning",
            "verbosity",
            "web_search_options.filters",
            "messages.content.file.file_data");

    private static final ClientNames RESPONSES = new ClientNames(
            "input",
            "input.content",
            "input.call_id",
            "input.status",
            "stop",
            "reasoning.summary",
            "text.verbosity",
            "tools.filters",
            "input.content.file_url");

    private static final ClientNames MESSAGES = new ClientNames(
            "messages",
            "messages.content",
            "messages.content.tool_use_id",
            "messages.content.is_error",
            "stop_sequences",
            "thinking.display",
            "verbosity",
            "tools.allowed_domains",
            "messages.content.source.url");

    static ClientNames of(WireFormat client) {
        return switch (client) {
            case CHAT -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES -> MESSAGES;
        };
    }
}
