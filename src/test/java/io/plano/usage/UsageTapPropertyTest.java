package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Surface;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever documents there are, with whatever members: the tap reads what a tree of each of them says. */
class UsageTapPropertyTest {
    private static final List<Surface> SURFACES =
            List.of(Surface.CHAT_COMPLETIONS, Surface.RESPONSES, Surface.MESSAGES);

    /** A surface, and what its provider sends: one document or several. */
    record Answer(Surface surface, List<String> documents) {}

    private static Arbitrary<String> scalar() {
        return Arbitraries.of(
                "0",
                "7",
                "12.0",
                "12.5",
                "-3",
                "999999999999",
                "1000000000001",
                "123456789012345678901234567890",
                "null",
                "true",
                "false",
                "\"\"",
                "\"7\"",
                "\"\\\"usage\\\":{\\\"prompt_tokens\\\":5}\"",
                "\"\\\\\"",
                "\"{\\\\\\\"usage\\\\\\\":[\"",
                "\"é😀\\u0022\"",
                "[]",
                "{}");
    }

    private static Arbitrary<String> count() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 20).map(String::valueOf)), Tuple.of(1, scalar()));
    }

    private static Arbitrary<String> space() {
        return Arbitraries.of("", "", "", " ", "\n", "\t ", "\r\n");
    }

    private static Arbitrary<String> object(Arbitrary<String> key, Arbitrary<String> value) {
        Arbitrary<String> member = Combinators.combine(space(), key, space(), value)
                .as((before, name, between, content) -> before + '"' + name + '"' + between + ':' + content + between);
        return member.list().ofMaxSize(6).map(members -> "{" + String.join(",", members) + "}");
    }

    private static Arbitrary<String> details(Surface surface) {
        return object(
                Arbitraries.of(
                        "cached_tokens",
                        "cache_write_tokens",
                        "cache_creation_tokens",
                        "reasoning_tokens",
                        "thinking_tokens",
                        "usage",
                        surface == Surface.CHAT_COMPLETIONS ? "prompt_tokens" : "input_tokens"),
                count());
    }

    private static Arbitrary<String> usage(Surface surface) {
        boolean isChat = surface == Surface.CHAT_COMPLETIONS;
        Arbitrary<String> counts = Arbitraries.of(
                isChat ? "prompt_tokens" : "input_tokens",
                isChat ? "completion_tokens" : "output_tokens",
                "total_tokens",
                "cache_read_input_tokens",
                "cache_creation_input_tokens",
                "prompt_cache_hit_tokens",
                "cached_tokens",
                "usage");
        Arbitrary<String> details = Arbitraries.of(
                isChat ? "prompt_tokens_details" : "input_tokens_details",
                isChat ? "completion_tokens_details" : "output_tokens_details");
        Arbitrary<String> keys = Arbitraries.oneOf(counts, details);
        Arbitrary<String> values = Arbitraries.oneOf(count(), details(surface));
        return object(keys, values);
    }

    private static Arbitrary<String> document(Surface surface) {
        Arbitrary<String> keys =
                Arbitraries.of("usage", "usage", "response", "message", "x_groq", "a", "\\\"usage\\\"", "usage ", "é");
        Arbitrary<String> leaf = Arbitraries.oneOf(usage(surface), scalar());
        Arbitrary<String> middle = Arbitraries.oneOf(
                leaf, object(keys, leaf), leaf.list().ofMaxSize(3).map(Object::toString));
        return Arbitraries.oneOf(
                object(keys, middle), object(keys, object(keys, middle)), object(keys, leaf), scalar());
    }

    @Provide
    Arbitrary<Answer> documents() {
        return Arbitraries.of(SURFACES)
                .flatMap(surface -> document(surface).map(document -> new Answer(surface, List.of(document))));
    }

    @Provide
    Arbitrary<Answer> streams() {
        return Arbitraries.of(SURFACES)
                .flatMap(surface -> document(surface)
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(4)
                        .map(documents -> new Answer(surface, documents)));
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void aDocumentCostsWhatItsTreeSays(@ForAll("documents") Answer answer) {
        byte[] document = Taps.utf8(answer.documents().get(0));
        assertThat(Taps.read(() -> Taps.tap(answer.surface(), Taps.JSON), document))
                .isEqualTo(JacksonUsage.ofDocument(answer.surface(), document));
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void aStreamCostsWhatTheTreesOfItsEventsSay(
            @ForAll("streams") Answer answer, @ForAll("lineEnds") String lineEnd, @ForAll("comments") String comment) {
        StringBuilder stream = new StringBuilder();
        List<byte[]> data = new ArrayList<>();
        for (String document : answer.documents()) {
            data.add(Taps.utf8(document));
            stream.append(comment);
            for (String line : document.split("\r\n|\n", -1)) {
                stream.append("data: ").append(line).append(lineEnd);
            }
            stream.append(lineEnd);
        }
        Supplier<UsageTap> taps = () -> Taps.tap(answer.surface(), Taps.EVENTS);
        assertThat(Taps.read(taps, Taps.utf8(stream.toString())))
                .isEqualTo(JacksonUsage.ofEvents(answer.surface(), data));
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<String> comments() {
        return Arbitraries.of("", ": ping\n\n", "event: usage\n", ": \"usage\":{\n", "\n\r\n");
    }
}
