package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.UPSTREAM;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.SseParser;
import io.plano.testing.GoldenCase;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.UpstreamModel;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded exchange of Responses, through the codec and back. */
class ResponsesGoldenTest {
    private static Stream<GoldenCase> cases() {
        return GoldenCase.of("openai-responses", "azure-responses").stream();
    }

    static Stream<GoldenCase> requests() {
        return cases().filter(golden -> golden.has("request.json"))
                .filter(golden -> !golden.tags().contains("request-truncated-by-recorder"));
    }

    static Stream<GoldenCase> wholes() {
        return cases().filter(golden -> golden.status() == 200)
                .filter(golden -> golden.has("response.json"))
                .filter(golden -> !golden.tags().contains("input_tokens"));
    }

    static Stream<GoldenCase> streams() {
        return cases().filter(golden -> golden.status() == 200).filter(golden -> golden.has("response.sse"));
    }

    static Stream<GoldenCase> errors() {
        return cases().filter(golden -> golden.status() >= 400);
    }

    @MethodSource("requests")
    @ParameterizedTest
    void readsARequestAgainAfterWritingIt(GoldenCase golden) {
        ChatRequest request = CODEC.decodeRequest(golden.read("request.json"));
        String model = Objects.requireNonNullElse(request.model(), "m");
        byte[] written = CODEC.encodeRequest(request, new UpstreamModel(model, UPSTREAM.quirks()))
                .body();
        assertThat(CODEC.decodeRequest(written)).isEqualTo(request);
        assertThat(CODEC.encodeRequest(request, UPSTREAM).dropped()).isEmpty();
    }

    @MethodSource("wholes")
    @ParameterizedTest
    void readsAWholeAnswer(GoldenCase golden) {
        AnswerCollector answer = ResponsesExchange.readWhole(golden.read("response.json"));
        assertThat(answer.error()).isNull();
        check(Objects.requireNonNull(answer.answer()), derived(golden));
    }

    @MethodSource("streams")
    @ParameterizedTest
    void readsAStream(GoldenCase golden) {
        check(ResponsesExchange.response(golden.read("response.sse")), derived(golden));
    }

    @MethodSource("wholes")
    @ParameterizedTest
    void writesAWholeAnswerThatSaysTheSame(GoldenCase golden) {
        ChatAnswer response = Objects.requireNonNull(
                ResponsesExchange.readWhole(golden.read("response.json")).answer());
        byte[] written = CODEC.encodeAnswer(response, context(golden));
        ChatAnswer again =
                Objects.requireNonNull(ResponsesExchange.readWhole(written).answer());
        assertThat(ResponsesExchange.withoutReasoningIds(again))
                .usingRecursiveComparison()
                .ignoringFields("usage")
                .isEqualTo(ResponsesExchange.withoutReasoningIds(response));
        assertThat(again.usage()).isEqualTo(zeroWhereUnsaid(response.usage()));
    }

    /** OpenAI's libraries want every count. */
    private static Usage zeroWhereUnsaid(Usage usage) {
        return new Usage(
                Usage.orZero(usage.input()),
                Usage.orZero(usage.cacheRead()),
                Usage.orZero(usage.cacheWrite()),
                Usage.orZero(usage.output()),
                Usage.orZero(usage.reasoning()));
    }

    @MethodSource("streams")
    @ParameterizedTest
    void writesAStreamThatSaysTheSame(GoldenCase golden) {
        byte[] stream = golden.read("response.sse");
        ChatAnswer again = ResponsesExchange.response(ResponsesExchange.rewritten(stream, context(golden)));
        ChatAnswer response = ResponsesExchange.response(stream);
        String id = again.start().id();
        assertThat(id).startsWith("resp_").endsWith(response.start().id());
        assertThat(ResponsesExchange.withoutReasoningIds(again).content())
                .isEqualTo(ResponsesExchange.withoutReasoningIds(response).content());
        assertThat(again.citations()).isEqualTo(response.citations());
        assertThat(again.logprobs()).isEqualTo(response.logprobs());
        assertThat(again.finish()).isEqualTo(response.finish());
        assertThat(again.usage()).isEqualTo(zeroWhereUnsaid(response.usage()));
    }

    @MethodSource("streams")
    @ParameterizedTest
    void readsAStreamThatComesByteByByte(GoldenCase golden) {
        byte[] stream = golden.read("response.sse");
        assertThat(ResponsesExchange.read(stream, 1).answer()).isEqualTo(ResponsesExchange.response(stream));
    }

    /** One of each kind: text, calls, hidden reasoning, shown reasoning, citations, incomplete. */
    static Stream<GoldenCase> kinds() {
        List<String> kinds = List.of(
                "openai-dd-response-stream-incomplete",
                "openai-dd-response-function-call-streamed",
                "openai-streaming-usage",
                "openrouter-raw-cot-stream-openrouter");
        return streams().filter(golden -> kinds.contains(golden.name()));
    }

    @MethodSource("kinds")
    @ParameterizedTest
    void readsAStreamThatIsSplitAnywhere(GoldenCase golden) throws IOException {
        byte[] stream = golden.read("response.sse");
        ChatAnswer expected = ResponsesExchange.response(stream);
        for (int split = 1; split < stream.length; split++) {
            AnswerCollector answer = new AnswerCollector();
            StreamDecoder decoder = CODEC.decodeStream(answer);
            SseParser parser = new SseParser(decoder);
            parser.accept(stream, 0, split);
            parser.accept(stream, split, stream.length - split);
            parser.end();
            decoder.end();
            assertThat(answer.answer()).isEqualTo(expected);
        }
    }

    @MethodSource("errors")
    @ParameterizedTest
    void keepsAnErrorsMessageAndStatus(GoldenCase golden) {
        UpstreamError error = UpstreamErrors.read(golden.status(), golden.read("response.json"));
        JsonNode written = Objects.requireNonNull(Json.read(CODEC.encodeError(error, "req-1")));
        assertThat(CODEC.status(error)).isEqualTo(golden.status());
        assertThat(written.path("error").path("message").textValue()).isEqualTo(error.message());
        assertThat(written.path("error").has("param")).isTrue();
        assertThat(written.path("error").has("code")).isTrue();
        assertThat(written.path("error").path("type").textValue())
                .isEqualTo(golden.status() == 401 ? "authentication_error" : "invalid_request_error");
    }

    private static AnswerContext context(GoldenCase golden) {
        return new AnswerContext(CODEC.decodeRequest(golden.read("request.json")), "req-1", 1);
    }

    private static JsonNode derived(GoldenCase golden) {
        return Objects.requireNonNull(Json.read(golden.read("derived.json")));
    }

    private static void check(ChatAnswer response, JsonNode derived) {
        assertThat(response.text())
                .isEqualTo(
                        derived.path("text").isTextual() ? derived.path("text").textValue() : "");
        List<JsonNode> calls = new ArrayList<>();
        List<JsonNode> hosted = new ArrayList<>();
        StringBuilder summaries = new StringBuilder();
        int annotations = 0;
        for (JsonNode item : derived.path("items")) {
            switch (item.path("type").asText()) {
                case "function_call" -> calls.add(item);
                case "custom_tool_call", "message" ->
                    annotations += item.path("annotations").asInt(0);
                case "reasoning" -> summaries.append(item.path("summary").asText(""));
                default -> hosted.add(item);
            }
        }
        checkCalls(response, calls);
        assertThat(response.content().stream().filter(Part.Native.class::isInstance))
                .hasSameSizeAs(hosted);
        assertThat(response.citations()).hasSize(annotations);
        if (!summaries.isEmpty()) {
            assertThat(reasoning(response).replace("\n", ""))
                    .isEqualTo(summaries.toString().replace("\n", ""));
        }
        checkEnd(response, derived);
    }

    private static void checkCalls(ChatAnswer response, List<JsonNode> calls) {
        List<Part.ToolCall> read = response.content().stream()
                .filter(part -> part instanceof Part.ToolCall call && call.kind() == ToolKind.FUNCTION)
                .map(Part.ToolCall.class::cast)
                .toList();
        assertThat(read).hasSameSizeAs(calls);
        for (int i = 0; i < calls.size(); i++) {
            assertThat(read.get(i).id()).isEqualTo(calls.get(i).path("call_id").textValue());
            assertThat(read.get(i).name()).isEqualTo(calls.get(i).path("name").textValue());
            assertThat(Json.read(read.get(i).arguments()))
                    .isEqualTo(calls.get(i).path("arguments"));
        }
    }

    private static String reasoning(ChatAnswer response) {
        StringBuilder text = new StringBuilder();
        for (Part part : response.content()) {
            if (part instanceof Part.Thought thought) {
                text.append(thought.text());
            }
        }
        return text.toString();
    }

    private static void checkEnd(ChatAnswer response, JsonNode derived) {
        boolean incomplete = derived.path("status").asText("").equals("incomplete");
        boolean called = response.content().stream().anyMatch(Part.ToolCall.class::isInstance);
        assertThat(response.finish().reason())
                .isEqualTo(incomplete ? FinishReason.LENGTH : called ? FinishReason.TOOL_CALLS : FinishReason.STOP);
        JsonNode usage = derived.path("usage");
        assertThat(response.usage().input())
                .isEqualTo(usage.path("input_tokens").asLong());
        assertThat(response.usage().output())
                .isEqualTo(usage.path("output_tokens").asLong());
        assertThat(response.usage().cacheRead())
                .isEqualTo(
                        usage.path("input_tokens_details").path("cached_tokens").asLong());
        assertThat(response.usage().reasoning())
                .isEqualTo(usage.path("output_tokens_details")
                        .path("reasoning_tokens")
                        .asLong());
    }
}
