package io.plano.translate;

import io.plano.provider.WireFormat;

/**
 * Reads answers as the official Java library of a format does: every object is bound to the library's classes and
 * validated, and streams go through the library's own accumulator.
 */
interface SdkReader {
    /** The library of that format. */
    static SdkReader of(WireFormat format) {
        return switch (format) {
            case COMPLETIONS -> new OpenAiChatReader();
            case RESPONSES -> new OpenAiResponsesReader();
            case MESSAGES -> new AnthropicReader();
        };
    }

    AnswerGist whole(byte[] document) throws Exception;

    AnswerGist stream(byte[] events) throws Exception;
}
