package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.CompletionsQuirks;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.TranslationCorrections.Correction;
import io.plano.translate.TranslationCorrections.Outcome;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The expectations of other gateways' tests, each as written or corrected with a reason. */
class TranslationCasesTest {
    static List<TranslationCase> cases() {
        return TranslationCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void translatesAsExpected(TranslationCase expectation) {
        Correction correction = TranslationCorrections.of(expectation.number());
        Outcome outcome = switch (expectation.direction()) {
            case "request" -> request(expectation);
            case "response" -> response(expectation);
            case "stream" -> stream(expectation);
            case "error" -> error(expectation);
            default -> throw new AssertionError(expectation.direction());
        };
        if (correction != null) {
            correction.check().accept(outcome);
        } else {
            assertThat(expectation.verdict())
                    .as("what is not right must be corrected")
                    .isEqualTo("agree");
            compare(expectation, outcome);
        }
    }

    private static Outcome request(TranslationCase expectation) {
        try {
            ChatRequest request = Codecs.of(expectation.client()).decodeRequest(expectation.input());
            String model = Objects.requireNonNull(request.model());
            EncodedRequest encoded = Codecs.of(expectation.upstream())
                    .encodeRequest(request, new UpstreamModel(model, CompletionsQuirks.OPENAI));
            if (expectation.client() != expectation.upstream()) {
                StrictProvider.assertTakes(expectation.upstream(), encoded.body());
            }
            return Outcome.of(Objects.requireNonNull(Json.read(encoded.body())));
        } catch (GatewayException e) {
            return Outcome.of(e);
        }
    }

    private static Outcome response(TranslationCase expectation) {
        ChatRequest request = context(expectation, Arrival.DOCUMENT);
        byte[] answer = Codecs.translate(request, expectation.upstream(), Arrival.DOCUMENT, expectation.input());
        return Outcome.of(Objects.requireNonNull(Json.read(answer)));
    }

    private static Outcome stream(TranslationCase expectation) {
        AnswerTranslator translator =
                Codecs.translator(context(expectation, Arrival.EVENTS), expectation.upstream(), Arrival.EVENTS);
        byte[] answer = expectation.input();
        translator.accept(answer, 0, answer.length);
        translator.end();
        return Outcome.of(SseText.parse(translator.take()));
    }

    private static ChatRequest context(TranslationCase expectation, Arrival delivery) {
        byte[] known = expectation.contextRequest();
        return known == null
                ? Codecs.plainRequest(expectation.client(), delivery)
                : Codecs.of(expectation.client()).decodeRequest(known);
    }

    private static Outcome error(TranslationCase expectation) {
        UpstreamError error = UpstreamErrors.read(expectation.upstreamStatus(), expectation.input());
        ApiCodec client = Codecs.of(expectation.client());
        assertThat(client.status(error)).isEqualTo(expectation.expectedStatus());
        return Outcome.of(Objects.requireNonNull(Json.read(client.encodeError(error, Codecs.REQUEST_ID))));
    }

    static void compare(TranslationCase expectation, Outcome outcome) {
        byte[] stream = expectation.expectedStream();
        switch (expectation.comparison()) {
            case "subset-ignoring-ids-and-created" -> {
                if (stream == null) {
                    JsonSubset.assertContains(outcome.document(), expectation.expected());
                } else {
                    compareEvents(outcome.events(), SseText.parse(stream));
                }
            }
            case "event-sequence" -> compareSequence(outcome.events(), expectation.expected());
            case "counts" ->
                compareCounts(outcome.events(), expectation.expected().get("counts"));
            case "expect-client-400" -> outcome.assertRefused(FailureKind.INVALID_REQUEST);
            default -> throw new AssertionError(expectation.comparison());
        }
    }

    private static void compareEvents(List<SseText> actual, List<SseText> expected) {
        assertThat(types(actual)).isEqualTo(types(expected));
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).data().equals("[DONE]")) {
                JsonSubset.assertContains(actual.get(i).json(), expected.get(i).json());
            }
        }
    }

    private static List<String> types(List<SseText> events) {
        return events.stream().map(SseText::type).toList();
    }

    static void compareSequence(List<SseText> actual, JsonNode expected) {
        List<String> types = new ArrayList<>();
        expected.forEach(event -> types.add(event.get("event").textValue()));
        assertThat(types(actual)).isEqualTo(types);
        for (int i = 0; i < expected.size(); i++) {
            JsonNode event = expected.get(i);
            if (event.has("data")) {
                JsonSubset.assertContains(actual.get(i).json(), event.get("data"));
            }
            if (event.has("text")) {
                assertThat(actual.get(i).json().at("/delta/text")).isEqualTo(event.get("text"));
            }
        }
    }

    private static void compareCounts(List<SseText> actual, JsonNode expected) {
        expected.properties()
                .forEach(count -> assertThat(types(actual))
                        .filteredOn(count.getKey()::equals)
                        .as(count.getKey())
                        .hasSize(count.getValue().intValue()));
    }

    @Test
    void correctsWhatIsNotRight() {
        Set<String> wrong = cases().stream()
                .filter(expectation -> !expectation.verdict().equals("agree"))
                .map(TranslationCase::number)
                .collect(Collectors.toSet());
        assertThat(TranslationCorrections.numbers()).containsAll(wrong);
        assertThat(cases()).extracting(TranslationCase::number).containsAll(TranslationCorrections.numbers());
    }

    /** The test above takes every case of the index: none is left out in silence. */
    @Test
    void hasEveryCase() {
        assertThat(cases()).hasSize(64);
        assertThat(cases()).extracting(TranslationCase::number).doesNotHaveDuplicates();
    }
}
