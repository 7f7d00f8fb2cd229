package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.SseParser;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Codecs;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the tests of this codec say again and again. */
final class Messages {
    static final MessagesCodec CODEC = new MessagesCodec();
    static final String SONNET = "claude-sonnet-4-5";

    private Messages() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode json(String text) {
        return Objects.requireNonNull(Json.read(text.replace('\'', '"')), text);
    }

    static ChatRequest request(String json) {
        return CODEC.decodeRequest(Json.bytes(json(json)));
    }

    static UpstreamModel upstream(String model) {
        return new UpstreamModel(model, CompletionsQuirks.OPENAI);
    }

    static EncodedRequest encoded(ChatRequest request, String model) {
        return CODEC.encodeRequest(request, upstream(model));
    }

    static JsonNode body(EncodedRequest request) {
        return Objects.requireNonNull(Json.read(request.body()));
    }

    static JsonNode body(ChatRequest request) {
        return body(encoded(request, SONNET));
    }

    /** A request as another API's codec would have read it. */
    static final class Foreign {
        private final WireFormat source;
        private final List<Turn> turns = new ArrayList<>();
        private ToolUse tools = ToolUse.NONE;
        private Sampling sampling = Sampling.DEFAULT;
        private @Nullable Reasoning reasoning;
        private OutputForm output = OutputForm.UNSAID;
        private Account account = Account.UNSAID;
        private Extras extras = Extras.NONE;

        Foreign(WireFormat source) {
            this.source = source;
        }

        static Foreign chat() {
            return new Foreign(WireFormat.COMPLETIONS);
        }

        Foreign system(String text) {
            return turn(Turn.Role.SYSTEM, new Part.Text(text));
        }

        Foreign user(String text) {
            return turn(Turn.Role.USER, new Part.Text(text));
        }

        Foreign turn(Turn.Role role, Part... parts) {
            turns.add(new Turn(role, List.of(parts)));
            return this;
        }

        Foreign turn(Turn turn) {
            turns.add(turn);
            return this;
        }

        Foreign tools(@Nullable ToolChoice choice, @Nullable Boolean parallel, Tool... all) {
            tools = new ToolUse(List.of(all), choice, parallel);
            return this;
        }

        Foreign sampling(Sampling how) {
            sampling = how;
            return this;
        }

        Foreign limit(long tokens) {
            sampling = new Sampling(tokens, null, null, null, List.of(), null);
            return this;
        }

        Foreign reasoning(Reasoning how) {
            reasoning = how;
            return this;
        }

        Foreign effort(String word) {
            return reasoning(
                    new Reasoning(word.equals("none") ? Reasoning.Mode.OFF : Reasoning.Mode.EFFORT, word, null, null));
        }

        Foreign output(OutputForm form) {
            output = form;
            return this;
        }

        Foreign account(Account whose) {
            account = whose;
            return this;
        }

        Foreign extras(Extras all) {
            extras = all;
            return this;
        }

        ChatRequest build() {
            return new ChatRequest(
                    Codecs.client(source),
                    "m",
                    ChatRequest.Delivery.WHOLE,
                    turns,
                    tools,
                    sampling,
                    reasoning,
                    output,
                    account,
                    extras);
        }

        EncodedRequest to(String model) {
            return encoded(build(), model);
        }

        JsonNode body() {
            return Messages.body(to(SONNET));
        }
    }

    static AnswerContext context() {
        return new AnswerContext(request("{'model':'asked','messages':[]}"), "req-1", 1_700_000_000);
    }

    /** What comes of a whole answer. */
    static AnswerCollector whole(byte[] body) {
        AnswerCollector collector = new AnswerCollector();
        CODEC.decodeAnswer(body, collector);
        return collector;
    }

    static ChatAnswer answer(AnswerCollector collector) {
        return Objects.requireNonNull(collector.answer(), () -> "failed: " + collector.error());
    }

    /** What comes of a stream that arrives in pieces of that size. */
    static AnswerCollector stream(byte[] stream, int pieceSize) {
        AnswerCollector collector = new AnswerCollector();
        decode(stream, collector, pieceSize);
        return collector;
    }

    static AnswerCollector stream(String... events) {
        StringBuilder all = new StringBuilder();
        for (String event : events) {
            all.append("data: ").append(Json.compact(json(event))).append("\n\n");
        }
        return stream(utf8(all.toString()), Integer.MAX_VALUE);
    }

    static void decode(byte[] stream, ChatStream answer, int pieceSize) {
        StreamDecoder decoder = CODEC.decodeStream(answer);
        SseParser parser = new SseParser(decoder);
        try {
            for (int at = 0; at < stream.length; at += Math.min(pieceSize, stream.length - at)) {
                parser.accept(stream, at, Math.min(pieceSize, stream.length - at));
            }
            parser.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decoder.end();
    }

    /** The counts with nothing for what is not known, as a client reads them. */
    static Usage known(Usage usage) {
        return new Usage(
                Usage.orZero(usage.input()),
                Usage.orZero(usage.cacheRead()),
                Usage.orZero(usage.cacheWrite()),
                Usage.orZero(usage.output()),
                Usage.orZero(usage.reasoning()));
    }

    /** The events of a stream, their data alone. */
    static List<JsonNode> events(EventBuffer buffer) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : new String(buffer.take(), StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.startsWith("data: ")) {
                events.add(Objects.requireNonNull(Json.read(line.substring(6)), line));
            }
        }
        return events;
    }
}
