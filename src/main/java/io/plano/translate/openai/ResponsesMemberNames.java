package io.plano.translate.openai;

import io.plano.provider.WireFormat;

/** What a client calls a thing that a Responses request cannot carry; the client reads these names in a header or a refusal. */
final class ResponsesMemberNames {
    private final WireFormat client;

    ResponsesMemberNames(WireFormat client) {
        this.client = client;
    }

    /** The limit on output tokens. */
    String outputLimit() {
        return switch (client) {
            case CHAT -> "max_completion_tokens";
            case RESPONSES -> "max_output_tokens";
            case MESSAGES -> "max_tokens";
        };
    }

    /** The texts that end an answer. */
    String stop() {
        return client == WireFormat.MESSAGES ? "stop_sequences" : "stop";
    }

    /** The switch for reasoning. */
    String reasoning() {
        return switch (client) {
            case CHAT -> "reasoning_effort";
            case RESPONSES -> "reasoning";
            case MESSAGES -> "thinking";
        };
    }

    /** The path of a message's members, with its last dot. */
    String message() {
        return client == WireFormat.RESPONSES ? "input." : "messages.";
    }

    /** The path of a content part's members, with its last dot. */
    String part() {
        return message() + "content.";
    }

    /** The path of the members of a part of the system text, with its last dot. */
    String systemPart() {
        return client == WireFormat.MESSAGES ? "system." : part();
    }
}
