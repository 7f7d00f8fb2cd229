package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.openai.OpenAiCodec;

/**
 * OpenAI Responses, {@code POST /v1/responses}. Nothing is stored here, so what hangs on an answer that was stored before is
 * refused by every other format. Stateless. Source: OpenAI API reference, "Responses"; wire-spec.
 */
public final class ResponsesCodec extends OpenAiCodec {
    @Override
    public WireFormat format() {
        return WireFormat.RESPONSES;
    }

    @Override
    public ChatRequest decodeRequest(byte[] body) {
        return ResponsesRequestDecoder.decode(body);
    }

    @Override
    public EncodedRequest encodeRequest(ChatRequest request, UpstreamModel upstream) {
        return ResponsesRequestEncoder.encode(request, upstream);
    }

    @Override
    public void decodeAnswer(byte[] body, ChatStream answer) {
        JsonNode response = Json.read(body);
        if (response == null || !response.isObject()) {
            answer.failed(ResponsesErrors.malformed());
            return;
        }
        String status = response.path("status").asText("");
        if (status.equals("failed") || status.equals("cancelled")) {
            answer.failed(ResponsesErrors.ofFailed(response));
        } else if (UpstreamErrors.isError(response)) {
            answer.failed(ResponsesErrors.ofEvent(response));
        } else if (UpstreamErrors.isBareError(response)) {
            answer.failed(UpstreamErrors.ofBare(response));
        } else if (!response.path("output").isArray()) {
            answer.failed(ResponsesErrors.malformed());
        } else {
            new ResponsesAnswerReader(answer).finish(response);
        }
    }

    @Override
    public StreamDecoder decodeStream(ChatStream answer) {
        return new ResponsesStreamDecoder(answer);
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer response, AnswerContext context) {
        ResponsesStreamEncoder encoder =
                new ResponsesStreamEncoder(Framing.sse().writer(new EventBuffer()), context);
        ResponsesReplay.play(response, encoder);
        return Json.bytes(encoder.response());
    }

    @Override
    public ChatStream encodeStream(EventWriter events, AnswerContext context) {
        return new ResponsesStreamEncoder(events, context);
    }

    @Override
    public boolean failsInOrder() {
        return true;
    }

    /** Its last event repeats the whole answer. */
    @Override
    public boolean keepsStreams() {
        return true;
    }
}
