package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;

/** Reads a whole answer. */
final class CompletionsAnswerDecoder {
    private CompletionsAnswerDecoder() {}

    static void decode(byte[] body, ChatStream stream) {
        JsonNode document = Json.read(body);
        boolean isAnswer = document != null && document.path("choices").path(0).isObject();
        CompletionsAnswerReader answer = new CompletionsAnswerReader(stream);
        if (document != null
                && (isAnswer || UpstreamErrors.isError(document) || UpstreamErrors.isBareError(document))) {
            answer.document(document);
            answer.done();
        } else {
            answer.failed(new UpstreamError(
                    502,
                    null,
                    "upstream_invalid",
                    "The model provider answered with something that is no chat completion.",
                    null,
                    null));
        }
    }
}
