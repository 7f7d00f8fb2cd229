package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.CODEC;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.body.SseParser;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.CompletionsQuirks;
import io.plano.testing.GoldenCase;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.openai.Strict;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come: a request is refused in words, a stream comes to one end. */
class CompletionsFuzzTest {
    static Stream<byte[]> requests() {
        return Stream.concat(
                golden().filter(one -> one.has("request.json")).map(one -> one.read("request.json")),
                Stream.of("", "[", "{}", "{\"messages\":[{}]}", "{\"messages\":[],\"n\":1e999999999}", "[".repeat(1000))
                        .map(CompletionsCases::utf8));
    }

    static Stream<byte[]> streams() {
        return Stream.concat(
                golden().filter(one -> one.has("response.sse")).map(one -> one.read("response.sse")),
                Stream.of(
                                "data: [DONE]\n\n",
                                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{}]}}]}\n\ndata: [DONE]\n\n",
                                "data: {\"choices\":[{\"delta\":{\"tool_calls\":7,\"content\":{},\"annotations\":[7]}}]}\n\n",
                                "data: {\"choices\":[{\"index\":\"x\",\"delta\":[]}],\"usage\":[]}\n\n",
                                "data: " + "[".repeat(1000) + "\n\n",
                                "data: {\"choices\":[{\"delta\":{\"thinking_blocks\":[[]]},\"finish_reason\":[]}]}")
                        .map(CompletionsCases::utf8));
    }

    static Stream<byte[]> answers() {
        return Stream.concat(
                golden().filter(one -> one.has("response.json")).map(one -> one.read("response.json")),
                Stream.of("", "{\"choices\":[{}]}", "{\"choices\":[{\"message\":7}],\"error\":[]}")
                        .map(CompletionsCases::utf8));
    }

    private static Stream<GoldenCase> golden() {
        return GoldenCase.of("openai-chat", "openai-chat-compat", "azure-chat").stream();
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "2m")
    void requestsAreReadOrRefused(byte[] body) {
        try {
            ChatRequest request = CODEC.decodeRequest(body);
            CODEC.encodeRequest(request, new UpstreamModel("m", CompletionsQuirks.OPENAI));
        } catch (GatewayException refusal) {
            assertThat(refusal.kind()).isIn(FailureKind.INVALID_REQUEST, FailureKind.UNSUPPORTED_FEATURE);
        }
    }

    @MethodSource("streams")
    @FuzzTest(maxDuration = "2m")
    void streamsComeToOneEnd(byte[] events) throws IOException {
        EventBuffer out = new EventBuffer();
        Strict answer =
                new Strict(CODEC.encodeStream(Framing.sse().writer(out), CompletionsCases.context(",'stream':true")));
        StreamDecoder decoder = CODEC.decodeStream(answer);
        SseParser parser = new SseParser(decoder);
        parser.accept(events, 0, events.length);
        parser.end();
        decoder.end();
        assertThat(answer.isOver()).isTrue();
        assertThat(CompletionsCases.chunks(out.take())).isNotEmpty();
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "2m")
    void answersComeToOneEnd(byte[] body) {
        Strict answer = new Strict(new AnswerCollector());
        CODEC.decodeAnswer(body, answer);
        assertThat(answer.isOver()).isTrue();
    }
}
