package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.json;
import static io.plano.translate.messages.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the Messages API says, in the neutral form. */
class MessagesRequestDecodingTest {
    private static Part part(String block) {
        return partOf("user", block);
    }

    private static Part partOf(String role, String block) {
        List<Turn> turns = request("{'messages':[{'role':'" + role + "','content':[" + block + "]}]}")
                .turns();
        return turns.get(0).parts().get(0);
    }

    /** What Claude Code 2.1.330 sends, shortened. */
    @Test
    void readsWhatClaudeCodeSends() {
        ChatRequest request = request("""
                {'model':'claude-opus-5-5',
                 'messages':[
                  {'role':'user','content':[{'type':'text','text':'reminder'},{'type':'text','text':'say hi'}]},
                  {'role':'system','content':[{'type':'text','text':'skills','cache_control':{'type':'ephemeral'}}],
                   'output_config':{'effort':'medium'}}],
                 'system':[{'type':'text','text':'a'},{'type':'text','text':'b','cache_control':{'type':'ephemeral'}}],
                 'tools':[{'name':'Bash','description':'runs','input_schema':{'$schema':'x','type':'object'}}],
                 'metadata':{'user_id':'u'},'max_tokens':128000,
                 'thinking':{'type':'adaptive','display':'omitted'},
                 'context_management':{'edits':[]},
                 'output_config':{'effort':'medium'},'stream':true}""");
        assertThat(request.turns())
                .extracting(Turn::role)
                .containsExactly(Turn.Role.SYSTEM, Turn.Role.USER, Turn.Role.SYSTEM);
        assertThat(request.turns().get(0).parts()).hasSize(2);
        assertThat(request.turns().get(2).extras().members()).containsOnlyKeys("output_config");
        assertThat(request.turns().get(2).parts().get(0).extras().get("cache_control"))
                .isNotNull();
        assertThat(request.reasoning()).isEqualTo(new Reasoning(Reasoning.Mode.ADAPTIVE, "medium", null, "omitted"));
        assertThat(request.account().user()).isEqualTo("u");
        assertThat(request.delivery().isStream()).isTrue();
        assertThat(request.extras())
                .isEqualTo(Extras.of(WireFormat.MESSAGES, Map.of("context_management", json("{'edits':[]}"))));
    }

    // wire-spec §2.2
    @Test
    void takesAStringAndABlockForTheSame() {
        ChatRequest text = request("{'system':'s','messages':[{'role':'user','content':'hi'}]}");
        ChatRequest blocks = request(
                "{'system':[{'type':'text','text':'s'}],'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}]}");
        assertThat(text).isEqualTo(blocks);
    }

    // wire-spec §2.3
    @Test
    void readsEverySourceOfImagesAndDocuments() {
        assertThat(part("{'type':'image','source':{'type':'base64','media_type':'image/PNG','data':'AA=='}}"))
                .isEqualTo(new Part.Image(new Media.Inline("image/png", "AA=="), null, Extras.NONE));
        assertThat(part("{'type':'image','source':{'type':'url','url':'https://x/y.png'}}"))
                .isEqualTo(new Part.Image(new Media.Remote("https://x/y.png"), null, Extras.NONE));
        assertThat(part("{'type':'image','source':{'type':'file','file_id':'file_1'}}"))
                .isEqualTo(new Part.Image(new Media.Uploaded("file_1"), null, Extras.NONE));
        assertThat(
                        part(
                                "{'type':'document','title':'T','source':{'type':'text','media_type':'text/plain','data':'words'}}"))
                .isEqualTo(new Part.Document(new Media.PlainText("text/plain", "words"), "T", Extras.NONE));
    }

    @Test
    void readsADocumentOfBlocksAsItsTextAndKeepsTheBlocks() {
        String block =
                "{'type':'document','source':{'type':'content','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}}";
        Part.Document document = (Part.Document) part(block);
        assertThat(document.media()).isEqualTo(new Media.PlainText("text/plain", "a\nb"));
        assertThat(Messages.body(request("{'messages':[{'role':'user','content':[" + block + "]}]}"))
                        .at("/messages/0/content/0"))
                .isEqualTo(json(block));
    }

    @Test
    void readsASearchResultAsItsTextAndKeepsIt() {
        String block =
                "{'type':'search_result','source':'https://x','title':'T','content':[{'type':'text','text':'words'}],'citations':{'enabled':true}}";
        assertThat(((Part.Text) part(block)).text()).isEqualTo("T\nhttps://x\nwords");
        assertThat(Messages.body(request("{'messages':[{'role':'user','content':[" + block + "]}]}"))
                        .at("/messages/0/content/0"))
                .isEqualTo(json(block));
    }

    // wire-spec §2.10
    @Test
    void leavesOutWhatProvidersWroteAndRefusesWhatTheUserDid() {
        assertThat(partOf("assistant", "{'type':'server_tool_use','id':'s','name':'web_search','input':{}}"))
                .isInstanceOfSatisfying(
                        Part.Native.class, block -> assertThat(block.loss()).isEqualTo(Loss.DROP));
        assertThat(partOf("assistant", "{'type':'web_search_tool_result','tool_use_id':'s','content':[]}"))
                .isInstanceOfSatisfying(
                        Part.Native.class, block -> assertThat(block.loss()).isEqualTo(Loss.DROP));
        assertThat(partOf("system", "{'type':'tool_addition','tool':{}}"))
                .isInstanceOfSatisfying(
                        Part.Native.class, block -> assertThat(block.loss()).isEqualTo(Loss.DROP));
        assertThat(part("{'type':'container_upload','file_id':'f'}"))
                .isInstanceOfSatisfying(
                        Part.Native.class, block -> assertThat(block.loss()).isEqualTo(Loss.REFUSE));
    }

    // wire-spec §2.5 rule 2
    @Test
    void givesResultsATurnOfTheirOwn() {
        List<Turn> turns = request("""
                {'messages':[
                 {'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},
                 {'role':'user','content':[
                  {'type':'tool_result','tool_use_id':'a','content':'1','is_error':true},
                  {'type':'tool_result','tool_use_id':'b'},
                  {'type':'text','text':'go on'}]}]}""").turns();
        assertThat(turns).hasSize(3);
        assertThat(turns.get(1).parts())
                .containsExactly(
                        new Part.ToolResult(
                                "a", List.of(new Part.Text("1")), Part.ToolResult.Status.ERROR, Extras.NONE),
                        new Part.ToolResult("b", List.of(), Part.ToolResult.Status.UNKNOWN, Extras.NONE));
        assertThat(turns.get(2).parts()).containsExactly(new Part.Text("go on"));
    }

    // wire-spec §2.1 rule 9
    @Test
    void keepsDigitsAndOrderOfArguments() {
        Part.ToolCall call = (Part.ToolCall) partOf(
                "assistant",
                "{'type':'tool_use','id':'a','name':'f','input':{'z':12345678901234567890,'a':1.10,'e':'é😀'}}");
        assertThat(call.kind()).isEqualTo(ToolKind.FUNCTION);
        assertThat(json(call.arguments())).isEqualTo(json("{'z':12345678901234567890,'a':1.10,'e':'é😀'}"));
        assertThat(call.arguments()).startsWith("{\"z\":12345678901234567890,\"a\":1.10,");
    }

    // wire-spec §2.6 rule 5
    @Test
    void recognisesThoughtsOfOtherProviders() {
        String wrapped = new Signature(WireFormat.RESPONSES, "gAAA", "rs_1").wrap(WireFormat.MESSAGES);
        Part.Thought own = (Part.Thought) partOf("assistant", "{'type':'thinking','thinking':'t','signature':'abc'}");
        Part.Thought foreign =
                (Part.Thought) partOf("assistant", "{'type':'thinking','thinking':'t','signature':'" + wrapped + "'}");
        Part.Thought unsigned = (Part.Thought) partOf("assistant", "{'type':'thinking','thinking':'t','signature':''}");
        assertThat(own.signature()).isEqualTo(new Signature(WireFormat.MESSAGES, "abc"));
        assertThat(foreign.signature()).isEqualTo(new Signature(WireFormat.RESPONSES, "gAAA", "rs_1"));
        assertThat(unsigned.signature()).isNull();
        assertThat(((Part.RedactedThought) partOf("assistant", "{'type':'redacted_thinking','data':'" + wrapped + "'}"))
                        .data()
                        .origin())
                .isEqualTo(WireFormat.RESPONSES);
    }

    // wire-spec §2.4, tool_choice
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'auto'} | AUTO",
                "{'type':'any'} | REQUIRED",
                "{'type':'none'} | NONE",
                "{'type':'tool','name':'f'} | REQUIRED",
            })
    void readsEveryToolChoice(String choice, ToolChoice.Mode mode) {
        ToolChoice read =
                request("{'messages':[],'tool_choice':" + choice + "}").tools().choice();
        assertThat(read).isNotNull();
        assertThat(read.mode()).isEqualTo(mode);
        assertThat(read.allowed()).hasSize(choice.contains("name") ? 1 : 0);
    }

    @Test
    void readsThatCallsMayNotBeParallel() {
        assertThat(request("{'messages':[],'tool_choice':{'type':'auto','disable_parallel_tool_use':true}}")
                        .tools()
                        .parallel())
                .isFalse();
    }

    // wire-spec §2.4 rule 11, §2.10
    @Test
    void tellsFunctionsFromToolsOfTheProvider() {
        List<Tool> tools = request("""
                {'messages':[],'tools':[
                 {'type':'custom','name':'f','input_schema':{'type':'object'},'cache_control':{'type':'ephemeral'}},
                 {'type':'web_search_20250305','name':'web_search','max_uses':3,'allowed_domains':['a.org'],
                  'user_location':{'type':'approximate','city':'Bern'}},
                 {'type':'code_execution_20260120','name':'code_execution'},
                 {'type':'tool_search_tool_regex_20251119','name':'tool_search_tool_regex'}]}""").tools().tools();
        assertThat(tools.get(0)).isInstanceOf(Tool.Function.class);
        assertThat(tools.get(1))
                .isEqualTo(new Tool.WebSearch(
                        null, 3L, List.of("a.org"), List.of(), json("{'city':'Bern'}"), Extras.NONE));
        assertThat(((Tool.Native) tools.get(2)).loss()).isEqualTo(Loss.REFUSE);
        assertThat(((Tool.Native) tools.get(3)).loss()).isEqualTo(Loss.DROP);
    }

    // wire-spec §2.7
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}}",
                "'output_format':{'type':'json_schema','schema':{'type':'object'}}"
            })
    void readsTheSchemaOfTheAnswerUnderBothItsNames(String member) {
        OutputForm form = request("{'messages':[]," + member + "}").output();
        assertThat(form.kind()).isEqualTo(OutputForm.Kind.JSON_SCHEMA);
        assertThat(form.schema()).isNotNull();
        assertThat(form.schema().schema()).isEqualTo(json("{'type':'object'}"));
    }

    // wire-spec §2.6
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'thinking':{'type':'enabled','budget_tokens':2000} | BUDGET | low",
                "'thinking':{'type':'enabled','budget_tokens':31999} | BUDGET | high",
                "'thinking':{'type':'adaptive'} | ADAPTIVE | medium",
                "'thinking':{'type':'adaptive'},'output_config':{'effort':'max'} | ADAPTIVE | max",
                "'thinking':{'type':'disabled'},'output_config':{'effort':'max'} | OFF | none",
                "'output_config':{'effort':'low'} | EFFORT | low",
            })
    void readsHowMuchToThink(String members, Reasoning.Mode mode, String effort) {
        Reasoning reasoning = request("{'messages':[]," + members + "}").reasoning();
        assertThat(reasoning).isNotNull();
        assertThat(reasoning.mode()).isEqualTo(mode);
        assertThat(reasoning.effortWord()).isEqualTo(effort);
    }

    // wire-spec §7 AN->CH
    @Test
    void knowsWhichMembersTheAnswerDependsOn() {
        Extras extras = request(
                        "{'messages':[],'mcp_servers':[{}],'container':'c','context_management':{},'cache_control':{},'output_config':{'task_budget':{}}}")
                .extras();
        assertThat(extras.essential()).containsExactlyInAnyOrder("mcp_servers", "container");
        assertThat(extras.members())
                .containsOnlyKeys(
                        "output_config.task_budget", "mcp_servers", "container", "context_management", "cache_control");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | not a JSON object",
                "{'messages':{}} | 'messages' must be an array",
                "{} | 'messages' is required",
                "{'messages':[{'content':'x'}]} | 'messages[0].role' is required",
                "{'messages':[{'role':'tool','content':'x'}]} | 'messages[0].role' must be",
                "{'messages':[{'role':'user'}]} | 'messages[0].content' is required",
                "{'messages':[{'role':'user','content':5}]} | 'messages[0].content' must be",
                "{'messages':[{'role':'user','content':[{'text':'x'}]}]} | 'messages[0].content[0].type' is required",
                "{'messages':[{'role':'user','content':[{'type':'image'}]}]} | 'messages[0].content[0].source' is required",
                "{'messages':[],'max_tokens':1.5} | 'max_tokens' must be an integer",
                "{'messages':[],'tools':[{'name':1}]} | 'tools[0].name' must be",
                "{'messages':[],'tool_choice':{'type':'all'}} | 'tool_choice.type' must be",
                "{'messages':[],'thinking':{'type':'much'}} | 'thinking.type' must be",
                "{'messages':[],'system':[{'type':'image'}]} | 'system[0].type' must be",
                "{'messages':[],'output_format':{'type':'json_schema'}} | 'output_format' must be",
            })
    void namesTheMemberThatIsWrong(String body, String words) {
        assertThatThrownBy(() -> request(body))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(words);
    }
}
