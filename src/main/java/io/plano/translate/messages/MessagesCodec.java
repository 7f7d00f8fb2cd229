package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.ApiCodec;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;

/**
 * Anthropic's Messages API ({@code POST /v1/messages}), version 2023-06-01. Source: Anthropic API reference, "Messages",
 * "Streaming messages", "Errors"; the types of anthropic-sdk; recorded traffic.
 */
public final class MessagesCodec implements ApiCodec {
    @Override
    public WireFormat format() {
        return WireFormat.MESSAGES;
    }

    @Override
    public ChatRequest decodeRequest(byte[] body) {
        return new MessagesRequestDecoder(body).decode();
    }

    @Override
    public EncodedRequest encodeRequest(ChatRequest request, UpstreamModel upstream) {
        return new MessagesRequestEncoder(request, upstream).encode();
    }

    @Override
    public void decodeAnswer(byte[] body, ChatStream answer) {
        MessagesAnswerReader message = new MessagesAnswerReader(answer);
        JsonNode document = Json.read(body);
        if (document == null || !document.isObject()) {
            message.failMalformed();
        } else if (UpstreamErrors.isError(document)) {
            message.fail(document);
        } else if (UpstreamErrors.isBareError(document)) {
            message.fail(UpstreamErrors.ofBare(document));
        } else if (!document.path("content").isArray()) {
            message.failMalformed();
        } else {
            message.start(document);
            int index = 0;
            for (JsonNode block : document.path("content")) {
                message.blockStarted(index, block);
                message.blockEnded(index++);
            }
            message.delta(document, document.path("usage"));
            message.end();
        }
    }

    @Override
    public StreamDecoder decodeStream(ChatStream answer) {
        return new MessagesStreamDecoder(answer);
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer response, AnswerContext context) {
        return new MessagesAnswerEncoder(response, context).encode();
    }

    @Override
    public ChatStream encodeStream(EventWriter events, AnswerContext context) {
        return new MessagesStreamEncoder(events, context);
    }

    @Override
    public int status(UpstreamError error) {
        return MessagesErrors.status(error);
    }

    @Override
    public byte[] encodeError(UpstreamError error, String requestId) {
        return MessagesErrors.body(error, requestId);
    }
}
