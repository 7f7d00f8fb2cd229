package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.CODEC;
import static io.plano.translate.messages.Messages.context;
import static io.plano.translate.messages.Messages.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of other providers for Anthropic's clients: wire-spec §3, §4.3, §4.6, §5. */
class MessagesAnswersWrittenTest {
    private static final AnswerStart START = new AnswerStart("chatcmpl-1", "gpt-5", 7, null);

    private static List<JsonNode> streamed(Consumer<ChatStream> answer) {
        EventBuffer buffer = new EventBuffer();
        ChatStream stream = CODEC.encodeStream(Framing.sse().writer(buffer), context());
        stream.started(START);
        answer.accept(stream);
        return Messages.events(buffer);
    }

    private static List<String> shape(List<JsonNode> events) {
        List<String> shape = new ArrayList<>();
        for (JsonNode event : events) {
            shape.add(event.path("type").asText()
                    + event.path("index").asText("")
                    + event.path("content_block").path("type").asText("").replaceFirst("^(?=.)", ":")
                    + event.path("delta").path("text").asText("").replaceFirst("^(?=.)", "=")
                    + event.path("delta").path("partial_json").asText("").replaceFirst("^(?=.)", "="));
        }
        return shape;
    }

    private static JsonNode written(FinishReason reason, Part... content) {
        return written(new Finish(reason), Usage.NOTHING_KNOWN, content);
    }

    private static JsonNode written(Finish finish, Usage usage, Part... content) {
        ChatAnswer response = new ChatAnswer(START, List.of(content), List.of(), null, finish, usage);
        return Objects.requireNonNull(Json.read(CODEC.encodeAnswer(response, context())));
    }

    private static Part.ToolCall call(String arguments) {
        return new Part.ToolCall("c", "f", ToolKind.FUNCTION, arguments, Extras.NONE);
    }

    // §4.3 rules 1, 2, 6; §9.28
    @Test
    void opensNoBlockForNothingAndEndsOnce() {
        List<JsonNode> events = streamed(answer -> {
            answer.toolCallStarted(0, "call_1", "f", ToolKind.FUNCTION);
            answer.toolArgumentsDelta(0, "{}");
            answer.toolCallEnded(0);
            answer.finished(new Finish(FinishReason.TOOL_CALLS));
            answer.usage(new Usage(10, 4, 1, 5, 2));
            answer.ended();
            answer.ended();
            answer.ping();
            answer.failed(new UpstreamError(500, null, null, "late", null, null));
        });
        assertThat(shape(events))
                .containsExactly(
                        "message_start",
                        "content_block_start0:tool_use",
                        "content_block_delta0={}",
                        "content_block_stop0",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(0).path("message")).isEqualTo(json("""
                        {'id':'msg_chatcmpl-1','type':'message','role':'assistant','model':'gpt-5','content':[],
                         'stop_reason':null,'stop_sequence':null,
                         'usage':{'input_tokens':0,'cache_creation_input_tokens':0,'cache_read_input_tokens':0,'output_tokens':0}}"""));
        assertThat(events.get(1).path("content_block"))
                .isEqualTo(json("{'type':'tool_use','id':'call_1','name':'f','input':{}}"));
        assertThat(events.get(4)).isEqualTo(json("""
                        {'type':'message_delta','delta':{'stop_reason':'tool_use','stop_sequence':null},
                         'usage':{'input_tokens':5,'cache_creation_input_tokens':1,'cache_read_input_tokens':4,'output_tokens':5,
                          'output_tokens_details':{'thinking_tokens':2}}}"""));
    }

    // §4.3 rule 4
    @Test
    void writesCallsThatComeAtOnceOneAfterTheOther() {
        List<JsonNode> events = streamed(answer -> {
            answer.textDelta("t");
            answer.toolCallStarted(0, "a", "f", ToolKind.FUNCTION);
            answer.toolCallStarted(1, "b", "g", ToolKind.FUNCTION);
            answer.toolArgumentsDelta(0, "{\"x\"");
            answer.toolArgumentsDelta(1, "{\"y\"");
            answer.toolArgumentsDelta(0, ":1}");
            answer.toolArgumentsDelta(1, ":2}");
            answer.textDelta("later");
            answer.toolCallEnded(1);
            answer.toolCallEnded(0);
            answer.ended();
        });
        assertThat(shape(events))
                .containsExactly(
                        "message_start",
                        "content_block_start0:text",
                        "content_block_delta0=t",
                        "content_block_stop0",
                        "content_block_start1:tool_use",
                        "content_block_delta1={\"x\"",
                        "content_block_delta1=:1}",
                        "content_block_stop1",
                        "content_block_start2:tool_use",
                        "content_block_delta2={\"y\":2}",
                        "content_block_stop2",
                        "content_block_start3:text",
                        "content_block_delta3=later",
                        "content_block_stop3",
                        "message_delta",
                        "message_stop");
    }

    // §4.3 rule 3, §2.6 rule 5
    @Test
    void wrapsTheProofsOfOtherProviders() {
        Signature proof = new Signature(WireFormat.RESPONSES, "gAAA", "rs_1");
        List<JsonNode> events = streamed(answer -> {
            answer.reasoningDelta("hm");
            answer.reasoningSigned(proof);
            answer.reasoningSigned(proof);
            answer.reasoningRedacted(proof);
            answer.textDelta("t");
            answer.ended();
        });
        String wrapped = proof.wrap(WireFormat.MESSAGES);
        assertThat(events.get(1).path("content_block"))
                .isEqualTo(json("{'type':'thinking','thinking':'','signature':''}"));
        assertThat(events.get(2).path("delta")).isEqualTo(json("{'type':'thinking_delta','thinking':'hm'}"));
        assertThat(events.get(3).path("delta"))
                .isEqualTo(json("{'type':'signature_delta','signature':'" + wrapped + "'}"));
        assertThat(events.get(6).path("delta").path("signature").asText()).isEqualTo(wrapped);
        assertThat(events.get(8).path("content_block"))
                .isEqualTo(json("{'type':'redacted_thinking','data':'" + wrapped + "'}"));
    }

    // §3.4
    @Test
    void writesARefusalAsTextAndSaysSo() {
        List<JsonNode> events = streamed(answer -> {
            answer.refusalDelta("No.");
            answer.finished(new Finish(FinishReason.STOP));
            answer.ended();
        });
        assertThat(shape(events)).contains("content_block_delta0=No.");
        assertThat(events.get(4).at("/delta/stop_reason").asText()).isEqualTo("refusal");
        assertThat(written(FinishReason.STOP, new Part.Refusal("No.", Extras.NONE))
                        .path("stop_reason")
                        .asText())
                .isEqualTo("refusal");
    }

    @Test
    void separatesTextsWhereTheyEnded() {
        List<JsonNode> events = streamed(answer -> {
            answer.textDelta("a");
            answer.blockEnded();
            answer.blockEnded();
            answer.textDelta("b");
            answer.cited(new Citation(WireFormat.COMPLETIONS, json("{}"), "https://x", "T", 0, 1));
            answer.cited(new Citation(WireFormat.COMPLETIONS, json("{}"), null, null, 0, 1));
            answer.ended();
        });
        assertThat(shape(events)).contains("content_block_delta0=a", "content_block_delta1=b");
        assertThat(events.get(6).at("/delta/citation/url").asText()).isEqualTo("https://x");
    }

    // sse.md §2
    @Test
    void pingsOnlyWithinTheMessage() {
        EventBuffer buffer = new EventBuffer();
        ChatStream stream = CODEC.encodeStream(Framing.sse().writer(buffer), context());
        stream.ping();
        assertThat(buffer.isEmpty()).isTrue();
        stream.started(START);
        buffer.take();
        stream.ping();
        assertThat(new String(buffer.take(), StandardCharsets.UTF_8))
                .isEqualTo("event: ping\ndata: {\"type\": \"ping\"}\n\n");
    }

    // §4.6
    @Test
    void reportsAnErrorInTheStreamAndNothingBehindIt() {
        EventBuffer buffer = new EventBuffer();
        ChatStream stream = CODEC.encodeStream(Framing.sse().writer(buffer), context());
        stream.started(START);
        stream.textDelta("a");
        buffer.take();
        stream.failed(new UpstreamError(429, "requests", "rate_limit_exceeded", "slow down", null, null));
        stream.ended();
        assertThat(new String(buffer.take(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"},\"request_id\":\"req-1\"}\n\n");
    }

    // §3.1, §3.3
    @Test
    void givesAWholeAnswerEveryMember() {
        JsonNode message = written(
                new Finish(FinishReason.STOP_SEQUENCE, "END"),
                new Usage(10, 4, 0, 5, Usage.UNKNOWN),
                new Part.Thought("hm", null, Extras.NONE),
                new Part.Text("", Extras.NONE),
                new Part.Text("t"),
                call("{\"a\":1.10}"));
        assertThat(message.toString()).isEqualTo(json("""
                        {'id':'msg_chatcmpl-1','type':'message','role':'assistant','model':'gpt-5',
                         'content':[{'type':'thinking','thinking':'hm','signature':''},{'type':'text','text':'t'},
                          {'type':'tool_use','id':'c','name':'f','input':{'a':1.10}}],
                         'stop_reason':'stop_sequence','stop_sequence':'END',
                         'usage':{'input_tokens':6,'cache_creation_input_tokens':0,'cache_read_input_tokens':4,'output_tokens':5}}""").toString());
    }

    @Test
    void makesAnIdAndNamesTheModelWhereTheProviderDoesNot() {
        ChatAnswer response = new ChatAnswer(
                new AnswerStart("", "", 0, null),
                List.of(),
                List.of(),
                null,
                new Finish(FinishReason.STOP),
                Usage.NOTHING_KNOWN);
        JsonNode message = Objects.requireNonNull(Json.read(CODEC.encodeAnswer(response, context())));
        assertThat(message.path("id").asText()).isEqualTo("msg_req-1");
        assertThat(message.path("model").asText()).isEqualTo("asked");
    }

    // §3.2, rule 4
    @ParameterizedTest
    @CsvSource({
        "STOP, end_turn, tool_use",
        "TOOL_CALLS, end_turn, tool_use",
        "LENGTH, max_tokens, max_tokens",
        "CONTEXT_FULL, model_context_window_exceeded, model_context_window_exceeded",
        "CONTENT_FILTER, refusal, refusal",
        "PAUSED, pause_turn, pause_turn"
    })
    void knowsAWordForEveryReason(FinishReason reason, String withoutCalls, String withCalls) {
        assertThat(written(reason, new Part.Text("t")).path("stop_reason").asText())
                .isEqualTo(withoutCalls);
        assertThat(written(reason, call("{}")).path("stop_reason").asText()).isEqualTo(withCalls);
    }

    // §2.4 rule 9
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {"`` | {}", "null | {}", "{'a' | {'_raw':'{\\'a\\''}", "[1] | {'_raw':'[1]'}"})
    void alwaysGivesAnObjectAsInput(@Nullable String arguments, String input) {
        String given = arguments == null ? "" : arguments.replace('\'', '"');
        JsonNode expected = given.startsWith("{\"a") ? Json.nodes().objectNode().put("_raw", given) : json(input);
        assertThat(written(FinishReason.TOOL_CALLS, call(given)).at("/content/0/input"))
                .isEqualTo(expected);
    }

    // §2.10
    @Test
    void citesWebPagesOfOtherProviders() {
        Citation page = new Citation(WireFormat.COMPLETIONS, json("{}"), "https://x", "T", 3, 5);
        Citation file = new Citation(WireFormat.COMPLETIONS, json("{}"), null, null, 0, 1);
        ChatAnswer response = new ChatAnswer(
                START,
                List.of(new Part.Text("😀a"), new Part.Text("bcde")),
                List.of(page, file),
                null,
                new Finish(FinishReason.STOP),
                Usage.NOTHING_KNOWN);
        JsonNode content = Objects.requireNonNull(Json.read(CODEC.encodeAnswer(response, context())))
                .path("content");
        assertThat(content.get(0).has("citations")).isFalse();
        assertThat(content.get(1).path("citations"))
                .isEqualTo(
                        json(
                                "[{'type':'web_search_result_location','url':'https://x','title':'T','encrypted_index':'','cited_text':'cd'}]"));
    }

    // §5.2
    @ParameterizedTest
    @CsvSource({
        "400, 400, invalid_request_error",
        "401, 401, authentication_error",
        "402, 402, billing_error",
        "403, 403, permission_error",
        "404, 404, not_found_error",
        "408, 408, timeout_error",
        "413, 413, request_too_large",
        "422, 422, invalid_request_error",
        "424, 502, api_error",
        "429, 429, rate_limit_error",
        "500, 500, api_error",
        "503, 503, overloaded_error",
        "504, 504, timeout_error",
        "529, 529, overloaded_error",
        "200, 502, api_error"
    })
    void derivesTheTypeOfAnErrorFromItsStatus(int status, int written, String type) {
        UpstreamError error = new UpstreamError(status, "server_error", null, "m", "p", null);
        assertThat(CODEC.status(error)).isEqualTo(written);
        assertThat(Json.read(CODEC.encodeError(error, "req-1")))
                .isEqualTo(json("{'type':'error','error':{'type':'" + type + "','message':'m'},'request_id':'req-1'}"));
    }

    // §5.2: clients match this text
    @Test
    void saysThatTheContextIsTooSmallInWordsThatClientsKnow() {
        UpstreamError error = new UpstreamError(
                400, "invalid_request_error", "context_length_exceeded", "maximum context length is 8", null, "req_up");
        JsonNode written = Objects.requireNonNull(Json.read(CODEC.encodeError(error, "req-1")));
        assertThat(written.at("/error/message").asText()).isEqualTo("prompt is too long: maximum context length is 8");
        assertThat(written.at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(written.path("request_id").asText()).isEqualTo("req_up");
    }
}
