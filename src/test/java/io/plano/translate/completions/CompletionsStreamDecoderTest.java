package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.stream;
import static io.plano.translate.completions.CompletionsCases.tree;
import static io.plano.translate.completions.CompletionsCases.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.SseParser;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.completions.CompletionsCases.Outcome;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import io.plano.translate.openai.Strict;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionsStreamDecoderTest {
    private static final String ROLE = delta("{'role':'assistant','content':''}");
    private static final String STOP = finish("'stop'");
    private static final String DONE = "[DONE]";

    private static String chunk(String choice) {
        return "{'id':'chatcmpl-1','object':'chat.completion.chunk','created':7,'model':'m','choices':[" + choice
                + "]}";
    }

    private static String delta(String delta) {
        return chunk("{'index':0,'delta':" + delta + ",'logprobs':null,'finish_reason':null}");
    }

    private static String finish(String reason) {
        return chunk("{'index':0,'delta':{},'finish_reason':" + reason + "}");
    }

    private static String call(String call) {
        return delta("{'tool_calls':[" + call + "]}");
    }

    private static List<Part.ToolCall> calls(String... data) {
        return stream(data).answer().content().stream()
                .map(part -> (Part.ToolCall) part)
                .toList();
    }

    // wire-spec §9 rule 3
    @Test
    void skipsAzuresFirstChunk() {
        ChatAnswer answer = stream(
                        "{'choices':[],'created':0,'id':'','model':'','object':'','prompt_filter_results':[]}",
                        ROLE,
                        delta("{'content':'hi'}"),
                        STOP,
                        chunk("{'index':0,'delta':{},'finish_reason':null,'content_filter_offsets':{}}"),
                        DONE)
                .answer();
        assertThat(answer.start().id()).isEqualTo("chatcmpl-1");
        assertThat(answer.start().model()).isEqualTo("m");
        assertThat(answer.start().created()).isEqualTo(7);
        assertThat(answer.text()).isEqualTo("hi");
    }

    // wire-spec §9 rules 18 and 19
    @Test
    void takesTheLastUsageWhereverItStands() {
        Usage usage = stream(
                        ROLE.replace("'choices'", "'usage':{'prompt_tokens':1,'completion_tokens':0},'choices'"),
                        delta("{'content':'hi'}"),
                        STOP,
                        "{'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':2,'total_tokens':7,"
                                + "'prompt_tokens_details':{'cached_tokens':3}}}",
                        DONE)
                .answer()
                .usage();
        assertThat(usage).isEqualTo(new Usage(5, 3, Usage.UNKNOWN, 2, Usage.UNKNOWN));
    }

    // wire-spec §3.2 rule 4
    @Test
    void waitsForToolsWhateverTheServerSays() {
        assertThat(stream(ROLE, call("{'index':0,'id':'1','function':{'name':'f','arguments':'{}'}}"), STOP, DONE)
                        .answer()
                        .finish())
                .isEqualTo(new Finish(FinishReason.TOOL_CALLS));
    }

    @Test
    void knowsTheStopSequenceThatCame() {
        String end = chunk("{'index':0,'delta':{'content':''},'finish_reason':'stop','stop_reason':'END'}");
        assertThat(stream(ROLE, delta("{'content':'a'}"), end, DONE).answer().finish())
                .isEqualTo(new Finish(FinishReason.STOP_SEQUENCE, "END"));
        assertThat(stream(ROLE, end.replace("'END'", "7"), DONE).answer().finish())
                .isEqualTo(new Finish(FinishReason.STOP));
    }

    @ParameterizedTest
    @CsvSource({
        "length,LENGTH",
        "model_length,LENGTH",
        "tool_calls,TOOL_CALLS",
        "function_call,TOOL_CALLS",
        "content_filter,CONTENT_FILTER",
        "SAFETY,CONTENT_FILTER",
        "sensitive,CONTENT_FILTER",
        "end_turn,STOP",
        "something_new,STOP"
    })
    void knowsTheWordsOfOthers(String word, FinishReason reason) {
        assertThat(stream(ROLE, delta("{'content':'a'}"), finish("'" + word + "'"), DONE)
                        .answer()
                        .finish()
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void takesAnUnknownWordWithoutAnAnswerForAFailure() {
        assertThat(stream(ROLE, finish("'OTHER'"), DONE).failure().status()).isEqualTo(502);
    }

    // wire-spec §4.1 and §4.3 rule 4
    @Test
    void putsCallsTogetherFromTheirPieces() {
        List<Part.ToolCall> calls = calls(
                ROLE,
                call("{'index':0,'id':'1','type':'function','function':{'name':'f','arguments':''}}"),
                call("{'index':0,'function':{'arguments':'{\\u0022a\\u0022:'}}"),
                call("{'index':0,'function':{'arguments':'1}'}}"),
                call("{'index':1,'id':'2','type':'function','function':{'name':'g','arguments':''}}"),
                call("{'index':1,'function':{'arguments':'{}'}}"),
                finish("'tool_calls'"),
                DONE);
        assertThat(calls).extracting(Part.ToolCall::id).containsExactly("1", "2");
        assertThat(calls).extracting(Part.ToolCall::arguments).containsExactly("{\"a\":1}", "{}");
    }

    @Test
    void takesNamesAndIdsThatComeLate() {
        List<Part.ToolCall> calls = calls(
                ROLE,
                call("{'index':0,'id':'1','function':{'arguments':'{'}}"),
                call("{'index':0,'function':{'name':'f','arguments':'}'}}"),
                call("{'index':1,'function':{'name':'g','arguments':'{}'}}"),
                call("{'index':1,'id':'2'}"),
                STOP,
                DONE);
        assertThat(calls).extracting(Part.ToolCall::name).containsExactly("f", "g");
        assertThat(calls).extracting(Part.ToolCall::id).containsExactly("1", "2");
        assertThat(calls).extracting(Part.ToolCall::arguments).containsExactly("{}", "{}");
    }

    @Test
    void takesCallsInTurns() {
        List<Part.ToolCall> calls = calls(
                ROLE,
                call("{'index':0,'id':'1','function':{'name':'f','arguments':'['}}"),
                call("{'index':1,'id':'2','function':{'name':'g','arguments':'['}}"),
                call("{'index':0,'function':{'arguments':'1]'}}"),
                call("{'index':1,'function':{'arguments':'2]'}}"),
                call("{'index':0,'function':{'arguments':' '}},{'index':1,'function':{'arguments':' '}}"),
                STOP,
                DONE);
        assertThat(calls).extracting(Part.ToolCall::arguments).containsExactly("[1] ", "[2] ");
    }

    @Test
    void tellsCallsApartThatShareAnIndexOrHaveNone() {
        List<Part.ToolCall> same = calls(
                ROLE,
                call("{'index':0,'id':'1','function':{'name':'f','arguments':'{}'}}"),
                call("{'index':0,'id':'2','function':{'name':'f','arguments':'{}'}}"),
                STOP,
                DONE);
        assertThat(same).extracting(Part.ToolCall::id).containsExactly("1", "2");
        List<Part.ToolCall> none = calls(
                ROLE,
                call("{'id':'1','function':{'name':'f','arguments':'{'}}"),
                call("{'function':{'arguments':'}'}}"),
                call("{'id':'2','function':{'name':'f','arguments':'{}'}}"),
                STOP,
                DONE);
        assertThat(none).extracting(Part.ToolCall::arguments).containsExactly("{}", "{}");
        List<Part.ToolCall> nameless = calls(
                ROLE,
                call("{'index':0,'id':'','function':{'name':'f','arguments':'{}'}}"),
                call("{'index':0,'id':'','function':{'name':'g','arguments':'{}'}}"),
                STOP,
                DONE);
        assertThat(nameless).extracting(Part.ToolCall::name).containsExactly("f", "g");
        assertThat(nameless)
                .extracting(Part.ToolCall::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("call_.+"));
    }

    @Test
    void repeatsOfNameAndIdAreNoNewCalls() {
        String piece = "{'index':0,'id':'1','type':'function','function':{'name':'f','arguments':'%s'}}";
        List<Part.ToolCall> calls = calls(
                ROLE, call(piece.formatted("{")), call(piece.formatted("}")), call(piece.formatted("")), STOP, DONE);
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).arguments()).isEqualTo("{}");
    }

    @Test
    void refusesACallWithoutAName() {
        assertThat(stream(ROLE, call("{'index':0,'id':'1','function':{'arguments':'{}'}}"), STOP, DONE)
                        .failure()
                        .status())
                .isEqualTo(502);
    }

    @Test
    void readsToolsOfFreeTextAndFunctionsOfTheOldForm() {
        List<Part.ToolCall> custom = calls(
                ROLE,
                call("{'index':0,'id':'1','type':'custom','custom':{'name':'f','input':''}}"),
                call("{'index':0,'custom':{'input':'ls'}}"),
                finish("'tool_calls'"),
                DONE);
        assertThat(custom.get(0).kind()).isEqualTo(ToolKind.CUSTOM);
        assertThat(custom.get(0).arguments()).isEqualTo("ls");
        List<Part.ToolCall> old = calls(
                delta("{'role':'assistant','content':null,'function_call':{'name':'f','arguments':''}}"),
                delta("{'function_call':{'arguments':'{}'}}"),
                finish("'function_call'"),
                DONE);
        assertThat(old.get(0).name()).isEqualTo("f");
        assertThat(old.get(0).arguments()).isEqualTo("{}");
        assertThat(old.get(0).id()).matches("call_[A-Za-z0-9_-]+");
    }

    // wire-spec §2.6
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'reasoning_content':'so'}",
                "{'content':'','reasoning':'so','reasoning_details':[{'type':'reasoning.text','text':'so'}]}",
                "{'reasoning':null,'reasoning_details':[{'type':'reasoning.summary','summary':'so'}]}",
                "{'content':[{'type':'thinking','thinking':[{'type':'text','text':'so'}]}]}",
                "{'reasoning_content':'so','thinking_blocks':[{'type':'thinking','thinking':'so','signature':''}]}"
            })
    void hearsThoughtsInEveryForm(String delta) {
        ChatAnswer answer = stream(ROLE, delta(delta), delta("{'content':'yes'}"), STOP, DONE)
                .answer();
        assertThat(answer.content()).hasSize(2);
        assertThat(((Part.Thought) answer.content().get(0)).text()).isEqualTo("so");
        assertThat(answer.content().get(1)).isEqualTo(new Part.Text("yes"));
    }

    @Test
    void hearsTheProofOfThoughts() {
        ChatAnswer answer = stream(
                        ROLE,
                        delta("{'reasoning_content':'a','thinking_blocks':[{'type':'thinking','thinking':'a'}]}"),
                        delta("{'reasoning_content':'b','thinking_blocks':[{'type':'thinking','thinking':'b'}]}"),
                        delta("{'thinking_blocks':[{'type':'thinking','thinking':'','signature':'s'}]}"),
                        delta("{'thinking_blocks':[{'type':'redacted_thinking','data':'r'}]}"),
                        delta("{'reasoning_content':'c'}"),
                        delta("{'thinking_blocks':[{'type':'thinking','thinking':'c','signature':'t'}]}"),
                        STOP,
                        DONE)
                .answer();
        assertThat(answer.content())
                .extracting(part -> part instanceof Part.Thought thought
                        ? thought.text() + " " + thought.signature()
                        : ((Part.RedactedThought) part).data().toString())
                .containsExactly(
                        "ab " + new Signature(WireFormat.COMPLETIONS, "s"),
                        new Signature(WireFormat.COMPLETIONS, "r").toString(),
                        "c " + new Signature(WireFormat.COMPLETIONS, "t"));
    }

    @Test
    void readsContentInParts() {
        assertThat(stream(ROLE, delta("{'content':[{'type':'text','text':'a'},{'type':'reference'},'b']}"), STOP, DONE)
                        .answer()
                        .text())
                .isEqualTo("ab");
    }

    @Test
    void readsRefusalsSourcesAndProbabilities() {
        ChatAnswer answer = stream(
                        ROLE,
                        chunk(
                                "{'index':0,'delta':{'content':'a'},'logprobs':{'content':[{'token':'a'}]},'finish_reason':null}"),
                        delta("{'annotations':[{'type':'url_citation','url_citation':"
                                + "{'url':'https://h','title':'t','start_index':0,'end_index':1}}]}"),
                        delta("{'refusal':'no'}"),
                        STOP,
                        DONE)
                .answer();
        assertThat(answer.logprobs()).isEqualTo(tree("[{'token':'a'}]"));
        assertThat(answer.citations()).hasSize(1);
        assertThat(answer.citations().get(0).url()).isEqualTo("https://h");
        assertThat(answer.content().get(1))
                .isEqualTo(new Part.Refusal("no", answer.content().get(1).extras()));
    }

    // wire-spec §4.3 rule 7
    @Test
    void hearsTheFirstOfSeveralChoices() {
        assertThat(stream(
                                ROLE,
                                chunk("{'index':1,'delta':{'content':'x'},'finish_reason':null}"),
                                delta("{'content':'a'}"),
                                chunk("{'index':1,'delta':{},'finish_reason':'length'}"),
                                STOP,
                                DONE)
                        .answer()
                        .text())
                .isEqualTo("a");
    }

    // wire-spec §4.6, sse §3
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {'error':{'message':'boom','type':'server_error','code':null}}\n\ndata: [DONE]\n\n",
                "data: {'error':'boom'}\n\n",
                "data: {'object':'error','message':'boom','code':500}\n\n",
                "data: {'type':'error','error':{'message':'boom'}}\n\n",
                "event: error\ndata: {'error':{'message':'boom','status_code':500}}\n\n",
                "event: error\ndata: {'message':'boom'}\n\n",
                "event: error\ndata: boom\n\n",
                "data: {'id':'1','error':{'code':500,'message':'boom'},'choices':[{'index':0,'delta':{'content':''},'finish_reason':'error'}]}\n\n",
                "data: {'id':'1','choices':[{'index':0,'delta':{'content':''},'finish_reason':'error','error':{'message':'boom'}}]}\n\n"
            })
    void failsWhereTheProviderDoes(String error) {
        String start = "data: " + ROLE + "\n\ndata: " + delta("{'content':'a'}") + "\n\n";
        for (String before : List.of("", start, start + "data: " + STOP + "\n\n")) {
            UpstreamError failure =
                    stream(CompletionsCases.json(before + error)).failure();
            assertThat(failure.message()).isEqualTo("boom");
            assertThat(failure.status()).isIn(500, 502);
        }
    }

    @Test
    void failsWhereTheReasonToFinishIsAFailure() {
        assertThat(stream(ROLE, delta("{'content':'a'}"), finish("'error'"), DONE)
                        .failure()
                        .status())
                .isEqualTo(502);
        assertThat(stream(ROLE, delta("{'content':'a'}"), finish("'insufficient_system_resource'"))
                        .failure()
                        .message())
                .contains("insufficient_system_resource");
    }

    // wire-spec §9 rule 23
    @Test
    void isCompleteWithAReasonToFinishOrTheLastWord() {
        assertThat(stream(ROLE, delta("{'content':'a'}"), STOP).answer().text()).isEqualTo("a");
        assertThat(stream(ROLE, delta("{'content':'a'}"), DONE).answer().text()).isEqualTo("a");
        assertThat(stream(ROLE, delta("{'content':'a'}")).failure().code()).isEqualTo("upstream_truncated");
        assertThat(stream(utf8("")).failure().code()).isEqualTo("upstream_truncated");
    }

    // translation case 117
    @Test
    void takesTheLastWordAloneForAnEmptyAnswer() {
        ChatAnswer answer = stream(DONE).answer();
        assertThat(answer.content()).isEmpty();
        assertThat(answer.finish()).isEqualTo(new Finish(FinishReason.STOP));
    }

    @Test
    void ignoresWhatFollowsTheEnd() {
        Outcome outcome = stream(ROLE, STOP, DONE, delta("{'content':'x'}"), "nonsense", DONE);
        assertThat(outcome.answer().text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nonsense", "{'choices':[{'index':0,'delta':{'content':'a'}", "7", "[1]", "null"})
    void failsOnWhatIsNoChunk(String data) {
        assertThat(stream(ROLE, data, STOP, DONE).failure().code()).isEqualTo("upstream_invalid");
        assertThat(stream(data).failure().code()).isEqualTo("upstream_invalid");
    }

    @Test
    void readsTextThatIsNoUtf8WithReplacements() throws IOException {
        byte[] events = utf8(("data: " + ROLE + "\n\ndata: " + delta("{'content':'a?b'}") + "\n\ndata: "
                        + delta("{'content':'c?d','x':7}") + "\n\ndata: [DONE]\n\n")
                .replace('\'', '"'));
        for (int i = 0; i < events.length; i++) {
            events[i] = events[i] == '?' ? (byte) 0xFF : events[i];
        }
        assertThat(stream(events).answer().text()).isEqualTo("a\ufffdbc\ufffdd");
    }

    @Test
    void readsEveryEscape() {
        byte[] events = utf8("data: " + ROLE.replace('\'', '"') + "\n\ndata: "
                + "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀\"},"
                + "\"finish_reason\":null}]}\n\ndata: [DONE]\n\n");
        assertThat(stream(events).answer().text()).isEqualTo("\"\\/\b\f\n\r\té😀é😀");
    }

    /** One recorded stream of every kind, cut in two at every byte. */
    @Test
    void streamsMayBeCutAnywhere() throws IOException {
        List<String> kinds = List.of(
                "openai-multiple-tools-streaming-with-content",
                "openrouter-stream-error",
                "openrouter-cache-streaming-e2e",
                "huggingface-cancel-recorded-provider-stream-huggingface-2of2");
        for (GoldenCase golden : GoldenCase.of("openai-chat", "openai-chat-compat")) {
            if (kinds.contains(golden.name())) {
                byte[] events = golden.read("response.sse");
                Outcome expected = stream(events);
                for (int cut = 0; cut <= events.length; cut++) {
                    assertThat(cut(events, cut)).isEqualTo(expected);
                }
            }
        }
    }

    private static Outcome cut(byte[] events, int at) throws IOException {
        AnswerCollector collector = new AnswerCollector();
        CompletionsStreamDecoder decoder = new CompletionsStreamDecoder(new Strict(collector));
        SseParser parser = new SseParser(decoder);
        parser.accept(Arrays.copyOfRange(events, 0, at), 0, at);
        parser.accept(Arrays.copyOfRange(events, at, events.length), 0, events.length - at);
        parser.end();
        decoder.end();
        return new Outcome(collector.answer(), collector.error());
    }
}
