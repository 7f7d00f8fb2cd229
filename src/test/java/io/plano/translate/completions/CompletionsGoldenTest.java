package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.CODEC;
import static io.plano.translate.completions.CompletionsCases.LENIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.CompletionsQuirks;
import io.plano.testing.GoldenCase;
import io.plano.translate.AnswerContext;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.UpstreamModel;
import io.plano.translate.completions.CompletionsCases.Outcome;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Usage;
import io.plano.translate.openai.Strict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded traffic of OpenAI, Azure and the servers that follow them. */
class CompletionsGoldenTest {
    private static final List<GoldenCase> CASES = GoldenCase.of("openai-chat", "openai-chat-compat", "azure-chat");

    static Stream<GoldenCase> all() {
        return CASES.stream();
    }

    static Stream<GoldenCase> whole() {
        return CASES.stream().filter(one -> one.status() == 200 && one.has("response.json"));
    }

    static Stream<GoldenCase> streams() {
        return CASES.stream().filter(one -> one.has("response.sse"));
    }

    static Stream<GoldenCase> refusals() {
        return CASES.stream().filter(one -> one.status() >= 400 && one.has("response.json"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void requestsSurviveTheWayThere(GoldenCase golden) {
        ChatRequest request = CODEC.decodeRequest(golden.read("request.json"));
        String model = Objects.requireNonNull(request.model());
        EncodedRequest encoded = CODEC.encodeRequest(request, new UpstreamModel(model, LENIENT));
        assertThat(CODEC.decodeRequest(encoded.body())).isEqualTo(request);
        assertThat(encoded.dropped()).isEmpty();
        assertThat(encoded.renamedTools()).isEmpty();
        assertThat(CODEC.encodeRequest(request, new UpstreamModel(model, LENIENT))
                        .body())
                .isEqualTo(encoded.body());
    }

    /** All but the thoughts, which OpenAI takes back in no form. */
    @ParameterizedTest
    @MethodSource("all")
    void requestsSurviveTheWayToOpenAi(GoldenCase golden) {
        ChatRequest request = CODEC.decodeRequest(golden.read("request.json"));
        String model = Objects.requireNonNull(request.model());
        EncodedRequest encoded = CODEC.encodeRequest(request, new UpstreamModel(model, CompletionsQuirks.OPENAI));
        ChatRequest again = CODEC.decodeRequest(encoded.body());
        assertThat(again.extras()).isEqualTo(request.extras());
        assertThat(again.tools()).isEqualTo(request.tools());
        assertThat(again.turns()).hasSameSizeAs(request.turns());
    }

    @ParameterizedTest
    @MethodSource("whole")
    void wholeAnswersAreUnderstood(GoldenCase golden) {
        check(golden, CompletionsCases.whole(golden.read("response.json")));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsAreUnderstood(GoldenCase golden) {
        check(golden, CompletionsCases.stream(golden.read("response.sse")));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsMayComeByteByByte(GoldenCase golden) {
        byte[] events = golden.read("response.sse");
        AnswerCollector collector = new AnswerCollector();
        CompletionsCases.decode(events, 1, new Strict(collector));
        assertThat(new Outcome(collector.answer(), collector.error())).isEqualTo(CompletionsCases.stream(events));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsThatEndEarlyFail(GoldenCase golden) {
        byte[] events = golden.read("response.sse");
        Outcome outcome = CompletionsCases.stream(Arrays.copyOf(events, events.length / 3));
        assertThat(outcome.response()).isNull();
        assertThat(outcome.failure().code()).isIn("upstream_truncated", "upstream_invalid");
        assertThat(outcome.failure().status()).isEqualTo(502);
    }

    @ParameterizedTest
    @MethodSource("whole")
    void wholeAnswersSurviveTheWayBack(GoldenCase golden) {
        ChatAnswer response =
                CompletionsCases.whole(golden.read("response.json")).answer();
        byte[] encoded = CODEC.encodeAnswer(response, context(golden));
        assertThat(comparable(CompletionsCases.whole(encoded).answer())).isEqualTo(comparable(response));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsSurviveTheWayBack(GoldenCase golden) {
        EventBuffer events = new EventBuffer();
        ChatStream encoder = CODEC.encodeStream(Framing.sse().writer(events), context(golden));
        byte[] recorded = golden.read("response.sse");
        CompletionsCases.decode(recorded, recorded.length, new Strict(encoder));
        Outcome first = CompletionsCases.stream(recorded);
        Outcome again = CompletionsCases.stream(events.take());
        if (first.error() != null) {
            assertThat(again.failure().message()).isEqualTo(first.failure().message());
        } else {
            assertThat(comparable(again.answer())).isEqualTo(comparable(first.answer()));
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalsKeepTheirWords(GoldenCase golden) {
        byte[] body = golden.read("response.json");
        JsonNode written = Objects.requireNonNull(
                Json.read(CODEC.encodeError(UpstreamErrors.read(golden.status(), body), "req_1")));
        assertThat(written.path("error").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("message", "type", "param", "code");
        JsonNode recorded = derived(golden).path("error");
        if (recorded.has("message")) {
            String start = recorded.path("message").asText().substring(0, 12);
            assertThat(written.at("/error/message").asText()).startsWith(start);
        }
        assertThat(written.at("/error/code").asText("")).doesNotMatch("[0-9]+");
    }

    private static AnswerContext context(GoldenCase golden) {
        ChatRequest asked = CODEC.decodeRequest(golden.read("request.json"));
        ChatRequest withUsage = new ChatRequest(
                asked.client(),
                asked.model(),
                asked.delivery().isStream() ? ChatRequest.Delivery.STREAM_WITH_USAGE : asked.delivery(),
                asked.turns(),
                asked.tools(),
                asked.sampling(),
                asked.reasoning(),
                asked.output(),
                asked.account(),
                asked.extras());
        return new AnswerContext(withUsage, "req_1", 1_700_000_000);
    }

    /** Without what the way through the client's format must change: prefixes of ids, tokens that nobody counted. */
    /** What a provider of this format wants to see again is for clients of other formats alone: these see it as it is. */
    private static Part withoutState(Part part) {
        return part instanceof Part.Thought thought
                        && thought.signature() != null
                        && thought.signature().isState()
                ? new Part.Thought(thought.text(), null, thought.extras())
                : part;
    }

    private static ChatAnswer comparable(ChatAnswer response) {
        AnswerStart start = response.start();
        Usage usage = response.usage();
        return new ChatAnswer(
                new AnswerStart(start.id().replace("chatcmpl-", ""), start.model(), 0, null),
                response.content().stream()
                        .filter(part -> !(part instanceof Part.Refusal refusal
                                && refusal.text().equals(CompletionsEnvelope.DECLINED)))
                        .map(CompletionsGoldenTest::withoutId)
                        .map(CompletionsGoldenTest::withoutState)
                        .filter(part -> !(part instanceof Part.Thought thought
                                && thought.text().isEmpty()
                                && thought.signature() == null))
                        .toList(),
                response.citations(),
                response.logprobs(),
                response.finish(),
                new Usage(
                        Usage.orZero(usage.input()),
                        Usage.orZero(usage.cacheRead()),
                        Usage.orZero(usage.cacheWrite()),
                        Usage.orZero(usage.output()),
                        Usage.orZero(usage.reasoning())));
    }

    /** Calls in the old form have no ids; they are made of the answer's, whose prefix differs. */
    private static Part withoutId(Part part) {
        return part instanceof Part.ToolCall call && call.id().startsWith("call_0_")
                ? new Part.ToolCall("", call.name(), call.kind(), call.arguments(), call.extras())
                : part;
    }

    private static JsonNode derived(GoldenCase golden) {
        return Objects.requireNonNull(Json.read(golden.read("derived.json")));
    }

    private static void check(GoldenCase golden, Outcome outcome) {
        JsonNode derived = derived(golden);
        if (derived.path("error").isObject()) {
            assertThat(outcome.failure().message())
                    .isEqualTo(derived.at("/error/message").asText());
            return;
        }
        ChatAnswer answer = outcome.answer();
        JsonNode choice = derived.at("/choices/0");
        assertThat(answer.text()).isEqualTo(choice.path("text").asText(""));
        assertThat(reasoning(answer)).startsWith(choice.path("reasoning").asText(""));
        checkCalls(answer, choice.path("tool_calls"));
        checkFinish(answer.finish(), choice);
        checkUsage(answer.usage(), derived.path("usage"));
    }

    private static String reasoning(ChatAnswer answer) {
        StringBuilder text = new StringBuilder();
        for (Part part : answer.content()) {
            text.append(part instanceof Part.Thought thought ? thought.text() : "");
        }
        return text.toString();
    }

    private static void checkCalls(ChatAnswer answer, JsonNode expected) {
        List<Part.ToolCall> calls = answer.content().stream()
                .filter(Part.ToolCall.class::isInstance)
                .map(Part.ToolCall.class::cast)
                .toList();
        assertThat(calls).hasSize(expected.size());
        for (int i = 0; i < calls.size(); i++) {
            Part.ToolCall call = calls.get(i);
            assertThat(call.name()).isEqualTo(expected.get(i).path("name").asText());
            assertThat(Json.read(call.arguments())).isEqualTo(expected.get(i).path("arguments"));
            if (expected.get(i).hasNonNull("id")) {
                assertThat(call.id()).isEqualTo(expected.get(i).path("id").asText());
            }
        }
    }

    private static void checkFinish(Finish finish, JsonNode choice) {
        FinishReason expected = switch (choice.path("finish_reason").asText("")) {
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
        assertThat(finish.reason()).isEqualTo(expected);
    }

    private static void checkUsage(Usage usage, JsonNode expected) {
        if (!expected.isObject()) {
            assertThat(usage).isEqualTo(Usage.NOTHING_KNOWN);
            return;
        }
        assertThat(usage.input()).isEqualTo(expected.path("prompt_tokens").asLong());
        assertThat(usage.output()).isEqualTo(expected.path("completion_tokens").asLong());
        assertThat(usage.cacheRead())
                .isEqualTo(expected.at("/prompt_tokens_details/cached_tokens")
                        .asLong(expected.path("prompt_cache_hit_tokens").asLong(-1)));
        assertThat(usage.cacheWrite())
                .isEqualTo(
                        expected.at("/prompt_tokens_details/cache_write_tokens").asLong(-1));
        assertThat(usage.reasoning())
                .isEqualTo(expected.at("/completion_tokens_details/reasoning_tokens")
                        .asLong(-1));
    }
}
