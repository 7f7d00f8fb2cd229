package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.context;
import static io.plano.translate.responses.ResponsesExchange.written;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesStreamEncoderTest {
    private static final AnswerStart START = new AnswerStart("msg_01", "claude", 5, null);

    /** The data of all events; each is named as its data says, and numbered without a gap. */
    private static List<JsonNode> events(AnswerContext context, Consumer<ChatStream> answer) {
        List<JsonNode> events = new ArrayList<>();
        for (String event : written(context, answer).split("\n\n")) {
            if (event.startsWith(":")) {
                continue;
            }
            String[] lines = event.split("\n");
            assertThat(lines).hasSize(2);
            JsonNode data = Objects.requireNonNull(Json.read(lines[1].substring("data: ".length())));
            assertThat(lines[0]).isEqualTo("event: " + data.path("type").textValue());
            assertThat(data.path("sequence_number").intValue()).isEqualTo(events.size());
            events.add(data);
        }
        return events;
    }

    private static List<JsonNode> whole(AnswerContext context, Consumer<ChatStream> content) {
        return events(context, answer -> {
            answer.started(START);
            content.accept(answer);
            answer.finished(new Finish(FinishReason.STOP));
            answer.usage(new Usage(10, 4, 0, 7, 5));
            answer.ended();
        });
    }

    private static List<JsonNode> whole(Consumer<ChatStream> content) {
        return whole(context(), content);
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").textValue().substring("response.".length()))
                .toList();
    }

    private static JsonNode last(List<JsonNode> events) {
        return events.get(events.size() - 1).path("response");
    }

    // wire-spec §4.1, §4.4
    @Test
    void writesTextInTheOrderOfOpenAi() {
        List<JsonNode> events = whole(answer -> {
            answer.textDelta("Hé");
            answer.textDelta("y");
            answer.blockEnded();
        });
        assertThat(types(events))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "completed");
        assertThat(events.get(4).toString())
                .isEqualTo("{\"type\":\"response.output_text.delta\",\"sequence_number\":4,"
                        + "\"item_id\":\"msg_01_0\",\"output_index\":0,\"content_index\":0,"
                        + "\"delta\":\"Hé\",\"logprobs\":[]}");
        assertThat(events.get(6).path("text").textValue()).isEqualTo("Héy");
        assertThat(events.get(8).path("item").toString())
                .isEqualTo("{\"id\":\"msg_01_0\",\"type\":\"message\",\"status\":\"completed\",\"content\":"
                        + "[{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"Héy\"}],"
                        + "\"role\":\"assistant\"}");
        assertThat(last(events).path("output").get(0)).isEqualTo(events.get(8).path("item"));
    }

    // wire-spec §3.1: every member that the SDKs require, null or not
    @Test
    void repeatsWhatWasAsked() {
        AnswerContext asked = context(
                "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\",\"instructions\":\"Be brief.\","
                        + "\"max_output_tokens\":100,\"temperature\":0.50,\"metadata\":{\"a\":\"b\"},\"tool_choice\":\"required\","
                        + "\"parallel_tool_calls\":false,\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"},"
                        + "\"text\":{\"verbosity\":\"low\"},\"truncation\":\"auto\",\"tools\":[{\"type\":\"namespace\","
                        + "\"name\":\"n\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"b\":1,\"a\":2}}]}]}");
        List<JsonNode> events = whole(asked, answer -> {});
        JsonNode response = last(events);
        assertThat(response.path("id").textValue()).isEqualTo("resp_01");
        assertThat(response.path("created_at").longValue()).isEqualTo(5);
        assertThat(response.path("instructions").textValue()).isEqualTo("Be brief.");
        assertThat(response.path("temperature").toString()).isEqualTo("0.50");
        assertThat(response.path("top_p").doubleValue()).isEqualTo(1.0);
        assertThat(response.path("tool_choice").textValue()).isEqualTo("required");
        assertThat(response.path("parallel_tool_calls").booleanValue()).isFalse();
        assertThat(response.path("reasoning").toString()).isEqualTo("{\"effort\":\"low\",\"summary\":\"auto\"}");
        assertThat(response.path("text").toString())
                .isEqualTo("{\"verbosity\":\"low\",\"format\":{\"type\":\"text\"}}");
        assertThat(response.path("truncation").textValue()).isEqualTo("auto");
        assertThat(response.path("tools").toString())
                .isEqualTo("[{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                        + "\"parameters\":{\"b\":1,\"a\":2},\"strict\":true}]}]");
        assertThat(response.path("usage").toString())
                .isEqualTo(
                        "{\"input_tokens\":10,\"input_tokens_details\":{\"cached_tokens\":4,\"cache_write_tokens\":0},"
                                + "\"output_tokens\":7,\"output_tokens_details\":{\"reasoning_tokens\":5},\"total_tokens\":17}");
        JsonNode begun = events.get(0).path("response");
        assertThat(begun.path("status").textValue()).isEqualTo("in_progress");
        assertThat(begun.path("usage").isNull()).isTrue();
        for (String member : List.of("error", "incomplete_details", "previous_response_id", "service_tier")) {
            assertThat(begun.has(member)).isTrue();
        }
    }

    // wire-spec §4.4: calls may be open side by side
    @Test
    void writesCallsThatAreOpenSideBySide() {
        List<JsonNode> events = whole(answer -> {
            answer.toolCallStarted(0, "a", "f", ToolKind.FUNCTION);
            answer.toolCallStarted(1, "b", "g", ToolKind.CUSTOM);
            answer.toolArgumentsDelta(1, "x");
            answer.toolArgumentsDelta(0, "{}");
            answer.toolCallEnded(1);
            answer.toolCallEnded(0);
        });
        assertThat(types(events))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "output_item.added",
                        "custom_tool_call_input.delta",
                        "function_call_arguments.delta",
                        "custom_tool_call_input.done",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_item.done",
                        "completed");
        assertThat(last(events).path("output").get(0).toString())
                .isEqualTo("{\"id\":\"fc_01_0\",\"type\":\"function_call\",\"status\":\"completed\","
                        + "\"arguments\":\"{}\",\"call_id\":\"a\",\"name\":\"f\"}");
        assertThat(last(events).path("output").get(1).path("input").textValue()).isEqualTo("x");
    }

    // wire-spec §9 rule 1
    @Test
    void writesAnEmptyObjectForACallWithoutArguments() {
        List<JsonNode> events = whole(answer -> {
            answer.toolCallStarted(0, "a", "f", ToolKind.FUNCTION);
            answer.toolCallEnded(0);
        });
        assertThat(last(events).path("output").get(0).path("arguments").textValue())
                .isEqualTo("{}");
        assertThat(types(events)).contains("function_call_arguments.delta");
    }

    // translation case 089: the call carries its namespace again
    @Test
    void namesTheNamespaceOfATool() {
        AnswerContext asked =
                context("{\"model\":\"m\",\"input\":\"Hi\",\"tools\":[{\"type\":\"namespace\",\"name\":\"n\","
                        + "\"tools\":[{\"type\":\"custom\",\"name\":\"apply_patch\"}]}]}");
        List<JsonNode> events = whole(asked, answer -> {
            answer.toolCallStarted(0, "a", "apply_patch", ToolKind.CUSTOM);
            answer.toolArgumentsDelta(0, "*** Begin\n");
            answer.toolCallEnded(0);
        });
        assertThat(last(events).path("output").get(0).toString())
                .isEqualTo("{\"id\":\"ctc_01_0\",\"type\":\"custom_tool_call\",\"status\":\"completed\","
                        + "\"input\":\"*** Begin\\n\",\"call_id\":\"a\",\"name\":\"apply_patch\",\"namespace\":\"n\"}");
    }

    // wire-spec §2.6 rules 5, 7 and 9
    @Test
    void writesReasoningWithItsWrappedProof() {
        Signature signature = new Signature(WireFormat.MESSAGES, "sig");
        List<JsonNode> events = whole(answer -> {
            answer.reasoningDelta("A");
            answer.reasoningSigned(signature);
            answer.reasoningSigned(new Signature(WireFormat.MESSAGES, "hidden"));
            answer.reasoningRedacted(new Signature(WireFormat.MESSAGES, "data"));
            answer.textDelta("T");
        });
        assertThat(types(events))
                .startsWith(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "reasoning_summary_part.added",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.done",
                        "reasoning_summary_part.done",
                        "output_item.done",
                        "output_item.added",
                        "output_item.done",
                        "output_item.added",
                        "output_item.done");
        JsonNode output = last(events).path("output");
        assertThat(output.get(0).toString())
                .isEqualTo("{\"id\":\"rs_plano_01_0\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\","
                        + "\"text\":\"A\"}],\"encrypted_content\":\"" + signature.wrap(WireFormat.RESPONSES)
                        + "\"}");
        assertThat(output.get(1).path("summary")).isEmpty();
        String sent = "{\"input\":[" + output.get(0) + "," + output.get(1) + "," + output.get(2) + "]}";
        assertThat(ResponsesExchange.decode(sent).turns().get(0).parts())
                .extracting(part -> part instanceof Part.Thought thought
                        ? thought.text() + thought.signature()
                        : ((Part.RedactedThought) part).data().toString())
                .containsExactly(
                        "A" + signature,
                        String.valueOf(new Signature(WireFormat.MESSAGES, "hidden")),
                        String.valueOf(new Signature(WireFormat.MESSAGES, "data")));
    }

    // wire-spec §2.10: flat annotations, positions in their own part
    @Test
    void writesCitationsOfWebPages() {
        JsonNode value = Objects.requireNonNull(Json.read("{}"));
        List<JsonNode> events = whole(answer -> {
            answer.textDelta("\uD83D\uDE00a");
            answer.blockEnded();
            answer.textDelta("bcd");
            answer.cited(new Citation(WireFormat.MESSAGES, value, "https://e.com", null, -1, -1));
            answer.cited(new Citation(WireFormat.COMPLETIONS, value, "https://f.com", "F", 3, 4));
            answer.cited(new Citation(WireFormat.MESSAGES, value, null, "a document", -1, -1));
        });
        assertThat(last(events).path("output").get(0).path("content").get(1).path("annotations"))
                .hasToString("[{\"type\":\"url_citation\",\"start_index\":1,\"end_index\":2,\"url\":\"https://f.com\","
                        + "\"title\":\"F\"},{\"type\":\"url_citation\",\"start_index\":0,\"end_index\":3,"
                        + "\"url\":\"https://e.com\",\"title\":\"\"}]");
        assertThat(types(events))
                .filteredOn("output_text.annotation.added"::equals)
                .hasSize(2);
    }

    @Test
    void writesTokensIntoTheDeltaThatTheyBelongTo() {
        AnswerContext asked =
                context("{\"model\":\"m\",\"input\":\"Hi\",\"include\":[\"message.output_text.logprobs\"]}");
        ArrayNode tokens = (ArrayNode) Objects.requireNonNull(Json.read("[{\"token\":\"a\",\"logprob\":-1}]"));
        List<JsonNode> events = whole(asked, answer -> {
            answer.textDelta("a");
            answer.logprobs(tokens);
            answer.textDelta("b");
        });
        assertThat(events.get(4).path("logprobs")).isEqualTo(tokens);
        assertThat(events.get(5).path("logprobs")).isEmpty();
        assertThat(events.get(6).path("logprobs")).isEqualTo(tokens);
    }

    // wire-spec §3.2, §4.4
    @ParameterizedTest
    @CsvSource({
        "LENGTH,incomplete,max_output_tokens",
        "CONTEXT_FULL,incomplete,max_output_tokens",
        "CONTENT_FILTER,incomplete,content_filter",
        "STOP,completed,",
        "STOP_SEQUENCE,completed,",
        "TOOL_CALLS,completed,",
        "PAUSED,completed,"
    })
    void tellsHowItEnded(FinishReason reason, String status, String why) {
        List<JsonNode> events = events(context(), answer -> {
            answer.started(START);
            answer.toolCallStarted(0, "a", "f", ToolKind.FUNCTION);
            answer.toolArgumentsDelta(0, "{");
            answer.toolCallEnded(0);
            answer.textDelta("cut");
            answer.blockEnded();
            answer.finished(new Finish(reason));
            answer.ended();
        });
        assertThat(types(events)).last().isEqualTo(status);
        assertThat(last(events).path("status").textValue()).isEqualTo(status);
        assertThat(last(events).path("incomplete_details").path("reason").textValue())
                .isEqualTo(why);
        assertThat(last(events).path("output").findValuesAsText("status")).containsExactly("completed", status);
    }

    // wire-spec §3.4
    @Test
    void saysWhyTheModelDeclinedWhereItSaidNothingElse() {
        List<JsonNode> events = events(context(), answer -> {
            answer.started(START);
            answer.finished(new Finish(FinishReason.CONTENT_FILTER, "Not this."));
            answer.ended();
        });
        assertThat(types(events)).containsSubsequence("refusal.delta", "refusal.done", "incomplete");
        assertThat(last(events).path("output").get(0).path("content").get(0).toString())
                .isEqualTo("{\"type\":\"refusal\",\"refusal\":\"Not this.\"}");
    }

    // wire-spec §4.6
    @Test
    void reportsAFailureInsideTheStream() {
        UpstreamError error = new UpstreamError(429, "rate_limit_error", null, "Slow down.", null, null);
        List<JsonNode> events = events(context(), answer -> {
            answer.started(START);
            answer.textDelta("a");
            answer.failed(error);
        });
        assertThat(types(events)).last().isEqualTo("failed");
        assertThat(last(events).path("status").textValue()).isEqualTo("failed");
        assertThat(last(events).path("error").toString())
                .isEqualTo("{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down.\"}");
        assertThat(written(context(), answer -> answer.failed(error)))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,"
                        + "\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down.\",\"param\":null}\n\n");
    }

    @Test
    void pingsWithAComment() {
        assertThat(written(context(), ChatStream::ping)).isEqualTo(": ping\n\n");
    }

    @Test
    void leavesOutBlocksOfOtherFormats() {
        List<JsonNode> events = whole(answer -> answer.nativeBlock(
                WireFormat.MESSAGES, Objects.requireNonNull(Json.read("{\"type\":\"server_tool_use\"}"))));
        assertThat(types(events)).containsExactly("created", "in_progress", "completed");
    }

    // wire-spec §3.1
    @Test
    void makesIdsOfTheExchangeWhereTheProviderGivesNone() {
        List<JsonNode> events = events(context(), answer -> {
            answer.started(new AnswerStart("", "", 0, null));
            answer.textDelta("a");
            answer.ended();
        });
        assertThat(last(events).path("id").textValue()).isEqualTo("resp_req-1");
        assertThat(last(events).path("model").textValue()).isEqualTo("m");
        assertThat(last(events).path("created_at").longValue()).isEqualTo(1_700_000_000);
        assertThat(last(events).path("output").get(0).path("id").textValue()).isEqualTo("msg_req-1_0");
    }

    @Test
    void writesAWholeAnswerAsItsStreamEnds() {
        ChatAnswer response = new ChatAnswer(
                START,
                List.of(
                        new Part.Thought("T", null, Extras.NONE),
                        new Part.Text("ab"),
                        new Part.Text("cd"),
                        new Part.ToolCall("c", "f", ToolKind.FUNCTION, "", Extras.NONE)),
                List.of(new Citation(
                        WireFormat.COMPLETIONS, Objects.requireNonNull(Json.read("{}")), "https://e.com", "E", 2, 4)),
                null,
                new Finish(FinishReason.TOOL_CALLS),
                Usage.NOTHING_KNOWN);
        JsonNode written = Objects.requireNonNull(Json.read(CODEC.encodeAnswer(response, context())));
        assertThat(written.path("output").findValuesAsText("type"))
                .containsExactly(
                        "reasoning",
                        "summary_text",
                        "message",
                        "output_text",
                        "output_text",
                        "url_citation",
                        "function_call");
        assertThat(written.path("output")
                        .get(1)
                        .path("content")
                        .get(1)
                        .path("annotations")
                        .get(0)
                        .path("start_index"))
                .hasToString("0");
        assertThat(written.path("usage").path("total_tokens").intValue()).isZero();
    }
}
