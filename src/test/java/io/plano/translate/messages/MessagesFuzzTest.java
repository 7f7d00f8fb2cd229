package io.plano.translate.messages;

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

/** Whatever a client or a provider sends: a request is refused as invalid or can be written; an answer ends or fails. */
class MessagesFuzzTest {
    static Stream<byte[]> requests() {
        return Stream.concat(
                MessagesGoldenTest.requests().map(golden -> golden.read("request.json")),
                Stream.of(
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}],\"model\":\"\\udc00\"}",
                                "{\"messages\":[],\"max_tokens\":1e999999999}",
                                "{\"messages\":[],\"temperature\":-0.0,\"top_p\":1e-400}",
                                "{\"messages\":[],\"metadata.a\":1,\"output_config.format.b\":{},\"thinking.c\":[]}",
                                "{\"messages\":" + "[".repeat(1000),
                                "{\"messages\":null,\"tools\":null,\"system\":null}",
                                "")
                        .map(Messages::utf8));
    }

    static Stream<byte[]> streams() {
        return Stream.concat(
                MessagesGoldenTest.streams().map(golden -> golden.read("response.sse")),
                Stream.of(
                                "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\u00",
                                "data: {\"type\":\"content_block_start\",\"index\":-1,\"content_block\":[]}\n\ndata: {\"type\":\"message_stop\"}\n\n",
                                "data: {\"type\":\"message_start\",\"message\":5}\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"input_tokens\":9223372036854775807,\"cache_read_input_tokens\":9223372036854775807}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
                                "data: {\"type\":\"error\"}\n\n",
                                "data: [DONE]\n\n")
                        .map(Messages::utf8));
    }

    static Stream<byte[]> answers() {
        return GoldenCase.of("anthropic-messages").stream()
                .filter(golden -> golden.has("response.json"))
                .map(golden -> golden.read("response.json"));
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "2m")
    void aRequestIsRefusedOrCanBeWritten(byte[] body) {
        ChatRequest request;
        try {
            request = Messages.CODEC.decodeRequest(body);
        } catch (GatewayException refusal) {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            return;
        }
        assertThat(Messages.encoded(request, Messages.SONNET).dropped()).isEmpty();
    }

    @MethodSource("streams")
    @FuzzTest(maxDuration = "2m")
    void aStreamEndsOrFails(byte[] stream) throws IOException {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = Messages.CODEC.decodeStream(collector);
        SseParser parser = new SseParser(decoder);
        parser.accept(stream, 0, stream.length);
        parser.end();
        decoder.end();
        assertThat(collector.answer() == null).isEqualTo(collector.error() != null);
        EventBuffer events = new EventBuffer();
        Messages.decode(
                stream,
                Messages.CODEC.encodeStream(Framing.sse().writer(events), Messages.context()),
                Integer.MAX_VALUE);
        assertThat(events.isEmpty()).isFalse();
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "2m")
    void aWholeAnswerEndsOrFails(byte[] body) {
        AnswerCollector collector = Messages.whole(body);
        assertThat(collector.answer() == null).isEqualTo(collector.error() != null);
    }
}
