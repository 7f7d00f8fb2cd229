package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.SseParser;
import io.plano.provider.Surface;
import io.plano.testing.GoldenCase;
import io.plano.translate.ApiCodec;
import io.plano.translate.StreamDecoder;
import io.plano.translate.completions.CompletionsCodec;
import io.plano.translate.messages.MessagesCodec;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Usage;
import io.plano.translate.responses.ResponsesCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The counts of recorded answers of all providers, streamed and whole. */
class UsageTapGoldenTest {
    static Stream<GoldenCase> answers() {
        return GoldenCase.of(
                        "openai-chat",
                        "openai-chat-compat",
                        "azure-chat",
                        "openai-responses",
                        "azure-responses",
                        "anthropic-messages")
                .stream()
                .filter(golden -> golden.status() == 200)
                .filter(golden -> golden.has("response.json") || golden.has("response.sse"));
    }

    static Stream<GoldenCase> chats() {
        return answers().filter(golden -> !isCountOfARequest(surfaceOf(golden)));
    }

    private static Surface surfaceOf(GoldenCase golden) {
        if (golden.tags().contains("count_tokens")) {
            return Surface.COUNT_TOKENS;
        }
        if (golden.tags().contains("input_tokens")) {
            return Surface.INPUT_TOKENS;
        }
        if (golden.api().endsWith("responses")) {
            return Surface.RESPONSES;
        }
        return golden.api().endsWith("messages") ? Surface.MESSAGES : Surface.CHAT_COMPLETIONS;
    }

    private static boolean isCountOfARequest(Surface surface) {
        return surface == Surface.COUNT_TOKENS || surface == Surface.INPUT_TOKENS;
    }

    private static boolean streams(GoldenCase golden) {
        return golden.has("response.sse");
    }

    private static byte[] answerOf(GoldenCase golden) {
        return golden.read(streams(golden) ? "response.sse" : "response.json");
    }

    private static TokenUsage read(GoldenCase golden) {
        String type = streams(golden) ? Taps.EVENTS : Taps.JSON;
        return Taps.read(() -> Taps.tap(surfaceOf(golden), type), answerOf(golden));
    }

    private static TokenUsage readAtOnce(GoldenCase golden) {
        byte[] answer = answerOf(golden);
        UsageTap tap = Taps.tap(surfaceOf(golden), streams(golden) ? Taps.EVENTS : Taps.JSON);
        return Taps.inPiecesOf(answer.length, tap, answer);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void readsWhatATreeOfTheAnswerHolds(GoldenCase golden) throws IOException {
        Surface surface = surfaceOf(golden);
        byte[] answer = answerOf(golden);
        TokenUsage expected = isCountOfARequest(surface)
                ? TokenUsage.NOT_TOLD
                : streams(golden)
                        ? JacksonUsage.ofEvents(surface, documents(answer))
                        : JacksonUsage.ofDocument(surface, answer);
        assertThat(read(golden)).isEqualTo(expected);
    }

    private static List<byte[]> documents(byte[] stream) throws IOException {
        List<byte[]> documents = new ArrayList<>();
        SseParser parser = new SseParser((type, bytes, offset, length) -> {
            if (bytes[offset] == '{') {
                documents.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        });
        parser.accept(stream, 0, stream.length);
        parser.end();
        return documents;
    }

    @ParameterizedTest
    @MethodSource("chats")
    void readsWhatTheTranslatorReads(GoldenCase golden) throws IOException {
        ChatAnswer translated = translated(golden);
        if (translated != null) {
            Usage usage = translated.usage();
            assertThat(readAtOnce(golden))
                    .isEqualTo(new TokenUsage(
                            usage.input(), usage.output(), usage.cacheRead(), usage.cacheWrite(), usage.reasoning()));
        }
    }

    private static @Nullable ChatAnswer translated(GoldenCase golden) throws IOException {
        ApiCodec codec = switch (surfaceOf(golden)) {
            case RESPONSES -> new ResponsesCodec();
            case MESSAGES -> new MessagesCodec();
            default -> new CompletionsCodec();
        };
        AnswerCollector collector = new AnswerCollector();
        byte[] answer = answerOf(golden);
        if (streams(golden)) {
            StreamDecoder decoder = codec.decodeStream(collector);
            SseParser parser = new SseParser(decoder);
            parser.accept(answer, 0, answer.length);
            parser.end();
            decoder.end();
        } else {
            codec.decodeAnswer(answer, collector);
        }
        return collector.answer();
    }

    @Test
    void missesThoseThatSayNothing() {
        assertThat(chats().filter(golden -> !readAtOnce(golden).isTold()).map(GoldenCase::toString))
                .containsExactlyInAnyOrder(
                        "azure-chat/azure-chat-completion-streamed",
                        "azure-chat/azure-chat-streaming-1of4",
                        "openai-chat/openai-chat-streaming-web-search",
                        "openai-chat/openai-open-ai-function-calls-tools-streaming-parallel-2of2",
                        "openai-chat-compat/groq-tool-use-failed-error-streaming-1of3");
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic-messages/anthropic-cache-real-api-1of2, 1114, 406, 1111, 0, -1",
        "anthropic-messages/anthropic-code-execution-tool-stream, 4714, 304, 0, 0, -1",
        "anthropic-messages/anthropic-fixed-version-tool-chain-with-thinking-display-regression-1of2, 598, 92, 0, 0, 53",
        "azure-chat/azure-chat-reasoning-1of4, 11, 203, 0, -1, 192",
        "openai-chat-compat/deepseek-model-thinking-part, 12, 789, 0, -1, 415",
        "openai-responses/openai-phase-streamed-on-part-start-1of2, 63, 69, 0, 0, 26"
    })
    void readsTheCountsThatStandThere(String name, long input, long output, long read, long written, long reasoning) {
        GoldenCase golden =
                answers().filter(one -> one.toString().equals(name)).findFirst().orElseThrow();
        assertThat(readAtOnce(golden)).isEqualTo(new TokenUsage(input, output, read, written, reasoning));
    }
}
