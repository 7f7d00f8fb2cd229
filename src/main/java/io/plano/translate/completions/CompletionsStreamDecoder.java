package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.EndMark;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of chunks up to {@code [DONE]}. The chunks that make up nearly all of a stream are recognised by {@link
 * CompletionsChunk} without a tree; every other one is read as one. Source: OpenAI API reference, "Streaming"; what other servers
 * do is in {@link CompletionsAnswerReader}, {@link CompletionsCalls} and {@link CompletionsFinish}.
 */
final class CompletionsStreamDecoder implements StreamDecoder {
    private static final String ERROR = "error";

    private final CompletionsAnswerReader answer;
    private final CompletionsChunk chunk = new CompletionsChunk();

    CompletionsStreamDecoder(ChatStream stream) {
        this.answer = new CompletionsAnswerReader(stream);
    }

    @Override
    public void event(String type, byte[] bytes, int offset, int length) {
        if (answer.isOver()) {
            return;
        }
        if (answer.isStarted() && !type.equals(ERROR) && chunk.read(bytes, offset, length)) {
            answer.reasoning(chunk.reasoning());
            answer.text(chunk.content());
            if (chunk.callIndex() >= 0) {
                answer.arguments(chunk.callIndex(), chunk.arguments());
            }
            return;
        }
        if (EndMark.is(bytes, offset, length)) {
            answer.lastWord();
        } else if (!EndMark.isBlank(bytes, offset, length)) {
            rare(type, bytes, offset, length);
        }
    }

    private void rare(String type, byte[] bytes, int offset, int length) {
        JsonNode document = read(bytes, offset, length);
        if (document != null && document.isObject()) {
            if (type.equals(ERROR) && !UpstreamErrors.isError(document)) {
                answer.failed(UpstreamErrors.of(200, document));
            } else {
                answer.document(document);
            }
        } else if (type.equals(ERROR)) {
            answer.failed(UpstreamErrors.read(502, Arrays.copyOfRange(bytes, offset, offset + length)));
        } else {
            answer.failed(new UpstreamError(
                    502,
                    null,
                    "upstream_invalid",
                    "The model provider sent an event that is no chunk of a chat completion.",
                    null,
                    null));
        }
    }

    /** The standard wants what is no UTF-8 replaced, not refused (WHATWG HTML §9.2.6). */
    private static @Nullable JsonNode read(byte[] bytes, int offset, int length) {
        JsonNode document = Json.read(bytes, offset, length);
        return document != null ? document : Json.read(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void end() {
        answer.closed();
    }
}
