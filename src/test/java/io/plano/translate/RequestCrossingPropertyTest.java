package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Whatever is asked in one format is asked in every other. */
class RequestCrossingPropertyTest {
    /** What somebody says, what the model answers, and what its tools say to that. */
    record Round(List<Part> said, List<String> answered, List<String> arguments, List<String> results) {
        void addTo(List<Turn> turns, int number) {
            turns.add(new Turn(Turn.Role.USER, said));
            List<Part> answer = new ArrayList<>();
            List<Part> given = new ArrayList<>();
            answered.forEach(text -> answer.add(new Part.Text(text)));
            for (int i = 0; i < arguments.size(); i++) {
                String id = "call_" + number + "_" + i;
                answer.add(new Part.ToolCall(id, "tool_" + i, ToolKind.FUNCTION, arguments.get(i), Extras.NONE));
                given.add(new Part.ToolResult(
                        id, List.of(new Part.Text(results.get(i))), Part.ToolResult.Status.UNKNOWN, Extras.NONE));
            }
            turns.add(new Turn(Turn.Role.ASSISTANT, answer));
            if (!given.isEmpty()) {
                turns.add(new Turn(Turn.Role.USER, given));
            }
        }
    }

    @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
    void asksTheSameInEveryFormat(
            @ForAll("systems") List<String> system,
            @ForAll("rounds") List<Round> rounds,
            @ForAll WireFormat client,
            @ForAll WireFormat upstream) {
        ChatRequest asked = read(client, request(client, system, rounds));
        ChatRequest provided = read(upstream, asked);
        if (client != upstream) {
            StrictProvider.assertTakes(
                    upstream,
                    Codecs.of(upstream)
                            .encodeRequest(asked, Codecs.upstream(upstream))
                            .body());
        }
        assertThat(RequestGist.of(provided)).isEqualTo(RequestGist.of(asked).in(upstream));
        assertThat(provided.sampling().maxTokens()).isEqualTo(500);
    }

    /** Writes it for a provider of that format, and reads that as if it came from a client. */
    private static ChatRequest read(WireFormat format, ChatRequest request) {
        ApiCodec codec = Codecs.of(format);
        return codec.decodeRequest(
                codec.encodeRequest(request, Codecs.upstream(format)).body());
    }

    private static ChatRequest request(WireFormat client, List<String> system, List<Round> rounds) {
        List<Turn> turns = new ArrayList<>();
        if (!system.isEmpty()) {
            List<Part> texts = new ArrayList<>();
            system.forEach(text -> texts.add(new Part.Text(text)));
            turns.add(new Turn(Turn.Role.SYSTEM, texts));
        }
        for (int i = 0; i < rounds.size(); i++) {
            rounds.get(i).addTo(turns, i);
        }
        turns.add(new Turn(Turn.Role.USER, List.of(new Part.Text("Go on."))));
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tools.add(new Tool.Function(
                    "tool_" + i,
                    i == 0 ? null : "Does \"" + i + "\".",
                    Objects.requireNonNull(Json.read("{\"type\":\"object\",\"properties\":{\"z\":{\"type\":\"number\","
                            + "\"maximum\":1e400},\"a\":{\"enum\":[1.0,\"é\"]}},\"required\":[\"z\"]}")),
                    i == 1 ? false : null,
                    Extras.NONE));
        }
        return new ChatRequest(
                Codecs.client(client),
                "m",
                Delivery.WHOLE,
                turns,
                new ToolUse(tools, null, null),
                new Sampling(500L, new BigDecimal("0.70"), null, null, List.of(), null),
                null,
                OutputForm.UNSAID,
                Account.UNSAID,
                Extras.NONE);
    }

    @Provide
    Arbitrary<List<String>> systems() {
        return text().list().ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Round>> rounds() {
        Arbitrary<Part> part =
                Arbitraries.frequencyOf(Tuple.of(4, text().map(Part.Text::new)), Tuple.of(1, Arbitraries.of(images())));
        Arbitrary<String> arguments =
                Arbitraries.of("", "{}", "null", "[]", "{\"z\":", "{\"z\":12345678901234567890.10,\"a\":\"\\\"é😀\"}");
        return Combinators.combine(
                        part.list().ofMinSize(1).ofMaxSize(4),
                        text().list().ofMinSize(1).ofMaxSize(2),
                        arguments.list().ofMaxSize(3),
                        text().list().ofSize(3))
                .as(Round::new)
                .list()
                .ofMaxSize(4);
    }

    private static List<Part> images() {
        return List.of(
                new Part.Image(new Media.Inline("image/png", "iVBORw0KGgo="), null, Extras.NONE),
                new Part.Image(new Media.Remote("https://example.com/a.png?x=1&y=%20"), null, Extras.NONE),
                new Part.Document(new Media.Inline("application/pdf", "JVBERi0xLjQK"), "a.pdf", Extras.NONE));
    }

    /** Formats disagree about blanks at the ends, so there are none. */
    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withChars("abc \n\t\"\\{}<é世")
                .ofMaxLength(12)
                .map(text -> "(" + text.strip() + "😀)");
    }
}
