package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesStreamDecoderTest {
    private static final String CREATED =
            "{'type':'response.created','response':{'id':'resp_1','model':'m','created_at':7,'service_tier':'flex'}}";
    private static final String COMPLETED = "{'type':'response.completed','response':{'status':'completed'}}";

    private static byte[] stream(String... events) {
        StringBuilder stream = new StringBuilder();
        for (String event : events) {
            stream.append("data: ").append(event.replace('\'', '"')).append("\n\n");
        }
        return utf8(stream.toString());
    }

    private static AnswerCollector collected(String... events) {
        byte[] stream = stream(events);
        return ResponsesExchange.read(stream, stream.length);
    }

    private static ChatAnswer response(String... events) {
        return ResponsesExchange.response(stream(events));
    }

    private static UpstreamError error(String... events) {
        AnswerCollector answer = collected(events);
        assertThat(answer.answer()).isNull();
        return Objects.requireNonNull(answer.error());
    }

    @Test
    void readsTheHead() {
        assertThat(response(CREATED, COMPLETED).start()).isEqualTo(new AnswerStart("resp_1", "m", 7, "flex"));
    }

    // wire-spec §4.2: never twice
    @Test
    void saysTextOnceHoweverOftenItIsRepeated() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'message','content':[]}}",
                "{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'He'}",
                "{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'y'}",
                "{'type':'response.output_text.done','output_index':0,'content_index':0,'text':'Hey'}",
                "{'type':'response.content_part.done','output_index':0,'content_index':0,"
                        + "'part':{'type':'output_text','text':'Hey','annotations':[]}}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'message',"
                        + "'content':[{'type':'output_text','text':'Hey'}]}}",
                "{'type':'response.completed','response':{'status':'completed','output':[{'type':'message',"
                        + "'content':[{'type':'output_text','text':'Hey'}]}]}}");
        assertThat(response.content()).containsExactly(new Part.Text("Hey"));
        assertThat(response.finish().reason()).isEqualTo(FinishReason.STOP);
    }

    // wire-spec §4.2: output_item.done without deltas
    @Test
    void saysItemsThatComeWhole() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'message',"
                        + "'content':[{'type':'output_text','text':'A'},{'type':'refusal','refusal':'R'}]}}",
                "{'type':'response.output_item.done','output_index':1,'item':{'type':'function_call','call_id':'c',"
                        + "'name':'f','arguments':'{}'}}",
                COMPLETED);
        assertThat(response.content())
                .containsExactly(new Part.Text("A"), new Part.Refusal("R", Extras.NONE), call("c", "f", "{}"));
        assertThat(response.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void saysOutputThatComesOnlyAtTheEnd() {
        assertThat(response(
                                CREATED,
                                "{'type':'response.completed','response':{'status':'completed','output':[{'type':'message',"
                                        + "'content':[{'type':'output_text','text':'A'}]}]}}")
                        .text())
                .isEqualTo("A");
    }

    private static Part.ToolCall call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, ToolKind.FUNCTION, arguments, Extras.NONE);
    }

    @Test
    void keepsSeveralOpenCallsApart() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'function_call','call_id':'a',"
                        + "'name':'f','arguments':''}}",
                "{'type':'response.output_item.added','output_index':1,'item':{'type':'custom_tool_call','call_id':'b',"
                        + "'name':'g','input':''}}",
                "{'type':'response.custom_tool_call_input.delta','output_index':1,'delta':'x'}",
                "{'type':'response.function_call_arguments.delta','output_index':0,'delta':'[1'}",
                "{'type':'response.custom_tool_call_input.delta','output_index':1,'delta':'y'}",
                "{'type':'response.function_call_arguments.delta','output_index':0,'delta':']'}",
                "{'type':'response.function_call_arguments.done','output_index':0,'arguments':'[1]'}",
                "{'type':'response.custom_tool_call_input.done','output_index':1,'input':'xy'}",
                COMPLETED);
        assertThat(response.content())
                .containsExactly(
                        call("a", "f", "[1]"), new Part.ToolCall("b", "g", ToolKind.CUSTOM, "xy", Extras.NONE));
    }

    @Test
    void waitsForTheItemOfACallThatIsNamedLate() {
        assertThat(response(
                                CREATED,
                                "{'type':'response.output_item.added','output_index':0,'item':{'type':'function_call'}}",
                                "{'type':'response.function_call_arguments.delta','output_index':0,'delta':'{}'}",
                                "{'type':'response.output_item.done','output_index':0,'item':{'type':'function_call',"
                                        + "'call_id':'c','name':'f','arguments':'{}'}}",
                                COMPLETED)
                        .content())
                .containsExactly(call("c", "f", "{}"));
    }

    // wire-spec §2.6 rule 9
    @Test
    void readsASummaryInParagraphsWithItsProof() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'reasoning','id':'rs_1'}}",
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':0,'delta':'A'}",
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':1,'delta':'B'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning','id':'rs_1',"
                        + "'summary':[{'text':'A'},{'text':'B'}],'encrypted_content':'enc'}}",
                COMPLETED);
        assertThat(response.content())
                .containsExactly(
                        new Part.Thought("A\n\nB", new Signature(WireFormat.RESPONSES, "enc", "rs_1"), Extras.NONE));
    }

    @Test
    void showsOneOfTheTwoTextsOfReasoning() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.reasoning_text.delta','output_index':0,'content_index':0,'delta':'raw'}",
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':0,'delta':'S'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning',"
                        + "'summary':[{'text':'S'}],'content':[{'text':'raw'}]}}",
                COMPLETED);
        assertThat(response.content()).containsExactly(new Part.Thought("raw", null, Extras.NONE));
    }

    // wire-spec §2.10: positions count from the start of the whole answer
    @Test
    void placesCitationsInTheWholeText() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'1\uD83D\uDE00'}",
                "{'type':'response.output_text.delta','output_index':1,'content_index':0,'delta':'abcd'}",
                "{'type':'response.output_text.annotation.added','output_index':1,'content_index':0,'annotation':"
                        + "{'type':'url_citation','url':'https://e.com','title':'E','start_index':1,'end_index':3}}",
                "{'type':'response.content_part.done','output_index':1,'content_index':0,'part':{'type':'output_text',"
                        + "'text':'abcd','annotations':[{'type':'url_citation','url':'https://e.com'},"
                        + "{'type':'file_citation','file_id':'f','index':2}]}}",
                COMPLETED);
        assertThat(response.citations())
                .extracting(Citation::url, Citation::title, Citation::start, Citation::end)
                .containsExactly(tuple("https://e.com", "E", 3, 5), tuple(null, null, 2, 6));
    }

    // wire-spec §3.5
    @Test
    void addsTheBytesThatStreamedTokensLack() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'\u00e9','logprobs':"
                        + "[{'token':'\u00e9','logprob':-0.10,'top_logprobs':[{'token':'e','logprob':-3}]}]}",
                "{'type':'response.output_text.done','output_index':0,'content_index':0,'text':'\u00e9','logprobs':"
                        + "[{'token':'\u00e9','logprob':-0.10,'top_logprobs':[]}]}",
                COMPLETED);
        assertThat(Objects.requireNonNull((JsonNode) response.logprobs()).toString())
                .isEqualTo("[{\"token\":\"\u00e9\",\"logprob\":-0.10,\"top_logprobs\":"
                        + "[{\"token\":\"e\",\"logprob\":-3,\"bytes\":[101]}],\"bytes\":[195,169]}]");
    }

    @Test
    void keepsItemsThatOnlyThisFormatKnows() {
        ChatAnswer response = response(
                CREATED,
                "{'type':'response.web_search_call.searching','output_index':0}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'web_search_call','id':'ws_1'}}",
                COMPLETED);
        assertThat(response.content()).singleElement().isInstanceOf(Part.Native.class);
        assertThat(response.finish().reason()).isEqualTo(FinishReason.STOP);
    }

    // wire-spec §3.2
    @ParameterizedTest
    @CsvSource({"max_output_tokens,LENGTH", "content_filter,CONTENT_FILTER", "something_new,LENGTH"})
    void tellsWhyAnAnswerIsIncomplete(String reason, FinishReason expected) {
        assertThat(response(
                                CREATED,
                                "{'type':'response.output_item.added','output_index':0,'item':{'type':'function_call',"
                                        + "'call_id':'c','name':'f'}}",
                                "{'type':'response.incomplete','response':{'status':'incomplete',"
                                        + "'incomplete_details':{'reason':'" + reason + "'}}}")
                        .finish()
                        .reason())
                .isEqualTo(expected);
    }

    // wire-spec §3.3
    @Test
    void readsUsageWithItsDetails() {
        assertThat(response(
                                CREATED,
                                "{'type':'response.completed','response':{'status':'completed','usage':{'input_tokens':10,"
                                        + "'input_tokens_details':{'cached_tokens':4,'cache_write_tokens':3},"
                                        + "'output_tokens':7,'output_tokens_details':{'reasoning_tokens':5}}}}")
                        .usage())
                .isEqualTo(new Usage(10, 4, 3, 7, 5));
    }

    // wire-spec §4.6
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'response.failed','response':{'error':{'code':'rate_limit_exceeded','message':'Slow'}}}|429|Slow",
                "{'type':'response.failed','response':{'error':{'code':'server_error','message':'Oops'}}}|500|Oops",
                "{'type':'response.failed','response':{'error':{'code':'invalid_image_url','message':'No'}}}|400|No",
                "{'type':'error','code':'rate_limit_exceeded','message':'Slow','param':null}|429|Slow",
                "{'type':'error','error':{'type':'invalid_request_error','message':'Bad'}}|400|Bad",
                "{'error':{'code':502,'message':'Gone'}}|502|Gone"
            })
    void readsErrorsInTheStream(String event, int status, String message) {
        UpstreamError error = error(CREATED, event);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.message()).isEqualTo(message);
    }

    @Test
    void readsAnErrorThatOnlyTheEventsNameTells() {
        byte[] stream = utf8("event: error\ndata: {\"message\":\"Oops\"}\n\n");
        assertThat(Objects.requireNonNull(ResponsesExchange.read(stream, 7).error())
                        .message())
                .isEqualTo("Oops");
    }

    // wire-spec §9 rule 23
    @Test
    void reportsAStreamThatEndsTooEarly() {
        UpstreamError error = error(CREATED, "[DONE]");
        assertThat(error.code()).isEqualTo("upstream_truncated");
        assertThat(error.status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'response.output_text.delta','delta':'a", "7", "[]", "nonsense"})
    void reportsDataThatIsNoEvent(String data) {
        assertThat(error(CREATED, data).code()).isEqualTo("upstream_malformed");
    }

    // wire-spec §4.1: OpenRouter adds [DONE]
    @Test
    void ignoresWhatComesBehindTheEnd() {
        assertThat(response(CREATED, COMPLETED, "[DONE]", "{'type':'error','message':'x'}", "nonsense")
                        .content())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\\"b\\\\c\\/d\\n\\t\\r\\b\\f",
                "\\u00e9\\u4e16\\u0041",
                "\\ud83d\\ude00",
                "\\ud83d",
                "\u00e9\u4e16\uD83D\uDE00"
            })
    void readsEveryEscapeInADelta(String delta) throws IOException {
        String json = "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"" + delta + "\"}";
        String expected = new ObjectMapper().readTree(json).path("delta").textValue();
        byte[] stream = utf8("data: " + json + "\n\ndata: " + COMPLETED.replace('\'', '"') + "\n\n");
        assertThat(ResponsesExchange.response(stream).text()).isEqualTo(expected);
    }

    @Test
    void recognisesTheUsualDeltasWithoutATree() {
        ResponsesDelta delta = new ResponsesDelta();
        for (String event : List.of(
                "{\"type\":\"response.output_text.delta\",\"sequence_number\":4,\"item_id\":\"m\",\"output_index\":2,"
                        + "\"content_index\":1,\"delta\":\"In\",\"logprobs\":[],\"obfuscation\":\"x\"}",
                " { \"output_index\" : 2 , \"content_index\":1,\"delta\":\"In\", \"type\":\"response.output_text.delta\" } ")) {
            assertThat(delta.read(utf8(event), 0, utf8(event).length)).isEqualTo(ResponsesDelta.Kind.TEXT);
            assertThat(delta.delta()).isEqualTo("In");
            assertThat(delta.outputIndex()).isEqualTo(2);
            assertThat(delta.partIndex()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.output_text.delta\",\"delta\":\"a\",\"logprobs\":[{}]}",
                "{\"type\":\"response.output_text.delta\",\"delta\":7}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"a\"} x",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"a\",}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"\\x\"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"\\u12\"}",
                "{\"type\":\"response.output_text.delta\"}",
                "{\"type\":\"response.created\",\"delta\":\"a\"}",
                "{\"d\\u0065lta\":\"a\",\"type\":\"response.output_text.delta\"}",
                "{\"output_index\":1e3,\"delta\":\"a\",\"type\":\"response.output_text.delta\"}",
                "{",
                ""
            })
    void leavesEverythingElseToTheTree(String event) {
        assertThat(new ResponsesDelta().read(utf8(event), 0, utf8(event).length))
                .isNull();
    }

    // wire-spec §5 rule 7
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense|502",
                "[]|502",
                "{\"id\":\"chatcmpl-1\",\"choices\":[]}|502",
                "{\"error\":{\"message\":\"x\",\"code\":429}}|429",
                "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"},\"output\":[]}|500",
                "{\"status\":\"cancelled\",\"output\":[]}|502"
            })
    void reportsDocumentsThatAreNoAnswer(String document, int status) {
        assertThat(Objects.requireNonNull(
                                ResponsesExchange.readWhole(utf8(document)).error())
                        .status())
                .isEqualTo(status);
    }
}
