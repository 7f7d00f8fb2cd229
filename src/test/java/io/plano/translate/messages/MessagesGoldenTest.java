package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.CODEC;
import static io.plano.translate.messages.Messages.answer;
import static io.plano.translate.messages.Messages.context;
import static io.plano.translate.messages.Messages.known;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.SseParser;
import io.plano.testing.GoldenCase;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded exchanges with Anthropic: what they mean is what another program found in them. */
class MessagesGoldenTest {
    private static Stream<GoldenCase> cases() {
        return GoldenCase.of("anthropic-messages").stream();
    }

    /** Whole and valid requests, which exclude those that the recorder cut and the one that Anthropic found malformed. */
    static Stream<GoldenCase> requests() {
        return cases().filter(golden -> golden.has("request.json")
                && !golden.tags().contains("request-truncated-by-recorder")
                && !golden.name().equals("anthropic-completion-error"));
    }

    static Stream<GoldenCase> wholeAnswers() {
        return cases().filter(golden -> golden.status() == 200
                && golden.has("response.json")
                && !golden.tags().contains("count_tokens"));
    }

    static Stream<GoldenCase> streams() {
        return cases().filter(golden -> golden.has("response.sse"));
    }

    static Stream<GoldenCase> errors() {
        return cases().filter(golden -> golden.status() >= 400);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestComesBackFromTheNeutralForm(GoldenCase golden) {
        ChatRequest request = CODEC.decodeRequest(golden.read("request.json"));
        EncodedRequest encoded =
                CODEC.encodeRequest(request, Messages.upstream(Objects.requireNonNullElse(request.model(), "")));
        assertThat(encoded.dropped()).isEmpty();
        assertThat(encoded.renamedTools()).isEmpty();
        ChatRequest again = CODEC.decodeRequest(encoded.body());
        if (request.sampling().maxTokens() == null) {
            assertThat(again.turns()).isEqualTo(request.turns());
            assertThat(again.tools()).isEqualTo(request.tools());
        } else {
            assertThat(again).isEqualTo(request);
            EncodedRequest twice =
                    CODEC.encodeRequest(again, Messages.upstream(Objects.requireNonNullElse(request.model(), "")));
            assertThat(twice.body()).isEqualTo(encoded.body());
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestLosesNoMember(GoldenCase golden) {
        ChatRequest request = CODEC.decodeRequest(golden.read("request.json"));
        JsonNode sent = Objects.requireNonNull(Json.read(golden.read("request.json")));
        JsonNode written = Messages.body(Messages.encoded(request, Objects.requireNonNullElse(request.model(), "")));
        sent.fieldNames()
                .forEachRemaining(name -> assertThat(written.has(name) || name.equals("stream"))
                        .as(name)
                        .isTrue());
        assertThat(written.path("tools")).isEqualTo(sent.path("tools"));
        assertThat(written.path("tool_choice")).isEqualTo(sent.path("tool_choice"));
        assertThat(written.path("thinking")).isEqualTo(sent.path("thinking"));
        assertThat(written.path("output_config")).isEqualTo(sent.path("output_config"));
    }

    @ParameterizedTest
    @MethodSource("wholeAnswers")
    void aWholeAnswerMeansWhatWasRecorded(GoldenCase golden) {
        AnswerCollector collector = Messages.whole(golden.read("response.json"));
        check(answer(collector), golden);
    }

    @ParameterizedTest
    @MethodSource("wholeAnswers")
    void aWholeAnswerComesBackFromTheNeutralForm(GoldenCase golden) {
        ChatAnswer response = answer(Messages.whole(golden.read("response.json")));
        ChatAnswer again = answer(Messages.whole(CODEC.encodeAnswer(response, context())));
        assertSame(again, response);
        assertThat(CODEC.encodeAnswer(response, context())).isEqualTo(CODEC.encodeAnswer(response, context()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamMeansWhatWasRecorded(GoldenCase golden) {
        check(answer(Messages.stream(golden.read("response.sse"), Integer.MAX_VALUE)), golden);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamMeansTheSameByteByByte(GoldenCase golden) {
        byte[] stream = golden.read("response.sse");
        assertThat(answer(Messages.stream(stream, 1))).isEqualTo(answer(Messages.stream(stream, Integer.MAX_VALUE)));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamComesBackFromTheNeutralForm(GoldenCase golden) {
        ChatAnswer response = answer(Messages.stream(golden.read("response.sse"), Integer.MAX_VALUE));
        EventBuffer events = new EventBuffer();
        Messages.decode(
                golden.read("response.sse"),
                CODEC.encodeStream(Framing.sse().writer(events), context()),
                Integer.MAX_VALUE);
        byte[] written = events.take();
        assertSame(answer(Messages.stream(written, Integer.MAX_VALUE)), response);
        assertSame(answer(Messages.stream(written, 7)), response);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamThatEndsBeforeItsReasonToStopIsTruncated(GoldenCase golden) {
        String stream = new String(golden.read("response.sse"), StandardCharsets.UTF_8);
        String cut = stream.substring(0, stream.indexOf("event: message_delta"));
        AnswerCollector collector = Messages.stream(Messages.utf8(cut), Integer.MAX_VALUE);
        assertThat(collector.answer()).isNull();
        assertThat(Objects.requireNonNull(collector.error()).code()).isEqualTo("upstream_truncated");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorReachesAnthropicsClientsAsItWas(GoldenCase golden) {
        byte[] body = golden.read("response.json");
        UpstreamError error = UpstreamErrors.read(golden.status(), body);
        JsonNode recorded = Objects.requireNonNull(Json.read(body));
        JsonNode written = Objects.requireNonNull(Json.read(CODEC.encodeError(error, "req-1")));
        assertThat(CODEC.status(error)).isEqualTo(golden.status());
        assertThat(written.path("type").textValue()).isEqualTo("error");
        assertThat(written.path("error")).isEqualTo(recorded.path("error"));
        assertThat(written.path("request_id").asText())
                .isEqualTo(recorded.path("request_id").asText("req-1"));
    }

    private static void assertSame(ChatAnswer again, ChatAnswer response) {
        assertThat(again.start()).isEqualTo(response.start());
        assertThat(again.content()).isEqualTo(response.content());
        assertThat(again.citations()).isEqualTo(response.citations());
        assertThat(again.finish()).isEqualTo(response.finish());
        assertThat(known(again.usage())).isEqualTo(known(response.usage()));
    }

    private static void check(ChatAnswer response, GoldenCase golden) {
        JsonNode derived = Objects.requireNonNull(Json.read(golden.read("derived.json")));
        assertThat(response.text()).isEqualTo(derived.path("text").asText(""));
        List<Part> parts = response.content();
        int at = 0;
        for (JsonNode block : derived.path("blocks")) {
            String type = block.path("type").asText();
            if (type.equals("text") && block.path("text").asText().isEmpty()) {
                continue;
            }
            checkBlock(parts.get(at++), type, block);
        }
        assertThat(parts).hasSize(at);
        JsonNode stop = Json.nodes().objectNode().set("stop_reason", derived.path("stop_reason"));
        assertThat(response.finish().reason())
                .isEqualTo(Objects.requireNonNull(MessagesFinish.read(stop), golden::toString)
                        .reason());
        assertThat(MessagesFinish.sequence(response.finish()))
                .isEqualTo(derived.path("stop_sequence").textValue());
        checkUsage(response, derived.path("usage"));
    }

    private static void checkBlock(Part part, String type, JsonNode block) {
        switch (type) {
            case "text" ->
                assertThat(((Part.Text) part).text())
                        .isEqualTo(block.path("text").asText());
            case "thinking" -> {
                Part.Thought thought = (Part.Thought) part;
                assertThat(thought.text()).isEqualTo(block.path("thinking").asText());
                assertThat(thought.signature() != null)
                        .isEqualTo(block.path("has_signature").asBoolean());
            }
            case "redacted_thinking" ->
                assertThat(((Part.RedactedThought) part).data().value())
                        .hasSize(block.path("data_len").asInt());
            case "tool_use" -> {
                Part.ToolCall call = (Part.ToolCall) part;
                assertThat(call.id()).isEqualTo(block.path("id").asText());
                assertThat(call.name()).isEqualTo(block.path("name").asText());
                assertThat(Json.read(call.arguments())).isEqualTo(block.path("input"));
            }
            default -> {
                JsonNode value = ((Part.Native) part).value();
                assertThat(value.path("type").asText()).isEqualTo(type);
                assertThat(value.path("id")).isEqualTo(block.path("id"));
                if (block.has("input")) {
                    assertThat(value.path("input")).isEqualTo(block.path("input"));
                }
            }
        }
    }

    private static void checkUsage(ChatAnswer response, JsonNode usage) {
        long read = usage.path("cache_read_input_tokens").asLong(0);
        long written = usage.path("cache_creation_input_tokens").asLong(0);
        assertThat(known(response.usage()).input())
                .isEqualTo(usage.path("input_tokens").asLong() + read + written);
        assertThat(known(response.usage()).cacheRead()).isEqualTo(read);
        assertThat(known(response.usage()).cacheWrite()).isEqualTo(written);
        assertThat(response.usage().output())
                .isEqualTo(usage.path("output_tokens").asLong());
    }

    /** The kinds of streams, one each: at every split point. */
    static Stream<String> kinds() {
        return Stream.of(
                "anthropic-prompt",
                "anthropic-tools-1of2",
                "anthropic-thinking-prompt",
                "anthropic-stream-events-tool-calls",
                "anthropic-prompt-with-prefill-and-stop-sequences");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aStreamMeansTheSameWhereverItIsSplit(String name) throws Exception {
        GoldenCase golden =
                cases().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        byte[] stream = golden.read("response.sse");
        ChatAnswer response = answer(Messages.stream(stream, Integer.MAX_VALUE));
        for (int at = 1; at < stream.length; at++) {
            AnswerCollector collector = new AnswerCollector();
            StreamDecoder decoder = CODEC.decodeStream(collector);
            SseParser parser = new SseParser(decoder);
            parser.accept(stream, 0, at);
            parser.accept(stream, at, stream.length - at);
            parser.end();
            decoder.end();
            assertThat(answer(collector)).isEqualTo(response);
        }
    }
}
