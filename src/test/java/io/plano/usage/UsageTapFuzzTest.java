package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.provider.Surface;
import io.plano.testing.GoldenCase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a provider sends, in whatever coding: nothing is thrown, and how it is cut changes nothing. */
class UsageTapFuzzTest {
    private static final List<Surface> SURFACES =
            List.of(Surface.CHAT_COMPLETIONS, Surface.RESPONSES, Surface.MESSAGES, Surface.EMBEDDINGS, Surface.IMAGES);

    static Stream<byte[]> answers() {
        Stream<byte[]> recorded = GoldenCase.of("openai-chat-compat", "openai-responses", "anthropic-messages").stream()
                .filter(golden -> golden.has("response.sse"))
                .map(golden -> golden.read("response.sse"))
                .filter(stream -> stream.length < 10_000);
        Stream<byte[]> hostile = Stream.of(
                        "",
                        "\r",
                        "data",
                        "data:\n\n\r\r\n\n\r",
                        "data: {\"usage\":{\"input_tokens\":9223372036854775807}}\n\n",
                        "data: {\"usage\":{\"prompt_tokens\":1},\"usage\":{\"prompt_tokens\":2\n\ndata: {\"usage\":\\",
                        "data: {\"response\":{\"usage\":{\"input_tokens\":1}},\"response\":\"\\",
                        "{\"usage\":{\"prompt_tokens\":1}}",
                        "{\"usage\":[[[{{{\"\\u00",
                        "\uFEFF{\"usage\":{}}")
                .map(Taps::utf8);
        return Stream.concat(recorded, hostile);
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "2m")
    void readsTheSameHoweverItIsCut(byte[] answer) {
        for (Surface surface : SURFACES) {
            for (String type : List.of(Taps.JSON, Taps.EVENTS)) {
                for (List<String> coding : List.of(List.<String>of(), List.of("gzip"), List.of("deflate"))) {
                    TokenUsage whole =
                            Taps.inPiecesOf(Math.max(answer.length, 1), UsageTap.of(surface, type, coding), answer);
                    assertThat(Taps.inPiecesOf(1, UsageTap.of(surface, type, coding), answer))
                            .isEqualTo(whole);
                    assertThat(Taps.inPiecesOf(7, UsageTap.of(surface, type, coding), answer))
                            .isEqualTo(whole);
                }
            }
        }
    }
}
