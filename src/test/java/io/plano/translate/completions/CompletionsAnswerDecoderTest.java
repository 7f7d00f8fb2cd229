package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.tree;
import static io.plano.translate.completions.CompletionsCases.utf8;
import static io.plano.translate.completions.CompletionsCases.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionsAnswerDecoderTest {
    private static ChatAnswer message(String message) {
        return whole("{'id':'1','choices':[{'index':0,'message':" + message + ",'finish_reason':'stop'}]}")
                .answer();
    }

    @Test
    void putsThoughtsBeforeTextBeforeCalls() {
        ChatAnswer answer =
                message("{'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':{'a':1}}}],"
                        + "'content':'b','reasoning_content':'a','refusal':null}");
        assertThat(answer.content()).hasSize(3);
        assertThat(answer.content().get(0)).isInstanceOf(Part.Thought.class);
        assertThat(answer.content().get(1)).isEqualTo(new Part.Text("b"));
        assertThat(((Part.ToolCall) answer.content().get(2)).arguments()).isEqualTo("{\"a\":1}");
        assertThat(answer.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void readsBlocksOfThoughtRatherThanTheirText() {
        ChatAnswer answer = message("{'content':'x','reasoning_content':'a\\n\\nb','thinking_blocks':["
                + "{'type':'thinking','thinking':'a','signature':'s'},{'type':'redacted_thinking','data':'r'},"
                + "{'type':'thinking','thinking':'b'},{'type':'thinking','thinking':'b'}]}");
        assertThat(answer.content()).hasSize(5);
        assertThat(((Part.Thought) answer.content().get(0)).signature())
                .isEqualTo(new Signature(WireFormat.COMPLETIONS, "s"));
        assertThat(((Part.Thought) answer.content().get(2)).text()).isEqualTo("b");
        assertThat(((Part.Thought) answer.content().get(3)).text()).isEqualTo("b");
    }

    // sse §3: DeepSeek sends blank lines while it is busy
    @Test
    void skipsBlankLinesInFrontOfTheDocument() {
        assertThat(whole("\n\n  {'choices':[{'message':{'content':'a'},'finish_reason':null}]}")
                        .answer()
                        .text())
                .isEqualTo("a");
    }

    // wire-spec §5 rule 7
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'boom','code':429}}",
                "{'choices':[{'index':0,'message':{'content':''},'error':{'message':'boom','code':429}}]}",
                "{'object':'error','message':'boom','code':429}"
            })
    void findsErrorsBehindASuccess(String body) {
        assertThat(whole(body).failure().message()).isEqualTo("boom");
        assertThat(whole(body).failure().status()).isEqualTo(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "[]", "{'choices':[]}", "{'choices':[7]}", "{'choices':{}}"})
    void refusesWhatIsNoAnswer(String body) {
        assertThat(whole(body).failure().status()).isEqualTo(502);
        assertThat(whole(body).failure().code()).isEqualTo("upstream_invalid");
    }

    // wire-spec §3.3
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt_tokens':9,'completion_tokens':4,'total_tokens':13}|9|-1|-1|4|-1",
                "{'prompt_tokens':9,'prompt_tokens_details':{'cached_tokens':3,'cache_write_tokens':2},'completion_tokens':4}|9|3|2|4|-1",
                "{'prompt_tokens':9,'prompt_tokens_details':null,'prompt_cache_hit_tokens':5,'completion_tokens':4}|9|5|-1|4|-1",
                "{'prompt_tokens':9,'cache_read_input_tokens':5,'cache_creation_input_tokens':1,'completion_tokens':4}|9|5|1|4|-1",
                "{'prompt_tokens':9,'completion_tokens':4,'completion_tokens_details':{'reasoning_tokens':3},'total_tokens':13}|9|-1|-1|4|3",
                "{'prompt_tokens':9,'completion_tokens':4,'completion_tokens_details':{'reasoning_tokens':3},'total_tokens':16}|9|-1|-1|7|3"
            })
    void countsTokens(String usage, long input, long read, long written, long output, long reasoning) {
        assertThat(CompletionsUsage.read(tree(usage))).isEqualTo(new Usage(input, read, written, output, reasoning));
    }

    @Test
    void readsTextAsItIs() {
        assertThat(whole(utf8("{\"choices\":[{\"message\":{\"content\":\"'é😀\"},\"finish_reason\":\"length\"}]}"))
                        .answer()
                        .text())
                .isEqualTo("'é😀");
    }
}
