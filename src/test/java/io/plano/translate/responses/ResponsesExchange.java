package io.plano.translate.responses;

import io.plano.body.SseParser;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Codecs;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** What the tests of the Responses codec do again and again. */
final class ResponsesExchange {
    static final ResponsesCodec CODEC = new ResponsesCodec();
    static final UpstreamModel UPSTREAM = new UpstreamModel("gpt-5.4", CompletionsQuirks.OPENAI);

    private ResponsesExchange() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ChatRequest decode(String json) {
        return CODEC.decodeRequest(utf8(json));
    }

    /** A request of another format. */
    static ChatRequest request(WireFormat source, List<Turn> turns, ToolUse tools) {
        return new ChatRequest(
                Codecs.client(source),
                "gpt-5",
                Delivery.WHOLE,
                turns,
                tools,
                Sampling.DEFAULT,
                null,
                OutputForm.UNSAID,
                Account.UNSAID,
                Extras.NONE);
    }

    static AnswerContext context(String request) {
        return new AnswerContext(decode(request), "req-1", 1_700_000_000);
    }

    static AnswerContext context() {
        return context("{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}");
    }

    /** The answer that a stream is, cut into pieces of that many bytes. */
    static AnswerCollector read(byte[] stream, int pieces) {
        AnswerCollector answer = new AnswerCollector();
        StreamDecoder decoder = CODEC.decodeStream(answer);
        SseParser parser = new SseParser(decoder);
        try {
            for (int at = 0; at < stream.length; at += pieces) {
                parser.accept(stream, at, Math.min(pieces, stream.length - at));
            }
            parser.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decoder.end();
        return answer;
    }

    static ChatAnswer response(byte[] stream) {
        AnswerCollector answer = read(stream, stream.length);
        return Objects.requireNonNull(answer.answer(), () -> String.valueOf(answer.error()));
    }

    static AnswerCollector readWhole(byte[] document) {
        AnswerCollector answer = new AnswerCollector();
        CODEC.decodeAnswer(document, answer);
        return answer;
    }

    /** The stream that a client gets. */
    static String written(AnswerContext context, Consumer<ChatStream> answer) {
        EventBuffer events = new EventBuffer();
        answer.accept(CODEC.encodeStream(Framing.sse().writer(events), context));
        return new String(events.take(), StandardCharsets.UTF_8);
    }

    /** Reads a stream and writes it again. */
    static byte[] rewritten(byte[] stream, AnswerContext context) {
        return utf8(written(context, client -> {
            StreamDecoder decoder = CODEC.decodeStream(client);
            SseParser parser = new SseParser(decoder);
            try {
                parser.accept(stream, 0, stream.length);
                parser.end();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            decoder.end();
        }));
    }

    /** The same answer with reasoning items that have no ids: those that show something get new ones. */
    static ChatAnswer withoutReasoningIds(ChatAnswer response) {
        return new ChatAnswer(
                response.start(),
                response.content().stream().map(ResponsesExchange::withoutId).toList(),
                response.citations(),
                response.logprobs(),
                response.finish(),
                response.usage());
    }

    private static Part withoutId(Part part) {
        if (part instanceof Part.Thought thought && thought.signature() != null) {
            return new Part.Thought(
                    thought.text(),
                    new Signature(
                            thought.signature().origin(), thought.signature().value()),
                    thought.extras());
        }
        return part;
    }
}
