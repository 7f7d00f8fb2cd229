package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that the gateway ends itself, since the provider's API has no stop sequences. */
class StopSequencesTest {
    @Property(tries = 1000)
    void endsAtTheFirstOneHoweverTheTextIsSplit(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 12) String text,
            @ForAll @Size(min = 1, max = 3)
                    List<@CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 4) String> stops,
            @ForAll @IntRange(min = 1, max = 5) int pieces) {
        StopSequences cut = new StopSequences(stops);
        StringBuilder passed = new StringBuilder();
        for (int i = 0; i < text.length(); i += pieces) {
            passed.append(cut.append(text.substring(i, Math.min(i + pieces, text.length()))));
        }
        passed.append(cut.rest());
        int end = stops.stream()
                .mapToInt(text::indexOf)
                .filter(found -> found >= 0)
                .min()
                .orElse(-1);
        assertThat(cut.reached() != null).isEqualTo(end >= 0);
        // Of two that begin within each other the shorter may have ended before the longer one could.
        int earliest = stops.stream()
                .filter(text::contains)
                .mapToInt(stop -> text.indexOf(stop) + stop.length())
                .min()
                .orElse(-1);
        if (end < 0) {
            assertThat(passed.toString()).isEqualTo(text);
        } else {
            assertThat(text).startsWith(passed.toString());
            assertThat(passed.length()).isBetween(end, earliest);
        }
    }

    private static ChatRequest asked(Arrival delivery, String stop) {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stop\":\"" + stop + "\""
                + (delivery == Arrival.EVENTS ? ",\"stream\":true}" : "}");
        return Codecs.of(WireFormat.COMPLETIONS).decodeRequest(body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] streamOf(String... pieces) {
        StringBuilder events = new StringBuilder();
        for (String piece : pieces) {
            events.append("data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,")
                    .append("\"delta\":\"")
                    .append(piece)
                    .append("\"}\n\n");
        }
        return events.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void endsAStreamAtOnceAcrossTheBordersOfItsEvents() {
        AnswerTranslator translator =
                Codecs.translator(asked(Arrival.EVENTS, "Observation:"), WireFormat.RESPONSES, Arrival.EVENTS);
        byte[] begun = streamOf("Thought: x Obs", "erva", "tion", ": y");
        translator.accept(begun, 0, begun.length);

        assertThat(translator.isComplete()).isTrue();
        assertThat(translator.isCut()).isTrue();
        String chunks = new String(translator.take(), StandardCharsets.UTF_8);
        assertThat(chunks)
                .contains("\"content\":\"Thought: x \"", "\"finish_reason\":\"stop\"", "[DONE]")
                .doesNotContain("\"content\":\"Obs", "y\"");
        byte[] more = streamOf("more");
        translator.accept(more, 0, more.length);
        assertThat(translator.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Arrival.class)
    void passesOnWhatOnlyLookedLikeTheBeginningOfOne(Arrival delivery) {
        byte[] stream = (new String(streamOf("a Obs", "olete"), StandardCharsets.UTF_8)
                        + "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] answer = Codecs.translate(asked(delivery, "Observation:"), WireFormat.RESPONSES, Arrival.EVENTS, stream);
        assertThat(AnswerGist.of(Codecs.readWhole(WireFormat.COMPLETIONS, delivery, answer))
                        .text())
                .isEqualTo("a Obsolete");
    }

    @Test
    void endsAWholeAnswerAndKeepsItsUsage() {
        byte[] whole = ("{\"id\":\"r\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":["
                        + "{\"type\":\"output_text\",\"text\":\"a STOP b\"}]},{\"type\":\"function_call\",\"call_id\":\"c\","
                        + "\"name\":\"f\",\"arguments\":\"{}\"}],\"usage\":{\"input_tokens\":1,\"output_tokens\":9}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] answer =
                Codecs.translate(asked(Arrival.DOCUMENT, "STOP"), WireFormat.RESPONSES, Arrival.DOCUMENT, whole);
        JsonNode chat = Objects.requireNonNull(Json.read(answer));
        assertThat(chat.at("/choices/0/message/content").asText()).isEqualTo("a ");
        assertThat(chat.at("/choices/0/message").has("tool_calls")).isFalse();
        assertThat(chat.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chat.at("/choices/0/stop_reason").asText()).isEqualTo("STOP");
        assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(9);
    }
}
