package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.body.ByteSegments;
import io.plano.body.ModelScan;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes come from a client or from a provider, in every direction: a request is translated or refused in words,
 * and an answer comes to one end that its client can read. Any exception but a refusal is a defect.
 */
class CrossingFuzzTest {
    /** Numbers that are JSON and too large for every type, in the places where numbers are read. */
    private static final List<String> NUMBERS = List.of(
            "1E9999999999999", "-1E-9999999999999", "1E2147483647", "1E-2147483648", "1" + "0".repeat(2000), "1e400");

    private static final String CHAT = """
            {"model":"asked","stream":%s,"messages":[{"role":"user","content":"Hi"}],
             "tools":[{"type":"function","function":{"name":"look at","parameters":{"type":"object"}}},
                      {"type":"custom","custom":{"name":"write"}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}}
            """;

    private static final String RESPONSES = """
            {"model":"asked","stream":%s,"input":"Hi","include":["reasoning.encrypted_content"],
             "tools":[{"type":"function","name":"look","parameters":{"type":"object"}},{"type":"custom","name":"write"}],
             "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"}}}}
            """;

    private static final String MESSAGES = """
            {"model":"asked","stream":%s,"max_tokens":3000,"messages":[{"role":"user","content":"Hi"}],
             "thinking":{"type":"enabled","budget_tokens":1500},
             "tools":[{"name":"look","input_schema":{"type":"object"}}]}
            """;

    /** One way back: what was asked, and who answers. */
    private static final List<Translation> TRANSLATIONS = translations();

    private static List<Translation> translations() {
        List<Translation> all = new ArrayList<>();
        for (WireFormat client : WireFormat.values()) {
            List<ChatRequest> requests = new ArrayList<>();
            for (Arrival delivery : Arrival.values()) {
                requests.add(Codecs.plainRequest(client, delivery));
                String rich = switch (client) {
                    case COMPLETIONS -> CHAT;
                    case RESPONSES -> RESPONSES;
                    case MESSAGES -> MESSAGES;
                };
                requests.add(Codecs.of(client).decodeRequest(utf8(rich.formatted(delivery == Arrival.EVENTS))));
            }
            for (WireFormat upstream : Codecs.others(client)) {
                requests.forEach(request -> all.add(
                        Translation.of(Codecs.of(client), request, Codecs.of(upstream), Codecs.upstream(upstream))));
            }
        }
        return List.copyOf(all);
    }

    static Stream<byte[]> requests() {
        return Stream.concat(
                Codecs.recordedChats()
                        .filter(recorded -> recorded.has("request.json"))
                        .map(recorded -> recorded.read("request.json")),
                NUMBERS.stream()
                        .flatMap(number -> Stream.of(
                                        "{\"model\":\"m\",\"max_tokens\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                                        "{\"model\":\"m\",\"max_tokens\":9,\"temperature\":%s,\"top_p\":%<s,\"n\":%<s,\"seed\":%<s,"
                                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                                        "{\"model\":\"m\",\"max_output_tokens\":%s,\"top_logprobs\":%<s,\"input\":\"Hi\"}",
                                        "{\"model\":\"m\",\"max_tokens\":9,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":%s},"
                                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"x\":[%<s]}")
                                .map(form -> utf8(form.formatted(number)))));
    }

    static Stream<byte[]> answers() {
        return Stream.concat(
                recorded("response.json"),
                NUMBERS.stream()
                        .flatMap(number -> Stream.of(
                                        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
                                                + "\"finish_reason\":\"stop\"}],\"created\":%s,\"usage\":{\"prompt_tokens\":%<s,"
                                                + "\"completion_tokens\":%<s}}",
                                        "{\"object\":\"response\",\"status\":\"completed\",\"created_at\":%s,\"output\":[{\"type\":"
                                                + "\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],"
                                                + "\"usage\":{\"input_tokens\":%<s,\"output_tokens\":%<s}}",
                                        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
                                                + "\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":%s,"
                                                + "\"output_tokens\":%<s}}")
                                .map(form -> utf8(form.formatted(number)))));
    }

    static Stream<byte[]> streams() {
        Stream<byte[]> rich = Stream.of(WireFormat.values()).map(RichStreams::of);
        Stream<byte[]> numbers = NUMBERS.stream()
                .flatMap(number -> Stream.of(
                                "data: {\"choices\":[{\"index\":%s,\"delta\":{\"tool_calls\":[{\"index\":%<s,\"id\":\"c\","
                                        + "\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]}}]}\n\ndata: [DONE]\n\n",
                                "data: {\"type\":\"response.output_text.delta\",\"output_index\":%s,\"content_index\":%<s,"
                                        + "\"delta\":\"Hi\"}\n\n",
                                "data: {\"type\":\"content_block_start\",\"index\":%s,\"content_block\":{\"type\":\"text\","
                                        + "\"text\":\"\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":"
                                        + "{\"output_tokens\":%<s}}\n\n")
                        .map(form -> utf8(form.formatted(number))));
        return Stream.concat(Stream.concat(recorded("response.sse"), rich), numbers);
    }

    private static Stream<byte[]> recorded(String file) {
        return Codecs.recordedChats().filter(one -> one.has(file)).map(one -> one.read(file));
    }

    static Stream<byte[]> errors() {
        return Stream.concat(
                GoldenCase.of("openai-chat", "openai-responses", "anthropic-messages").stream()
                        .filter(recorded -> recorded.status() != 200 && recorded.has("response.json"))
                        .map(recorded -> recorded.read("response.json")),
                NUMBERS.stream()
                        .map(number ->
                                utf8("{\"error\":{\"code\":%s,\"status\":%<s,\"message\":\"no\"}}".formatted(number))));
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void requestsAreTranslatedOrRefused(byte[] body) {
        for (WireFormat client : WireFormat.values()) {
            ChatRequest request;
            try {
                ModelScan.of(ByteSegments.of(body));
                request = Codecs.of(client).decodeRequest(body);
            } catch (GatewayException refusal) {
                assertRefusal(refusal);
                continue;
            }
            for (WireFormat upstream : Codecs.others(client)) {
                try {
                    Translation translation =
                            Translation.of(Codecs.of(client), request, Codecs.of(upstream), Codecs.upstream(upstream));
                    assertThat(Json.read(translation.encoded().body())).isNotNull();
                } catch (GatewayException refusal) {
                    assertRefusal(refusal);
                }
            }
        }
    }

    @MethodSource("answers")
    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void answersComeToOneEnd(byte[] answer) {
        directions(answer).forEach(translation -> cross(translation, Arrival.DOCUMENT, answer));
    }

    @MethodSource("streams")
    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void streamsComeToOneEnd(byte[] events) {
        directions(events).forEach(translation -> cross(translation, Arrival.EVENTS, events));
    }

    @MethodSource("errors")
    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void errorsAreTold(byte[] answer) {
        for (int status : new int[] {400, 429, 500, 529}) {
            UpstreamError error = UpstreamErrors.read(status, answer);
            for (WireFormat client : WireFormat.values()) {
                assertTold(Codecs.of(client), error);
            }
        }
    }

    /** All of them for a seed; one in a search, where the next input is worth more than the next direction. */
    private static List<Translation> directions(byte[] input) {
        return System.getenv("JAZZER_FUZZ") == null
                ? TRANSLATIONS
                : List.of(TRANSLATIONS.get(Math.floorMod(Arrays.hashCode(input), TRANSLATIONS.size())));
    }

    private static void assertRefusal(GatewayException refusal) {
        assertThat(refusal.kind()).isIn(FailureKind.INVALID_REQUEST, FailureKind.UNSUPPORTED_FEATURE);
    }

    private static void cross(Translation translation, Arrival arrival, byte[] answer) {
        AnswerTranslator translator = translation.answer(arrival, Codecs.REQUEST_ID, Codecs.NOW);
        translator.accept(answer, 0, answer.length / 2);
        translator.accept(answer, answer.length / 2, answer.length - answer.length / 2);
        translator.end();
        byte[] told = translator.take();
        UpstreamError error = translator.error();
        if (error != null) {
            assertTold(translation.client(), error);
        } else {
            assertThat(translator.isComplete()).isTrue();
            assertThat(told).isNotEmpty();
        }
    }

    private static void assertTold(ApiCodec client, UpstreamError error) {
        assertThat(client.status(error)).isBetween(400, 599);
        assertThat(Objects.requireNonNull(Json.read(client.encodeError(error, Codecs.REQUEST_ID)))
                        .isObject())
                .isTrue();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
