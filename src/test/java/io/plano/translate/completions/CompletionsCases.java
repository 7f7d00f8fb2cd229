package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.SseParser;
import io.plano.provider.CompletionsQuirks;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.openai.Strict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the tests of the Chat codec share. */
final class CompletionsCases {
    static final CompletionsCodec CODEC = new CompletionsCodec();

    /** A server that takes everything. */
    static final CompletionsQuirks LENIENT =
            new CompletionsQuirks("max_completion_tokens", EnumSet.allOf(CompletionsQuirks.Extension.class));

    /** A server that knows what OpenAI's API was some years ago. */
    static final CompletionsQuirks OLDER = new CompletionsQuirks("max_tokens", Set.of());

    private CompletionsCases() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** JSON, written with single quotes. */
    static byte[] json(String text) {
        return utf8(text.replace('\'', '"'));
    }

    static JsonNode tree(String text) {
        return Objects.requireNonNull(Json.read(json(text)), text);
    }

    static ChatRequest request(String text) {
        return CODEC.decodeRequest(json(text));
    }

    /** A request of one user who says hello, with more members. */
    static ChatRequest hello(String members) {
        return request("{'model':'m','messages':[{'role':'user','content':'hello'}]" + members + "}");
    }

    static UpstreamModel upstream(String model, CompletionsQuirks quirks) {
        return new UpstreamModel(model, quirks);
    }

    static JsonNode encoded(ChatRequest request, CompletionsQuirks quirks) {
        byte[] body = CODEC.encodeRequest(request, upstream("m", quirks)).body();
        return Objects.requireNonNull(Json.read(body));
    }

    static AnswerContext context(String requestMembers) {
        return new AnswerContext(hello(requestMembers), "req_1", 1_700_000_000);
    }

    /** What a stream, in whatever pieces, comes to. */
    record Outcome(@Nullable ChatAnswer response, @Nullable UpstreamError error) {
        ChatAnswer answer() {
            return Objects.requireNonNull(response, () -> String.valueOf(error));
        }

        UpstreamError failure() {
            return Objects.requireNonNull(error);
        }
    }

    static Outcome whole(String text) {
        return whole(json(text));
    }

    static Outcome whole(byte[] body) {
        AnswerCollector collector = new AnswerCollector();
        CODEC.decodeAnswer(body, collector);
        return new Outcome(collector.answer(), collector.error());
    }

    /** The outcome of events, their data written with single quotes. */
    static Outcome stream(String... data) {
        StringBuilder events = new StringBuilder();
        for (String one : data) {
            events.append("data: ").append(one.replace('\'', '"')).append("\n\n");
        }
        return stream(utf8(events.toString()));
    }

    static Outcome stream(byte[] events) {
        AnswerCollector collector = new AnswerCollector();
        decode(events, events.length, new Strict(collector));
        return new Outcome(collector.answer(), collector.error());
    }

    /** Decodes a stream that comes in pieces of that size. */
    static void decode(byte[] events, int size, ChatStream answer) {
        StreamDecoder decoder = CODEC.decodeStream(answer);
        SseParser parser = new SseParser(decoder);
        try {
            for (int i = 0; i < events.length; i += size) {
                parser.accept(events, i, Math.min(size, events.length - i));
            }
            parser.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decoder.end();
    }

    /** The stream for a client. */
    static byte[] encode(AnswerContext context, Consumer<ChatStream> answer) {
        EventBuffer events = new EventBuffer();
        answer.accept(CODEC.encodeStream(Framing.sse().writer(events), context));
        return events.take();
    }

    /** The data of the events of a stream, each a tree; without {@code [DONE]}. */
    static List<JsonNode> chunks(byte[] events) {
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : new String(events, StandardCharsets.UTF_8).split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                chunks.add(Objects.requireNonNull(Json.read(event.substring(6)), event));
            }
        }
        return chunks;
    }
}
