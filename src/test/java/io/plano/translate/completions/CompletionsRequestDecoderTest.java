package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.hello;
import static io.plano.translate.completions.CompletionsCases.json;
import static io.plano.translate.completions.CompletionsCases.request;
import static io.plano.translate.completions.CompletionsCases.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolChoice.Mode;
import io.plano.translate.neutral.ToolChoice.Named;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Turn.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionsRequestDecoderTest {
    private static List<Turn> turns(String messages) {
        return request("{'model':'m','messages':[" + messages + "]}").turns();
    }

    private static List<Part> parts(String content) {
        return turns("{'role':'user','content':[" + content + "]}").get(0).parts();
    }

    @Test
    void readsEveryRole() {
        List<Turn> turns = turns("{'role':'system','content':'a'},{'role':'developer','content':'b'},"
                + "{'role':'user','content':'c','name':'ann'},{'role':'assistant','content':'d'}");
        assertThat(turns)
                .extracting(Turn::role)
                .containsExactly(Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.ASSISTANT);
        assertThat(turns.get(2).extras().of(WireFormat.COMPLETIONS)).containsKey("name");
        assertThat(turns.get(3).parts()).containsExactly(new Part.Text("d"));
    }

    // wire-spec §2.5 rule 1
    @Test
    void makesOneTurnOfResultsThatFollowEachOther() {
        List<Turn> turns = turns(
                "{'role':'tool','tool_call_id':'1','content':'a'},{'role':'tool','tool_call_id':'2','content':null},"
                        + "{'role':'user','content':'go on'}");
        assertThat(turns).hasSize(2);
        assertThat(turns.get(0).role()).isEqualTo(Role.USER);
        assertThat(turns.get(0).parts())
                .extracting(part -> ((Part.ToolResult) part).callId())
                .containsExactly("1", "2");
    }

    // wire-spec §2.3 rules 1, 2 and 7
    @Test
    void readsImagesInAllTheirForms() {
        List<Part> parts = parts("{'type':'image_url','image_url':{'url':'https://h/i.png','detail':'low'}},"
                + "{'type':'image_url','image_url':'https://h/j.png'},"
                + "{'type':'image_url','image_url':{'url':'DATA:image/jpg;name=x;base64,AA BB'}},"
                + "{'type':'image_url','image_url':{'url':'data:application/pdf;base64,JVBERi0='}}");
        assertThat(parts)
                .containsExactly(
                        new Part.Image(
                                new Media.Remote("https://h/i.png"),
                                "low",
                                parts.get(0).extras()),
                        new Part.Image(
                                new Media.Remote("https://h/j.png"),
                                null,
                                parts.get(1).extras()),
                        new Part.Image(
                                new Media.Inline("image/jpeg", "AABB"),
                                null,
                                parts.get(2).extras()),
                        new Part.Document(
                                new Media.Inline("application/pdf", "JVBERi0="),
                                null,
                                parts.get(3).extras()));
    }

    // wire-spec §2.3 rule 8
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'file_data':'data:application/pdf;base64,AAAA'}|application/pdf",
                "{'file_data':'JVBERi0x'}|application/pdf",
                "{'filename':'a.b.TXT','file_data':'AAAA'}|text/plain",
                "{'filename':'a','file_data':'AAAA'}|application/octet-stream"
            })
    void readsFilesWithAndWithoutTheirType(String file, String type) {
        Part part = parts("{'type':'file','file':" + file + "}").get(0);
        assertThat(((Part.Document) part).media().knownType()).isEqualTo(type);
    }

    @Test
    void readsUploadedFilesAndSound() {
        List<Part> parts = parts(
                "{'type':'file','file':{'file_id':'file-1'}},"
                        + "{'type':'input_audio','input_audio':{'data':'AAAA','format':'wav'}},{'type':'video_url','video_url':{}}");
        assertThat(parts)
                .containsExactly(
                        new Part.Document(
                                new Media.Uploaded("file-1"), null, parts.get(0).extras()),
                        new Part.Audio("AAAA", "wav", parts.get(1).extras()),
                        new Part.Native(
                                WireFormat.COMPLETIONS, tree("{'type':'video_url','video_url':{}}"), Loss.REFUSE));
    }

    @Test
    void readsWhatTheModelThought() {
        List<Turn> turns = turns(
                "{'role':'assistant','content':'a','reasoning_content':'deep'},"
                        + "{'role':'assistant','content':'b','reasoning':'open'},"
                        + "{'role':'assistant','content':'c','reasoning_content':'x','thinking_blocks':["
                        + "{'type':'thinking','thinking':'x','signature':'sig'},{'type':'redacted_thinking','data':'plano-v1.messages..zzz'}]}");
        assertThat(((Part.Thought) turns.get(0).parts().get(0)).text()).isEqualTo("deep");
        assertThat(((Part.Thought) turns.get(1).parts().get(0)).text()).isEqualTo("open");
        List<Part> third = turns.get(2).parts();
        assertThat(third).hasSize(3);
        assertThat(((Part.Thought) third.get(0)).signature()).isEqualTo(new Signature(WireFormat.COMPLETIONS, "sig"));
        assertThat(((Part.RedactedThought) third.get(1)).data()).isEqualTo(new Signature(WireFormat.MESSAGES, "zzz"));
        assertThat(turns.get(2).extras().isEmpty()).isTrue();
    }

    @Test
    void readsCallsAndRefusals() {
        Turn turn = turns("{'role':'assistant','content':null,'refusal':'no','tool_calls':["
                        + "{'id':'1','type':'function','function':{'name':'f','arguments':{'a':[1.50,1e2]}}},"
                        + "{'id':'2','type':'custom','custom':{'name':'g','input':'text'}},"
                        + "{'id':'3','function':{'name':'h'},'index':0}]}")
                .get(0);
        assertThat(turn.parts())
                .extracting(part -> part instanceof Part.ToolCall call ? call.kind() + " " + call.arguments() : part)
                .containsExactly(
                        new Part.Refusal("no", turn.parts().get(0).extras()),
                        "FUNCTION {\"a\":[1.50,1E+2]}",
                        "CUSTOM text",
                        "FUNCTION ");
        assertThat(turn.parts().get(3).extras().silent()).containsExactly("index");
    }

    // wire-spec §2.8
    @Test
    void movesACacheMarkerToWhatItMarks() {
        Turn turn = turns("{'role':'user','content':'a','cache_control':{'type':'ephemeral'}}")
                .get(0);
        assertThat(turn.extras().isEmpty()).isTrue();
        assertThat(turn.parts().get(0).extras().get("cache_control")).isEqualTo(tree("{'type':'ephemeral'}"));
        Tool tool = hello(",'tools':[{'type':'function','function':{'name':'f','cache_control':{'type':'ephemeral'}}}]")
                .tools()
                .tools()
                .get(0);
        assertThat(((Tool.Function) tool).extras().get("cache_control")).isEqualTo(tree("{'type':'ephemeral'}"));
    }

    // wire-spec §2.1 rule 2
    @Test
    void prefersTheNewerLimit() {
        assertThat(hello(",'max_tokens':5").sampling().maxTokens()).isEqualTo(5);
        assertThat(hello(",'max_tokens':5,'max_completion_tokens':7").sampling().maxTokens())
                .isEqualTo(7);
    }

    // wire-spec §2.1 rules 5 and 9
    @Test
    void readsSampling() {
        ChatRequest request =
                hello(",'temperature':0.10,'top_p':1,'top_k':4,'stop':'x','logprobs':true,'top_logprobs':3");
        assertThat(request.sampling().temperature()).isEqualTo(new BigDecimal("0.10"));
        assertThat(request.sampling().topK()).isEqualTo(4);
        assertThat(request.sampling().stop()).containsExactly("x");
        assertThat(request.sampling().topLogprobs()).isEqualTo(3);
        assertThat(hello(",'stop':['x','y'],'logprobs':true").sampling().stop()).containsExactly("x", "y");
        assertThat(hello(",'logprobs':true").sampling().topLogprobs()).isZero();
        assertThat(hello(",'logprobs':false").sampling().topLogprobs()).isNull();
    }

    // wire-spec §2.1 rules 6 and 7
    @Test
    void tellsWishesFromDemands() {
        ChatRequest request =
                hello(",'n':2,'seed':1,'logit_bias':{'1':2},'prediction':{},'modalities':['text','audio'],"
                        + "'audio':{'voice':'x'},'frequency_penalty':0.5,'response_format':{'type':'grammar'}");
        assertThat(request.extras().essential())
                .containsExactlyInAnyOrder("n", "modalities", "audio", "response_format");
        assertThat(request.extras().members()).containsKeys("seed", "logit_bias", "prediction", "frequency_penalty");
        assertThat(hello(",'n':1,'modalities':['text'],'seed':null").extras().isEmpty())
                .isTrue();
    }

    @Test
    void readsHowTheAnswerIsToCome() {
        assertThat(hello(",'stream':false").delivery()).isEqualTo(Delivery.WHOLE);
        assertThat(hello(",'stream':true").delivery()).isEqualTo(Delivery.STREAM);
        ChatRequest request =
                hello(",'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}");
        assertThat(request.delivery()).isEqualTo(Delivery.STREAM_WITH_USAGE);
        assertThat(request.extras().members().get("stream_options")).isEqualTo(tree("{'include_obfuscation':false}"));
    }

    // wire-spec §2.6 rule 1
    @Test
    void readsHowMuchToThink() {
        assertThat(hello(",'reasoning_effort':'xhigh'").reasoning())
                .isEqualTo(new Reasoning(Reasoning.Mode.EFFORT, "xhigh", null, null));
        assertThat(hello(",'reasoning_effort':'none'").reasoning())
                .isEqualTo(new Reasoning(Reasoning.Mode.OFF, "none", null, null));
        assertThat(hello(",'reasoning':{'effort':'low'}").reasoning())
                .isEqualTo(new Reasoning(Reasoning.Mode.EFFORT, "low", null, null));
        assertThat(hello(",'thinking':{'type':'enabled','budget_tokens':2048}").reasoning())
                .isEqualTo(new Reasoning(Reasoning.Mode.BUDGET, null, 2048L, null));
        assertThat(hello(",'thinking':{'type':'enabled','clear_thinking':false}")
                        .reasoning())
                .isNull();
        assertThat(hello("").reasoning()).isNull();
    }

    // wire-spec §2.7
    @Test
    void readsTheFormOfTheAnswer() {
        OutputForm form = hello(",'verbosity':'low','response_format':{'type':'json_schema','json_schema':"
                        + "{'name':'n','schema':{'b':1,'a':2},'strict':true,'x':1}}")
                .output();
        assertThat(form.kind()).isEqualTo(OutputForm.Kind.JSON_SCHEMA);
        assertThat(form.verbosity()).isEqualTo("low");
        OutputForm.Schema schema = Objects.requireNonNull(form.schema());
        assertThat(Json.compact(schema.schema())).isEqualTo("{\"b\":1,\"a\":2}");
        assertThat(schema.strict()).isTrue();
        assertThat(hello(",'response_format':{'type':'json_object'}").output().kind())
                .isEqualTo(OutputForm.Kind.JSON_OBJECT);
    }

    // wire-spec §2.4
    @Test
    void readsTools() {
        List<Tool> tools = hello(",'tools':[{'type':'function','function':{'name':'f','strict':true}},"
                        + "{'type':'custom','custom':{'name':'g','format':{'type':'text'}}},{'type':'browser','x':1}],"
                        + "'web_search_options':{'search_context_size':'low','user_location':"
                        + "{'type':'approximate','approximate':{'city':'Bonn'}}}")
                .tools()
                .tools();
        assertThat(tools).hasSize(4);
        assertThat(tools.get(0)).isInstanceOf(Tool.Function.class);
        assertThat(((Tool.Custom) tools.get(1)).format()).isEqualTo(tree("{'type':'text'}"));
        assertThat(tools.get(2))
                .isEqualTo(new Tool.Native(WireFormat.COMPLETIONS, tree("{'type':'browser','x':1}"), Loss.REFUSE));
        Tool.WebSearch search = (Tool.WebSearch) tools.get(3);
        assertThat(search.contextSize()).isEqualTo("low");
        assertThat(search.location()).isEqualTo(tree("{'city':'Bonn'}"));
        assertThat(search.extras().isEmpty()).isTrue();
    }

    @Test
    void readsChoices() {
        assertThat(choice("'auto'")).isEqualTo(new ToolChoice(Mode.AUTO));
        assertThat(choice("'none'")).isEqualTo(new ToolChoice(Mode.NONE));
        assertThat(choice("'required'")).isEqualTo(new ToolChoice(Mode.REQUIRED));
        assertThat(choice("'any'")).isEqualTo(new ToolChoice(Mode.REQUIRED));
        assertThat(choice("{'type':'auto'}")).isEqualTo(new ToolChoice(Mode.AUTO));
        Named f = new Named(ToolKind.FUNCTION, "f");
        Named g = new Named(ToolKind.CUSTOM, "g");
        assertThat(choice("{'type':'function','function':{'name':'f'}}"))
                .isEqualTo(new ToolChoice(Mode.REQUIRED, List.of(f)));
        assertThat(choice("{'type':'function','name':'f'}")).isEqualTo(new ToolChoice(Mode.REQUIRED, List.of(f)));
        assertThat(choice("{'type':'custom','custom':{'name':'g'}}"))
                .isEqualTo(new ToolChoice(Mode.REQUIRED, List.of(g)));
        assertThat(choice("{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':["
                        + "{'type':'function','function':{'name':'f'}},{'type':'custom','custom':{'name':'g'}}]}}"))
                .isEqualTo(new ToolChoice(Mode.AUTO, List.of(f, g)));
    }

    private static ToolChoice choice(String value) {
        return Objects.requireNonNull(hello(",'parallel_tool_calls':false,'tool_choice':" + value)
                .tools()
                .choice());
    }

    // wire-spec §2.4 rule 13
    @Test
    void readsFunctionsOfTheOldForm() {
        ChatRequest request = request("{'model':'m','functions':[{'name':'f','parameters':{'type':'object'}}],"
                + "'function_call':{'name':'f'},'messages':["
                + "{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}},"
                + "{'role':'function','name':'f','content':'one'},"
                + "{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}},"
                + "{'role':'function','name':'f','content':'two'}]}");
        assertThat(LegacyFunctions.isMarked(request)).isTrue();
        assertThat(request.extras().isEmpty()).isTrue();
        assertThat(request.tools().parallel()).isFalse();
        assertThat(request.tools().choice())
                .isEqualTo(new ToolChoice(Mode.REQUIRED, List.of(new Named(ToolKind.FUNCTION, "f"))));
        String first = ((Part.ToolCall) request.turns().get(0).parts().get(0)).id();
        String second = ((Part.ToolCall) request.turns().get(2).parts().get(0)).id();
        assertThat(first).isNotEqualTo(second).matches("[A-Za-z0-9_-]{1,40}");
        assertThat(((Part.ToolResult) request.turns().get(1).parts().get(0)).callId())
                .isEqualTo(first);
        assertThat(((Part.ToolResult) request.turns().get(3).parts().get(0)).callId())
                .isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|not a JSON object",
                "{'model':'m'}|'messages' is required",
                "{'model':1,'messages':[]}|'model' must be a string",
                "{'messages':{}}|'messages' must be an array",
                "{'messages':[{'content':'x'}]}|'messages[0].role' is required",
                "{'messages':[{'role':'robot'}]}|'messages[0].role' must be",
                "{'messages':[{'role':'user','content':7}]}|'messages[0].content' must be a string or an array",
                "{'messages':[{'role':'user','content':[{'text':'x'}]}]}|'messages[0].content[0].type' is required",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':'data:x'}]}]}|'messages[0].content[0].image_url' is not a valid data URL",
                "{'messages':[{'role':'tool','content':'x'}]}|'messages[0].tool_call_id' is required",
                "{'messages':[{'role':'assistant','tool_calls':[{'id':'1'}]}]}|'messages[0].tool_calls[0].function' is required",
                "{'messages':[],'temperature':'hot'}|'temperature' must be a number",
                "{'messages':[],'max_tokens':1.5}|'max_tokens' must be an integer",
                "{'messages':[],'max_tokens':1e999999999}|'max_tokens' must be an integer",
                "{'messages':[],'tools':[{'type':'function'}]}|'tools[0].function' is required",
                "{'messages':[],'tools':[{'type':'function','function':{'name':'f','parameters':7}}]}|'tools[0].function.parameters' must be an object",
                "{'messages':[],'tool_choice':'maybe'}|'tool_choice' must be",
                "{'messages':[],'response_format':{'type':'json_schema'}}|'response_format.json_schema' is required"
            })
    void namesWhatIsWrong(String body, String complaint) {
        assertThatThrownBy(() -> CompletionsCases.CODEC.decodeRequest(json(body)))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST))
                .hasMessageContaining(complaint);
    }
}
