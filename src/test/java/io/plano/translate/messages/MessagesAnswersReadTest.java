package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.answer;
import static io.plano.translate.messages.Messages.json;
import static io.plano.translate.messages.Messages.stream;
import static io.plano.translate.messages.Messages.utf8;
import static io.plano.translate.messages.Messages.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of Anthropic, whole and streamed: wire-spec §3 and §4. */
class MessagesAnswersReadTest {
    private static final String START =
            "{'type':'message_start','message':{'id':'msg_1','model':'claude','usage':{'input_tokens':3,'cache_read_input_tokens':5,'cache_creation_input_tokens':2,'output_tokens':1}}}";
    private static final String STOP = "{'type':'message_stop'}";

    private static String startOf(String block) {
        return "{'type':'content_block_start','index':0,'content_block':" + block + "}";
    }

    private static String delta(String delta) {
        return "{'type':'content_block_delta','index':0,'delta':" + delta + "}";
    }

    private static final String BLOCK_STOP = "{'type':'content_block_stop','index':0}";

    private static String end(String reason) {
        return "{'type':'message_delta','delta':{'stop_reason':'" + reason + "'},'usage':{'output_tokens':9}}";
    }

    private static UpstreamError error(AnswerCollector collector) {
        assertThat(collector.answer()).isNull();
        return Objects.requireNonNull(collector.error());
    }

    // §3.2
    @ParameterizedTest
    @CsvSource({
        "end_turn, STOP",
        "stop_sequence, STOP_SEQUENCE",
        "max_tokens, LENGTH",
        "tool_use, TOOL_CALLS",
        "refusal, CONTENT_FILTER",
        "pause_turn, PAUSED",
        "model_context_window_exceeded, CONTEXT_FULL",
        "something_new, STOP"
    })
    void knowsEveryReasonToStop(String word, FinishReason reason) {
        assertThat(answer(whole(utf8(json("{'content':[],'stop_reason':'" + word + "'}")
                                .toString())))
                        .finish()
                        .reason())
                .isEqualTo(reason);
        assertThat(answer(stream(START, end(word), STOP)).finish().reason()).isEqualTo(reason);
    }

    // §3.4
    @Test
    void keepsWhyTheModelDeclined() {
        ChatAnswer response = answer(stream(
                START,
                "{'type':'message_delta','delta':{'stop_reason':'refusal','stop_details':{'type':'refusal','category':'cyber','explanation':'Not this.'}}}",
                STOP));
        assertThat(response.finish().detail()).isEqualTo("Not this.");
    }

    // §3.3, §9.4, §9.18
    @Test
    void mergesCountsThatAreCumulativeAndMayBeMissing() {
        assertThat(answer(stream(START, end("end_turn"), STOP)).usage())
                .isEqualTo(new Usage(10, 5, 2, 9, Usage.UNKNOWN));
        assertThat(answer(stream(
                                START,
                                "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'input_tokens':4,'cache_read_input_tokens':null,'output_tokens':9,'output_tokens_details':{'thinking_tokens':6}}}",
                                STOP))
                        .usage())
                .isEqualTo(new Usage(11, 5, 2, 9, 6));
    }

    // §4.2, §9.1
    @Test
    void givesACallWithoutArgumentsAnEmptyObject() {
        ChatAnswer response = answer(stream(
                START,
                startOf("{'type':'tool_use','id':'toolu_1','name':'f','input':{}}"),
                delta("{'type':'input_json_delta','partial_json':''}"),
                BLOCK_STOP,
                end("tool_use"),
                STOP));
        assertThat(response.content())
                .containsExactly(new Part.ToolCall("toolu_1", "f", ToolKind.FUNCTION, "{}", Extras.NONE));
    }

    @Test
    void takesInputThatComesAtTheStart() {
        ChatAnswer response = answer(stream(
                START,
                startOf("{'type':'tool_use','id':'toolu_1','name':'f','input':{'a':1}}"),
                BLOCK_STOP,
                end("tool_use"),
                STOP));
        assertThat(((Part.ToolCall) response.content().get(0)).arguments()).isEqualTo("{\"a\":1}");
    }

    // §4.2, §9.9
    @Test
    void numbersCallsAndNotBlocks() {
        ChatAnswer response = answer(stream(
                START,
                startOf("{'type':'text','text':''}"),
                delta("{'type':'text_delta','text':'a'}"),
                BLOCK_STOP,
                "{'type':'content_block_start','index':1,'content_block':{'type':'tool_use','id':'x','name':'f','input':{}}}",
                "{'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':'{}'}}",
                "{'type':'content_block_stop','index':1}",
                "{'type':'content_block_start','index':2,'content_block':{'type':'server_tool_use','id':'s','name':'web_search','input':{}}}",
                "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'{\\u0022q\\u0022:1}'}}",
                "{'type':'content_block_stop','index':2}",
                "{'type':'content_block_start','index':3,'content_block':{'type':'tool_use','id':'y','name':'g','input':{}}}",
                "{'type':'content_block_stop','index':3}",
                end("tool_use"),
                STOP));
        assertThat(response.content()).hasSize(4);
        assertThat(((Part.Native) response.content().get(2)).value())
                .isEqualTo(json("{'type':'server_tool_use','id':'s','name':'web_search','input':{'q':1}}"));
        assertThat(((Part.ToolCall) response.content().get(3)).name()).isEqualTo("g");
    }

    // §2.6 rules 7 and 8
    @Test
    void keepsThoughtsThatShowNothingAndEncryptedOnes() {
        ChatAnswer response = answer(stream(
                START,
                startOf("{'type':'thinking','thinking':'','signature':''}"),
                delta("{'type':'signature_delta','signature':'abc'}"),
                BLOCK_STOP,
                startOf("{'type':'redacted_thinking','data':'xyz'}"),
                BLOCK_STOP,
                end("end_turn"),
                STOP));
        assertThat(response.content())
                .containsExactly(
                        new Part.Thought("", new Signature(WireFormat.MESSAGES, "abc"), Extras.NONE),
                        new Part.RedactedThought(new Signature(WireFormat.MESSAGES, "xyz"), Extras.NONE));
    }

    // §2.10, §9.20
    @Test
    void citesForTheBlockThatIsOpen() {
        ChatAnswer response = answer(stream(
                START,
                startOf("{'type':'text','text':''}"),
                delta("{'type':'text_delta','text':'One. '}"),
                BLOCK_STOP,
                startOf("{'type':'text','text':'','citations':[]}"),
                delta(
                        "{'type':'citations_delta','citation':{'type':'web_search_result_location','url':'https://x','title':'T','cited_text':'Two'}}"),
                delta("{'type':'text_delta','text':'Two😀'}"),
                BLOCK_STOP,
                end("end_turn"),
                STOP));
        assertThat(response.text()).isEqualTo("One. Two😀");
        assertThat(response.citations()).hasSize(1);
        assertThat(response.citations().get(0).url()).isEqualTo("https://x");
        assertThat(response.citations().get(0).start()).isEqualTo(5);
        assertThat(response.citations().get(0).end()).isEqualTo(9);
    }

    @Test
    void readsEscapesWithAndWithoutATree() {
        String escaped = "\\\"a\\\\\\n\\t\\u00e9\\ud83d\\ude00/\\/\\b\\f\\r";
        String text = "\"a\\\n\té😀//\b\f\r";
        for (String space : new String[] {"", " "}) {
            String data = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":" + space
                    + "{\"type\":\"text_delta\",\"text\":\"" + escaped + "\"}   }\n\n";
            String all = "data: " + json(startOf("{'type':'text','text':''}")) + "\n\n" + data + "data: " + json(STOP)
                    + "\n\n";
            assertThat(answer(stream(utf8(all), 3)).text()).isEqualTo(text);
        }
    }

    // sse.md §3
    @Test
    void skipsPingsUnknownEventsAndMarksOfOtherApis() {
        String all = "event: ping\ndata: {\"type\": \"ping\"}\n\nevent: vertex_event\ndata: {\"a\":1}\n\n"
                + "data: " + json(START) + "\n\ndata: " + json(startOf("{'type':'text','text':'a'}"))
                + "\n\ndata: " + json(delta("{'type':'new_delta','x':1}")) + "\n\ndata: " + json(end("end_turn"))
                + "\n\ndata: [DONE]\n\n";
        assertThat(answer(stream(utf8(all), Integer.MAX_VALUE)).text()).isEqualTo("a");
    }

    // sse.md §5
    @Test
    void ignoresWhatComesBehindTheEnd() {
        ChatAnswer response = answer(stream(
                START,
                end("end_turn"),
                STOP,
                STOP,
                startOf("{'type':'text','text':'late'}"),
                "{'type':'error','error':{'type':'api_error','message':'late'}}"));
        assertThat(response.content()).isEmpty();
    }

    // §4.6
    @Test
    void failsWithAnErrorInTheStream() {
        UpstreamError error =
                error(stream(START, "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}"));
        assertThat(error.status()).isEqualTo(529);
        assertThat(error.type()).isEqualTo("overloaded_error");
        assertThat(error.message()).isEqualTo("Overloaded");
    }

    // §9.23
    @Test
    void failsWhereTheStreamEndsWithoutAReason() {
        assertThat(error(stream(START)).code()).isEqualTo("upstream_truncated");
        assertThat(error(stream()).code()).isEqualTo("upstream_truncated");
        assertThat(answer(stream(START, end("end_turn"))).finish().reason()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"type\":\n\n", "data: 5\n\n", "data: <html>\n\n"})
    void failsWithDataThatIsNoEvent(String stream) {
        assertThat(error(stream(utf8(stream), Integer.MAX_VALUE)).status()).isEqualTo(502);
    }

    // §5.2 rule 7
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'error','error':{'type':'rate_limit_error','message':'slow'}} | 429",
                "{'error':{'message':'no','code':402}} | 402",
                "{} | 502",
                "[] | 502",
                "not json | 502"
            })
    void failsWithAWholeAnswerThatIsNone(String body, int status) {
        assertThat(error(whole(utf8(body.replace('\'', '"')))).status()).isEqualTo(status);
    }
}
