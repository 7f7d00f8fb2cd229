package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.CODEC;
import static io.plano.translate.completions.CompletionsCases.chunks;
import static io.plano.translate.completions.CompletionsCases.context;
import static io.plano.translate.completions.CompletionsCases.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import io.plano.translate.openai.Strict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of other formats for clients of Chat Completions, whole and streamed. */
class CompletionsAnswerEncoderTest {
    private static final String STREAM = ",'stream':true";
    private static final String WITH_USAGE = ",'stream':true,'stream_options':{'include_usage':true}";
    private static final String LEGACY = ",'functions':[{'name':'f'}]";

    private static JsonNode whole(String requestMembers, Consumer<ChatStream> answer) {
        AnswerCollector collector = new AnswerCollector();
        Strict strict = new Strict(collector);
        strict.started(new AnswerStart("msg_1", "claude", 0, "standard"));
        answer.accept(strict);
        byte[] body = CODEC.encodeAnswer(Objects.requireNonNull(collector.answer()), context(requestMembers));
        return Objects.requireNonNull(Json.read(body));
    }

    private static String events(String requestMembers, Consumer<ChatStream> answer) {
        byte[] events = CompletionsCases.encode(context(requestMembers), stream -> {
            Strict strict = new Strict(stream);
            strict.started(new AnswerStart("msg_1", "claude", 0, "standard"));
            answer.accept(strict);
        });
        return new String(events, StandardCharsets.UTF_8);
    }

    private static List<JsonNode> stream(String requestMembers, Consumer<ChatStream> answer) {
        return chunks(events(requestMembers, answer).getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> deltas(Consumer<ChatStream> answer) {
        return stream(STREAM, answer).stream()
                .map(chunk -> chunk.at("/choices/0/delta"))
                .toList();
    }

    private static void end(ChatStream answer, FinishReason reason) {
        answer.finished(new Finish(reason));
        answer.usage(new Usage(10, 4, 2, 5, 3));
        answer.ended();
    }

    // wire-spec §3.1
    @Test
    void writesEveryMemberThatClientsExpect() {
        JsonNode answer = whole("", stream -> {
            stream.textDelta("a");
            stream.blockEnded();
            stream.textDelta("b");
            end(stream, FinishReason.STOP);
        });
        assertThat(answer)
                .isEqualTo(
                        tree("{'id':'chatcmpl-msg_1','object':'chat.completion','created':1700000000,'model':'claude',"
                                + "'choices':[{'index':0,'message':{'role':'assistant','content':'ab','refusal':null},"
                                + "'logprobs':null,'finish_reason':'stop'}],'usage':{'prompt_tokens':10,'completion_tokens':5,"
                                + "'total_tokens':15,'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':2},"
                                + "'completion_tokens_details':{'reasoning_tokens':3}}}"));
    }

    // wire-spec §3.1
    @Test
    void doesNotRepeatThePrefixOfIds() {
        AnswerContext context = context("");
        assertThat(CompletionsEnvelope.open(new AnswerStart("chatcmpl-1", "m", 7, null), context, "x")
                        .path("id")
                        .asText())
                .isEqualTo("chatcmpl-1");
        JsonNode nothingKnown = CompletionsEnvelope.open(new AnswerStart("", "", 0, "flex"), context, "x");
        assertThat(Json.compact(nothingKnown))
                .isEqualTo(
                        Json.compact(
                                tree(
                                        "{'id':'chatcmpl-req_1','object':'x','created':1700000000,'model':'m','service_tier':'flex'}")));
    }

    // wire-spec §3.2
    @ParameterizedTest
    @CsvSource({
        "STOP,stop",
        "STOP_SEQUENCE,stop",
        "LENGTH,length",
        "CONTEXT_FULL,length",
        "TOOL_CALLS,tool_calls",
        "CONTENT_FILTER,content_filter",
        "PAUSED,stop"
    })
    void knowsOpenAisWordsForTheEnd(FinishReason reason, String word) {
        Consumer<ChatStream> answer = stream -> {
            stream.textDelta("a");
            end(stream, reason);
        };
        assertThat(whole("", answer).at("/choices/0/finish_reason").asText()).isEqualTo(word);
        List<JsonNode> chunks = stream(STREAM, answer);
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo(word);
    }

    // wire-spec §9 rules 1 and 9
    @Test
    void writesCalls() {
        Consumer<ChatStream> answer = stream -> {
            stream.toolCallStarted(0, "1", "f", ToolKind.FUNCTION);
            stream.toolCallStarted(1, "2", "g", ToolKind.CUSTOM);
            stream.toolArgumentsDelta(1, "ls");
            stream.toolCallEnded(1);
            stream.toolCallEnded(0);
            end(stream, FinishReason.TOOL_CALLS);
        };
        assertThat(whole("", answer).at("/choices/0/message"))
                .isEqualTo(tree("{'role':'assistant','content':null,'refusal':null,'tool_calls':["
                        + "{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}},"
                        + "{'id':'2','type':'custom','custom':{'name':'g','input':'ls'}}]}"));
        assertThat(deltas(answer))
                .containsExactly(
                        tree("{'role':'assistant','content':'','refusal':null}"),
                        tree(
                                "{'tool_calls':[{'index':0,'id':'1','type':'function','function':{'name':'f','arguments':''}}]}"),
                        tree("{'tool_calls':[{'index':1,'id':'2','type':'custom','custom':{'name':'g','input':''}}]}"),
                        tree("{'tool_calls':[{'index':1,'custom':{'input':'ls'}}]}"),
                        tree("{'tool_calls':[{'index':0,'function':{'arguments':'{}'}}]}"),
                        tree("{}"));
    }

    // wire-spec §2.4 rule 13
    @Test
    void answersInTheOldFormWhoAskedInIt() {
        Consumer<ChatStream> answer = stream -> {
            stream.toolCallStarted(0, "1", "f", ToolKind.FUNCTION);
            stream.toolArgumentsDelta(0, "{}");
            stream.toolCallEnded(0);
            end(stream, FinishReason.TOOL_CALLS);
        };
        JsonNode choice = whole(LEGACY, answer).at("/choices/0");
        assertThat(choice.path("message").path("function_call")).isEqualTo(tree("{'name':'f','arguments':'{}'}"));
        assertThat(choice.path("message").has("tool_calls")).isFalse();
        assertThat(choice.path("finish_reason").asText()).isEqualTo("function_call");
        List<JsonNode> chunks = stream(STREAM + LEGACY, answer);
        assertThat(chunks.get(1).at("/choices/0/delta"))
                .isEqualTo(tree("{'function_call':{'name':'f','arguments':''}}"));
        assertThat(chunks.get(2).at("/choices/0/delta")).isEqualTo(tree("{'function_call':{'arguments':'{}'}}"));
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("function_call");
    }

    // wire-spec §2.6 rules 4 and 5
    @Test
    void showsThoughtsAndHandsOutTheirProofs() {
        Consumer<ChatStream> answer = stream -> {
            stream.reasoningDelta("a");
            stream.reasoningDelta("b");
            stream.reasoningSigned(new Signature(WireFormat.MESSAGES, "sig"));
            stream.reasoningRedacted(new Signature(WireFormat.MESSAGES, "data"));
            stream.textDelta("c");
            end(stream, FinishReason.STOP);
        };
        String blocks = "{'type':'thinking','thinking':'ab','signature':'plano-v1.messages..sig'}";
        String redacted = "{'type':'redacted_thinking','data':'plano-v1.messages..data'}";
        JsonNode message = whole("", answer).at("/choices/0/message");
        assertThat(message.path("reasoning_content").asText()).isEqualTo("ab");
        assertThat(message.path("thinking_blocks")).isEqualTo(tree("[" + blocks + "," + redacted + "]"));
        assertThat(message.path("content").asText()).isEqualTo("c");
        assertThat(deltas(answer).subList(1, 6))
                .containsExactly(
                        tree("{'reasoning_content':'a'}"),
                        tree("{'reasoning_content':'b'}"),
                        tree("{'thinking_blocks':[" + blocks.replace("}", ",'index':0}") + "]}"),
                        tree("{'thinking_blocks':[" + redacted.replace("}", ",'index':1}") + "]}"),
                        tree("{'content':'c'}"));
    }

    // wire-spec §9 rule 21
    @Test
    void tellsTheUsageOfStreamsToThoseWhoAsk() {
        Consumer<ChatStream> answer = stream -> {
            stream.textDelta("a");
            stream.logprobs(tree("[{'token':'a'}]"));
            end(stream, FinishReason.STOP);
        };
        assertThat(stream(STREAM, answer)).noneMatch(chunk -> chunk.has("usage"));
        List<JsonNode> chunks = stream(WITH_USAGE, answer);
        assertThat(chunks.subList(0, 4))
                .allMatch(chunk -> chunk.has("usage") && chunk.path("usage").isNull());
        assertThat(chunks.get(4).path("choices")).isEmpty();
        assertThat(chunks.get(4).at("/usage/total_tokens").asInt()).isEqualTo(15);
        assertThat(chunks).allMatch(chunk -> chunk.path("id").asText().equals("chatcmpl-msg_1"));
    }

    // wire-spec §3.5
    @Test
    void writesProbabilities() {
        Consumer<ChatStream> answer = stream -> {
            stream.textDelta("a");
            stream.logprobs(tree("[{'token':'a'}]"));
            end(stream, FinishReason.STOP);
        };
        JsonNode logprobs = tree("{'content':[{'token':'a'}],'refusal':null}");
        assertThat(whole("", answer).at("/choices/0/logprobs")).isEqualTo(logprobs);
        assertThat(stream(STREAM, answer).get(2).at("/choices/0/logprobs")).isEqualTo(logprobs);
    }

    // wire-spec §2.10
    @Test
    void writesSourcesWithThePlaceOfTheirBlock() {
        Citation page = new Citation(WireFormat.MESSAGES, tree("{}"), "https://h", "t", -1, -1);
        Citation document = new Citation(WireFormat.MESSAGES, tree("{}"), null, "d", -1, -1);
        Consumer<ChatStream> answer = stream -> {
            stream.textDelta("😀é");
            stream.blockEnded();
            stream.textDelta("ab");
            stream.cited(page);
            stream.cited(document);
            stream.textDelta("c");
            stream.blockEnded();
            stream.textDelta("d");
            end(stream, FinishReason.STOP);
        };
        JsonNode annotations = tree("[{'type':'url_citation','url_citation':"
                + "{'url':'https://h','title':'t','start_index':2,'end_index':5}}]");
        assertThat(whole("", answer).at("/choices/0/message/annotations")).isEqualTo(annotations);
        ((ObjectNode) annotations.get(0)).put("index", 0);
        assertThat(deltas(answer).get(4).path("annotations")).isEqualTo(annotations);
    }

    // wire-spec §3.4
    @Test
    void tellsWhyTheProviderDeclined() {
        Consumer<ChatStream> silent = stream -> end(stream, FinishReason.CONTENT_FILTER);
        Consumer<ChatStream> wordy = stream -> {
            stream.textDelta("a");
            stream.finished(new Finish(FinishReason.CONTENT_FILTER, "because"));
            stream.ended();
        };
        assertThat(whole("", silent).at("/choices/0/message"))
                .isEqualTo(
                        tree("{'role':'assistant','content':null,'refusal':'" + CompletionsEnvelope.DECLINED + "'}"));
        assertThat(whole("", wordy).at("/choices/0/message"))
                .isEqualTo(tree("{'role':'assistant','content':'a','refusal':'because'}"));
        assertThat(deltas(silent).get(1)).isEqualTo(tree("{'refusal':'" + CompletionsEnvelope.DECLINED + "'}"));
        assertThat(deltas(wordy).get(2)).isEqualTo(tree("{'refusal':'because'}"));
    }

    @Test
    void namesTheStopSequence() {
        Consumer<ChatStream> answer = stream -> {
            stream.textDelta("a");
            stream.finished(new Finish(FinishReason.STOP_SEQUENCE, "END"));
            stream.ended();
        };
        assertThat(whole("", answer).at("/choices/0/stop_reason").asText()).isEqualTo("END");
        assertThat(stream(STREAM, answer).get(2).at("/choices/0/stop_reason").asText())
                .isEqualTo("END");
    }

    // sse §2
    @Test
    void writesWholeEventsAndEndsOnce() {
        String events = events(STREAM, stream -> {
            stream.ping();
            stream.textDelta("\"\\\n\u0001\u2028é😀\ud800");
            stream.nativeBlock(WireFormat.MESSAGES, tree("{}"));
            end(stream, FinishReason.STOP);
        });
        assertThat(events)
                .endsWith("\n\ndata: [DONE]\n\n")
                .containsOnlyOnce("[DONE]")
                .contains("\n\n: ping\n\n");
        assertThat(events).contains("\"\\\"\\\\\\n\\u0001\u2028é😀\\ud800\"");
        assertThat(events.lines())
                .allMatch(line -> line.isEmpty() || line.startsWith("data: ") || line.startsWith(": "));
    }

    // wire-spec §4.6
    @Test
    void tellsOfAFailureInTheStreamAndNothingBehindIt() {
        UpstreamError error = new UpstreamError(529, "overloaded_error", null, "busy", null, "req_9");
        String events = events(STREAM, stream -> {
            stream.textDelta("a");
            stream.failed(error);
        });
        assertThat(events)
                .endsWith("data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"param\":null,"
                        + "\"code\":\"overloaded\"}}\n\n")
                .doesNotContain("[DONE]", "\"finish_reason\":\"");
        byte[] alone = CompletionsCases.encode(context(STREAM), stream -> {
            stream.failed(error);
            stream.failed(error);
            stream.ended();
        });
        assertThat(new String(alone, StandardCharsets.UTF_8))
                .startsWith("data: {\"error\"")
                .containsOnlyOnce("data: ");
    }

    // wire-spec §5
    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error,,invalid_request_error,,400",
        "401,authentication_error,,authentication_error,invalid_api_key,401",
        "402,billing_error,,insufficient_quota,insufficient_quota,402",
        "403,permission_error,,permission_error,,403",
        "404,not_found_error,,invalid_request_error,model_not_found,404",
        "413,request_too_large,,invalid_request_error,,413",
        "424,x,,server_error,,502",
        "429,rate_limit_error,,rate_limit_error,rate_limit_exceeded,429",
        "429,insufficient_quota,insufficient_quota,insufficient_quota,insufficient_quota,429",
        "400,invalid_request_error,401,invalid_request_error,,400",
        "500,api_error,,server_error,,500",
        "503,x,model_loading,server_error,model_loading,503",
        "504,x,,timeout,,504",
        "529,overloaded_error,,server_error,overloaded,529",
        "700,x,,server_error,,502"
    })
    void writesErrorsInOpenAisWords(
            int status, String type, String code, String newType, String newCode, int newStatus) {
        UpstreamError error = new UpstreamError(status, type, code, "model: x", "p", null);
        JsonNode body = Objects.requireNonNull(Json.read(CODEC.encodeError(error, "req_1")));
        assertThat(body.path("error").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("message", "type", "param", "code");
        assertThat(body.at("/error/message").asText()).isEqualTo("model: x");
        assertThat(body.at("/error/param").asText()).isEqualTo("p");
        assertThat(body.at("/error/type").asText()).isEqualTo(newType);
        assertThat(body.at("/error/code").textValue()).isEqualTo(newCode);
        assertThat(CODEC.status(error)).isEqualTo(newStatus);
    }

    // wire-spec §5.2
    @Test
    void givesContextsThatAreTooLongTheirCode() {
        UpstreamError error = new UpstreamError(
                400, "invalid_request_error", null, "prompt is too long: 9 tokens > 5 maximum", null, null);
        assertThat(Objects.requireNonNull(Json.read(CODEC.encodeError(error, "r")))
                        .at("/error/code")
                        .asText())
                .isEqualTo("context_length_exceeded");
    }
}
