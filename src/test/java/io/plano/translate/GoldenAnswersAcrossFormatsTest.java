package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded answer, written in the other two formats, whole and as a stream, and read by the formats' own clients. */
class GoldenAnswersAcrossFormatsTest {
    static Stream<GoldenCase> completeAnswers() {
        return Codecs.recordedChats().filter(recorded -> !isBroken(recorded));
    }

    static Stream<GoldenCase> brokenAnswers() {
        return Codecs.recordedChats().filter(GoldenAnswersAcrossFormatsTest::isBroken);
    }

    private static boolean isBroken(GoldenCase recorded) {
        return recorded.tags().contains("mid-stream-error");
    }

    @ParameterizedTest
    @MethodSource("completeAnswers")
    void saysTheSameInEveryOtherFormat(GoldenCase recorded) throws Exception {
        WireFormat upstream = Codecs.formatOf(recorded);
        Arrival arrival = Codecs.arrivalOf(recorded);
        byte[] answer = Codecs.answerOf(recorded);
        AnswerGist said = AnswerGist.of(Codecs.readWhole(upstream, arrival, answer));

        for (WireFormat client : Codecs.others(upstream)) {
            AnswerGist expected = said.in(client);
            for (Arrival delivery : Arrival.values()) {
                ChatRequest request = Codecs.plainRequest(client, delivery);
                byte[] translated = Codecs.translate(request, upstream, arrival, answer);

                assertThat(AnswerGist.of(Codecs.readWhole(client, delivery, translated)))
                        .as("%s for a client of %s as %s", recorded, client, delivery)
                        .isEqualTo(expected);
                if (libraryReads(client, delivery, said)) {
                    SdkReader library = SdkReader.of(client);
                    AnswerGist read =
                            delivery == Arrival.EVENTS ? library.stream(translated) : library.whole(translated);
                    assertThat(read.withPlainNumbers())
                            .as("%s in the official library of %s as %s", recorded, client, delivery)
                            .isEqualTo(expected.withPlainNumbers());
                }
            }
        }
    }

    /** openai-java knows calls of custom tools in whole Chat Completions, and not in chunks of them. */
    private static boolean libraryReads(WireFormat client, Arrival delivery, AnswerGist answer) {
        return client != WireFormat.COMPLETIONS
                || delivery == Arrival.DOCUMENT
                || answer.calls().stream().noneMatch(call -> call.kind() == ToolKind.CUSTOM);
    }

    @ParameterizedTest
    @MethodSource("completeAnswers")
    void saysWhatAnIndependentReaderFound(GoldenCase recorded) {
        WireFormat upstream = Codecs.formatOf(recorded);
        AnswerGist said =
                AnswerGist.of(Codecs.readWhole(upstream, Codecs.arrivalOf(recorded), Codecs.answerOf(recorded)));
        JsonNode derived = Objects.requireNonNull(Json.read(recorded.read("derived.json")));

        JsonNode answer =
                upstream == WireFormat.COMPLETIONS ? derived.path("choices").path(0) : derived;
        assertThat(said.text()).isEqualTo(answer.path("text").asText("").replaceAll("^null$", ""));
        assertThat(said.calls())
                .filteredOn(call -> call.kind() == ToolKind.FUNCTION) // of others it wrote nothing down
                .extracting(Call::name, Call::arguments)
                .isEqualTo(calls(answer));
        JsonNode usage = derived.path("usage");
        assertThat(said.tokens().output())
                .isEqualTo(usage.path("completion_tokens")
                        .asLong(usage.path("output_tokens").asLong(0)));
    }

    private static List<Tuple> calls(JsonNode derived) {
        List<Tuple> calls = new ArrayList<>();
        for (String list : List.of("tool_calls", "items", "blocks")) {
            for (JsonNode call : derived.path(list)) {
                String type = call.path("type").asText("tool_use");
                if (type.equals("function_call") || type.equals("tool_use")) {
                    JsonNode arguments = call.has("input") ? call.get("input") : call.path("arguments");
                    calls.add(Tuple.tuple(
                            call.path("name").textValue(),
                            arguments.isTextual() ? arguments.textValue() : Json.compact(arguments)));
                }
            }
        }
        return calls;
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void tellsOfAnErrorInTheMiddleInEveryOtherFormat(GoldenCase recorded) {
        WireFormat upstream = Codecs.formatOf(recorded);
        byte[] answer = Codecs.answerOf(recorded);
        UpstreamError original = Objects.requireNonNull(
                Codecs.read(upstream, Arrival.EVENTS, answer).error());

        for (WireFormat client : Codecs.others(upstream)) {
            AnswerTranslator translator =
                    Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
            translator.accept(answer, 0, answer.length);
            translator.end();

            assertThat(translator.isComplete()).isFalse();
            assertThat(translator.error()).isEqualTo(original);
            byte[] translated = translator.take();
            if (translated.length > 0) {
                AnswerCollector read = Codecs.read(client, Arrival.EVENTS, translated);
                assertThat(Objects.requireNonNull(read.error()).message()).isEqualTo(original.message());
            }
        }
    }
}
