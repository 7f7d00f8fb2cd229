package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.UPSTREAM;
import static io.plano.translate.responses.ResponsesExchange.context;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.body.SseParser;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.testing.GoldenCase;
import io.plano.translate.StreamDecoder;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatRequest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes: a request is read or refused in words, a stream ends in an answer or a failure. */
class ResponsesFuzzTest {
    static Stream<byte[]> requests() {
        return Stream.concat(
                GoldenCase.of("openai-responses").stream()
                        .filter(golden -> golden.has("request.json"))
                        .map(golden -> golden.read("request.json")),
                Stream.of(
                                "{\"input\":[{\"type\":\"reasoning\",\"summary\":[7,{\"text\":null}],\"content\":[[]]}]}",
                                "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:\"}]}]}",
                                "{\"input\":\"a\",\"tools\":[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[7]}]}",
                                "{\"input\":\"a\",\"reasoning.x\":1,\"reasoning\":{\"x.y\":{}},\"text\":{\"format\":{\"type\":1}}}",
                                "{\"input\":\"a\",\"temperature\":1e999999999,\"max_output_tokens\":1e999999999}",
                                "{\"input\":\"a\",\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[]}}")
                        .map(ResponsesExchange::utf8));
    }

    static Stream<byte[]> streams() {
        return GoldenCase.of("openai-responses").stream()
                .filter(golden -> golden.has("response.sse"))
                .map(golden -> golden.read("response.sse"));
    }

    static Stream<byte[]> documents() {
        return GoldenCase.of("openai-responses").stream()
                .filter(golden -> golden.has("response.json"))
                .map(golden -> golden.read("response.json"));
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "2m")
    void aRequestIsReadOrRefused(byte[] body) {
        try {
            ChatRequest request = CODEC.decodeRequest(body);
            CODEC.encodeRequest(request, UPSTREAM);
        } catch (GatewayException refusal) {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        }
    }

    @MethodSource("streams")
    @FuzzTest(maxDuration = "2m")
    void aStreamEndsInAnAnswerOrAFailure(byte[] stream) throws IOException {
        AnswerCollector answer = new AnswerCollector();
        StreamDecoder decoder = CODEC.decodeStream(answer);
        SseParser parser = new SseParser(decoder);
        parser.accept(stream, 0, stream.length);
        parser.end();
        decoder.end();
        assertThat(answer.answer() == null).isEqualTo(answer.error() != null);
        assertThat(ResponsesExchange.rewritten(stream, context())).isNotEmpty();
    }

    @MethodSource("documents")
    @FuzzTest(maxDuration = "2m")
    void aDocumentIsAnAnswerOrAFailure(byte[] document) {
        AnswerCollector answer = new AnswerCollector();
        CODEC.decodeAnswer(document, answer);
        assertThat(answer.answer() == null).isEqualTo(answer.error() != null);
        CODEC.decodeAnswer(document, CODEC.encodeStream(Framing.sse().writer(new EventBuffer()), context()));
    }
}
