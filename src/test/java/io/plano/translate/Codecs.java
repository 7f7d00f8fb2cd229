package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.SseParser;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.completions.CompletionsCodec;
import io.plano.translate.messages.MessagesCodec;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.responses.ResponsesCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The codecs, and what the tests across formats do with them again and again. */
public final class Codecs {
    static final String REQUEST_ID = "req-1";
    static final long NOW = 1_750_000_000;

    private Codecs() {}

    static ApiCodec of(WireFormat format) {
        return switch (format) {
            case COMPLETIONS -> new CompletionsCodec();
            case RESPONSES -> new ResponsesCodec();
            case MESSAGES -> new MessagesCodec();
        };
    }

    /** A model that can do what models of that format can do. */
    static UpstreamModel upstream(WireFormat format) {
        return new UpstreamModel(
                format == WireFormat.MESSAGES ? "claude-sonnet-4-5" : "gpt-5.4",
                new CompletionsQuirks("max_completion_tokens", Set.of(Extension.WEB_SEARCH)));
    }

    static List<WireFormat> others(WireFormat format) {
        return Stream.of(WireFormat.values()).filter(other -> other != format).toList();
    }

    /** The recorded chats that went well; what counts tokens is no chat. */
    static Stream<GoldenCase> recordedChats() {
        return GoldenCase.of(
                        "openai-chat",
                        "openai-chat-compat",
                        "azure-chat",
                        "openai-responses",
                        "azure-responses",
                        "anthropic-messages")
                .stream()
                .filter(recorded -> recorded.status() == 200)
                .filter(recorded -> !recorded.tags().contains("count_tokens"))
                .filter(recorded -> !recorded.tags().contains("input_tokens"));
    }

    static WireFormat formatOf(GoldenCase recorded) {
        if (recorded.api().endsWith("responses")) {
            return WireFormat.RESPONSES;
        }
        return recorded.api().endsWith("messages") ? WireFormat.MESSAGES : WireFormat.COMPLETIONS;
    }

    static Arrival arrivalOf(GoldenCase recorded) {
        return recorded.has("response.sse") ? Arrival.EVENTS : Arrival.DOCUMENT;
    }

    static byte[] answerOf(GoldenCase recorded) {
        return recorded.read(arrivalOf(recorded) == Arrival.EVENTS ? "response.sse" : "response.json");
    }

    /** A request without anything special, whose answer comes in that way. */
    static ChatRequest plainRequest(WireFormat client, Arrival delivery) {
        boolean streams = delivery == Arrival.EVENTS;
        String text = switch (client) {
            case COMPLETIONS ->
                "{\"model\":\"asked\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                        + (streams ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}" : "}");
            case RESPONSES -> "{\"model\":\"asked\",\"input\":\"Hi\"" + (streams ? ",\"stream\":true}" : "}");
            case MESSAGES ->
                "{\"model\":\"asked\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                        + (streams ? ",\"stream\":true}" : "}");
        };
        return of(client).decodeRequest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What requests of that format's clients say of themselves. */
    public static ClientFormat client(WireFormat format) {
        return plainRequest(format, Arrival.DOCUMENT).client();
    }

    private static WireFormat formatOf(ChatRequest request) {
        return Stream.of(WireFormat.values())
                .filter(request.client()::is)
                .findFirst()
                .orElseThrow();
    }

    /** Reads an answer by the codec of its own format. */
    static AnswerCollector read(WireFormat format, Arrival arrival, byte[] answer) {
        AnswerCollector collector = new AnswerCollector();
        ChatStream orderly = OrderlyStream.before(collector);
        if (arrival == Arrival.DOCUMENT) {
            of(format).decodeAnswer(answer, orderly);
            return collector;
        }
        StreamDecoder decoder = of(format).decodeStream(orderly);
        SseParser parser = new SseParser(decoder);
        try {
            parser.accept(answer, 0, answer.length);
            parser.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decoder.end();
        return collector;
    }

    /** As {@link #read}, of an answer that is whole. */
    static ChatAnswer readWhole(WireFormat format, Arrival arrival, byte[] answer) {
        AnswerCollector collector = read(format, arrival, answer);
        assertThat(collector.error()).isNull();
        return Objects.requireNonNull(collector.answer());
    }

    /** The way back from a provider of that format to the client that made the request. */
    static AnswerTranslator translator(ChatRequest request, WireFormat upstream, Arrival arrival) {
        return Translation.of(of(formatOf(request)), request, of(upstream), upstream(upstream))
                .answer(arrival, REQUEST_ID, NOW);
    }

    /** What the client gets of that answer, which must be whole. */
    static byte[] translate(ChatRequest request, WireFormat upstream, Arrival arrival, byte[] answer) {
        AnswerTranslator translator = translator(request, upstream, arrival);
        translator.accept(answer, 0, answer.length);
        translator.end();
        assertThat(translator.error()).isNull();
        assertThat(translator.isComplete()).isTrue();
        return translator.take();
    }
}
