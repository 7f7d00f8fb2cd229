package io.plano.translate.completions;

import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.EncodedRequest;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.openai.OpenAiCodec;

/**
 * OpenAI Chat Completions, and the many servers that follow it more or less: what they do differently is understood when it
 * comes from them, and avoided when it goes to them. Source: OpenAI API reference, "Chat Completions".
 */
public final class CompletionsCodec extends OpenAiCodec {
    @Override
    public WireFormat format() {
        return WireFormat.COMPLETIONS;
    }

    @Override
    public ChatRequest decodeRequest(byte[] body) {
        return CompletionsRequestDecoder.decode(body);
    }

    @Override
    public EncodedRequest encodeRequest(ChatRequest request, UpstreamModel upstream) {
        return CompletionsRequestEncoder.encode(request, upstream);
    }

    @Override
    public void decodeAnswer(byte[] body, ChatStream answer) {
        CompletionsAnswerDecoder.decode(body, answer);
    }

    @Override
    public StreamDecoder decodeStream(ChatStream answer) {
        return new CompletionsStreamDecoder(answer);
    }

    @Override
    public byte[] encodeAnswer(ChatAnswer response, AnswerContext context) {
        return CompletionsAnswerEncoder.encode(response, context);
    }

    @Override
    public ChatStream encodeStream(EventWriter events, AnswerContext context) {
        return new CompletionsStreamEncoder(events, context);
    }
}
