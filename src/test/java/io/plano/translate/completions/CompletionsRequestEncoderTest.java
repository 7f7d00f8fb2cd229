package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.CODEC;
import static io.plano.translate.completions.CompletionsCases.LENIENT;
import static io.plano.translate.completions.CompletionsCases.OLDER;
import static io.plano.translate.completions.CompletionsCases.tree;
import static io.plano.translate.completions.CompletionsCases.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.provider.WireFormat;
import io.plano.translate.Codecs;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Part.ToolResult.Status;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolChoice.Mode;
import io.plano.translate.neutral.ToolChoice.Named;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Turn.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests of clients of the other formats, written for Chat Completions. */
class CompletionsRequestEncoderTest {
    private static final Turn HELLO = user(new Part.Text("hello"));

    /** A request, built up. */
    private static final class Asked {
        private final WireFormat source;
        private List<Turn> turns = List.of(HELLO);
        private Delivery delivery = Delivery.WHOLE;
        private ToolUse tools = ToolUse.NONE;
        private Sampling sampling = Sampling.DEFAULT;
        private @Nullable Reasoning reasoning;
        private OutputForm output = OutputForm.UNSAID;
        private Account account = Account.UNSAID;
        private Extras extras = Extras.NONE;

        private Asked(WireFormat source) {
            this.source = source;
        }

        private Asked turns(Turn... all) {
            turns = List.of(all);
            return this;
        }

        private Asked tools(Tool... all) {
            tools = new ToolUse(List.of(all), tools.choice(), tools.parallel());
            return this;
        }

        private ChatRequest request() {
            return new ChatRequest(
                    Codecs.client(source), "m", delivery, turns, tools, sampling, reasoning, output, account, extras);
        }

        private EncodedRequest encode(CompletionsQuirks quirks) {
            return CODEC.encodeRequest(request(), upstream("up", quirks));
        }

        private JsonNode body(CompletionsQuirks quirks) {
            return Objects.requireNonNull(Json.read(encode(quirks).body()));
        }

        private JsonNode body() {
            return body(CompletionsQuirks.OPENAI);
        }

        private JsonNode messages() {
            return body().path("messages");
        }
    }

    private static Asked messages() {
        return new Asked(WireFormat.MESSAGES);
    }

    private static Asked responses() {
        return new Asked(WireFormat.RESPONSES);
    }

    private static Turn user(Part... parts) {
        return new Turn(Role.USER, List.of(parts));
    }

    private static Turn assistant(Part... parts) {
        return new Turn(Role.ASSISTANT, List.of(parts));
    }

    private static Part.ToolCall call(String id) {
        return new Part.ToolCall(id, "f", ToolKind.FUNCTION, "{\"a\":1}", Extras.NONE);
    }

    private static Part.ToolResult result(String id, Part... content) {
        return new Part.ToolResult(id, List.of(content), Status.OK, Extras.NONE);
    }

    private static Extras marked() {
        return Extras.of(WireFormat.MESSAGES, Map.of("cache_control", tree("{'type':'ephemeral'}")));
    }

    private static Tool.Function function(String name, @Nullable JsonNode parameters, @Nullable Boolean strict) {
        return new Tool.Function(name, null, parameters, strict, Extras.NONE);
    }

    // wire-spec §2.2, AN -> CH
    @Test
    void joinsBlocksOfSystemText() {
        Asked asked = messages()
                .turns(
                        new Turn(Role.SYSTEM, List.of(new Part.Text("a"), new Part.Text(""), new Part.Text("b"))),
                        HELLO);
        assertThat(asked.messages())
                .isEqualTo(tree("[{'role':'system','content':'a\\n\\nb'},{'role':'user','content':'hello'}]"));
    }

    @Test
    void knowsOneWordForSystemTextsOfOthers() {
        Asked asked = responses().turns(new Turn(Role.DEVELOPER, List.of(new Part.Text("a"))), HELLO);
        assertThat(asked.messages().at("/0/role").asText()).isEqualTo("system");
    }

    // wire-spec §2.8
    @Test
    void keepsCacheMarkersWhereTheServerTakesThem() {
        Asked asked = messages()
                .turns(
                        new Turn(Role.SYSTEM, List.of(new Part.Text("a"), new Part.Text("b", marked()))),
                        user(new Part.Text("c", marked())))
                .tools(new Tool.Function("f", null, null, null, marked()));
        assertThat(asked.body(LENIENT).path("messages"))
                .isEqualTo(
                        tree(
                                "[{'role':'system','content':[{'type':'text','text':'a'},"
                                        + "{'type':'text','text':'b','cache_control':{'type':'ephemeral'}}]},"
                                        + "{'role':'user','content':[{'type':'text','text':'c','cache_control':{'type':'ephemeral'}}]}]"));
        assertThat(asked.body(LENIENT).at("/tools/0/cache_control")).isEqualTo(tree("{'type':'ephemeral'}"));
        assertThat(asked.messages())
                .isEqualTo(tree("[{'role':'system','content':'a\\n\\nb'},{'role':'user','content':'c'}]"));
        assertThat(asked.encode(CompletionsQuirks.OPENAI).dropped())
                .containsExactly("messages.content.cache_control", "tools.cache_control");
        assertThat(asked.encode(LENIENT).dropped()).isEmpty();
    }

    // wire-spec §2.5 rules 1 and 2, §9 rule 10
    @Test
    void putsResultsRightBehindTheirCalls() {
        Asked asked = messages()
                .turns(
                        HELLO,
                        assistant(new Part.Text("a"), new Part.Text("b"), call("1"), call("2")),
                        user(
                                new Part.Text("first"),
                                result("2", new Part.Text("two")),
                                result("1"),
                                new Part.Text("last")));
        String calls = "[{'id':'1','type':'function','function':{'name':'f','arguments':'A'}},"
                + "{'id':'2','type':'function','function':{'name':'f','arguments':'A'}}]";
        assertThat(Json.compact(asked.messages()).replace("{\\\"a\\\":1}", "A"))
                .isEqualTo(
                        Json.compact(
                                tree(
                                        "[{'role':'user','content':'hello'},"
                                                + "{'role':'assistant','content':'ab','tool_calls':" + calls + "},"
                                                + "{'role':'tool','tool_call_id':'2','content':'two'},"
                                                + "{'role':'tool','tool_call_id':'1','content':''},"
                                                + "{'role':'user','content':[{'type':'text','text':'first'},{'type':'text','text':'last'}]}]")));
    }

    // wire-spec §2.5 rule 3
    @Test
    void movesImagesOutOfResults() {
        Part image = new Part.Image(new Media.Inline("image/png", "AAAA"), null, Extras.NONE);
        Part file = new Part.Document(new Media.Inline("application/pdf", "BBBB"), null, Extras.NONE);
        JsonNode messages = messages()
                .turns(
                        HELLO,
                        assistant(call("1"), call("2")),
                        user(result("1", new Part.Text("see"), image), result("2", file), new Part.Text("so?")))
                .messages();
        assertThat(messages.at("/2/content").asText()).isEqualTo("see\n\n[image attached below]");
        assertThat(messages.at("/3/content").asText()).isEqualTo("[file attached below]");
        assertThat(messages).hasSize(5);
        assertThat(messages.path(4).path("content"))
                .isEqualTo(tree("[{'type':'text','text':'Attached to the result of 1:'},"
                        + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}},"
                        + "{'type':'text','text':'Attached to the result of 2:'},"
                        + "{'type':'file','file':{'filename':'document.pdf','file_data':'data:application/pdf;base64,BBBB'}},"
                        + "{'type':'text','text':'so?'}]"));
    }

    // wire-spec §2.5 rule 4
    @Test
    void leavesTheWordsOfFailedToolsAsTheyAre() {
        Part failed = new Part.ToolResult("1", List.of(new Part.Text("boom")), Status.ERROR, Extras.NONE);
        Asked asked = messages().turns(HELLO, assistant(call("1")), user(failed));
        assertThat(asked.messages().at("/2/content").asText()).isEqualTo("boom");
        assertThat(asked.encode(LENIENT).dropped()).containsExactly("messages.content.is_error");
    }

    // wire-spec §2.5 rule 5
    @Test
    void refusesResultsWithoutACall() {
        for (Asked asked : List.of(messages(), responses())) {
            asked.turns(HELLO, assistant(call("1")), user(result("1")), user(result("2")));
            String name = asked.source == WireFormat.MESSAGES ? "'messages.content.tool_use_id'" : "'input.call_id'";
            assertThatThrownBy(asked::body)
                    .isInstanceOfSatisfying(
                            GatewayException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST))
                    .hasMessageContaining(name);
        }
    }

    @Test
    void pairsResultsWithTheLatestCallOfTheirId() {
        JsonNode messages = messages()
                .turns(
                        HELLO,
                        assistant(call("1")),
                        user(result("1", new Part.Text("a"))),
                        assistant(call("1")),
                        user(result("1", new Part.Text("b"))))
                .messages();
        assertThat(messages).hasSize(5);
        assertThat(messages.at("/2/content").asText()).isEqualTo("a");
        assertThat(messages.at("/4/content").asText()).isEqualTo("b");
    }

    // wire-spec §7, RS -> CH
    @Test
    void joinsCallsThatCameOneByOne() {
        JsonNode messages = responses()
                .turns(
                        HELLO,
                        assistant(new Part.Thought("", null, Extras.NONE)),
                        assistant(new Part.Text("let me see")),
                        assistant(call("1")),
                        assistant(call("2")),
                        user(result("1")),
                        new Turn(Role.DEVELOPER, List.of(new Part.Text("be quick"))),
                        user(result("2")),
                        assistant(new Part.Text("a")),
                        assistant(new Part.Text("b")))
                .messages();
        assertThat(messages).hasSize(7);
        assertThat(messages.at("/1/content").asText()).isEqualTo("let me see");
        assertThat(messages.at("/1/tool_calls")).hasSize(2);
        assertThat(messages.at("/2/tool_call_id").asText()).isEqualTo("1");
        assertThat(messages.at("/3/tool_call_id").asText()).isEqualTo("2");
        assertThat(messages.at("/4/role").asText()).isEqualTo("system");
    }

    // wire-spec §2.4 rules 7 and 8
    @Test
    void makesNamesAndIdsFitTheSameWayEverywhere() {
        String name = "mcp__" + "x".repeat(90);
        String id = "toolu." + "y".repeat(60);
        Part.ToolCall call = new Part.ToolCall(id, name, ToolKind.FUNCTION, "", Extras.NONE);
        Asked asked = messages().turns(HELLO, assistant(call), user(result(id))).tools(function(name, null, null));
        asked.tools = new ToolUse(
                asked.tools.tools(), new ToolChoice(Mode.REQUIRED, List.of(new Named(ToolKind.FUNCTION, name))), false);
        EncodedRequest encoded = asked.encode(CompletionsQuirks.OPENAI);
        JsonNode body = asked.body();
        String legal = body.at("/tools/0/function/name").asText();
        assertThat(legal).hasSize(64);
        assertThat(encoded.renamedTools()).containsExactly(Map.entry(legal, name));
        assertThat(body.at("/tool_choice/function/name").asText()).isEqualTo(legal);
        assertThat(body.at("/messages/1/tool_calls/0/function/name").asText()).isEqualTo(legal);
        assertThat(body.at("/messages/1/tool_calls/0/function/arguments").asText())
                .isEqualTo("{}");
        String legalId = body.at("/messages/1/tool_calls/0/id").asText();
        assertThat(legalId).matches("[A-Za-z0-9_-]{1,40}");
        assertThat(body.at("/messages/2/tool_call_id").asText()).isEqualTo(legalId);
        assertThat(body.path("parallel_tool_calls").asBoolean(true)).isFalse();
    }

    // wire-spec §2.4 rule 12
    @Test
    void saysNothingOfToolsWhereThereAreNone() {
        Asked asked = messages();
        asked.tools = new ToolUse(List.of(), new ToolChoice(Mode.AUTO), true);
        assertThat(asked.body().properties()).extracting(Map.Entry::getKey).containsExactly("model", "messages");
    }

    // wire-spec §2.4 rule 4
    @Test
    void writesChoices() {
        Named f = new Named(ToolKind.FUNCTION, "f");
        assertThat(choice(new ToolChoice(Mode.REQUIRED))).isEqualTo(tree("'required'"));
        assertThat(choice(new ToolChoice(Mode.NONE))).isEqualTo(tree("'none'"));
        assertThat(choice(new ToolChoice(Mode.REQUIRED, List.of(f))))
                .isEqualTo(tree("{'type':'function','function':{'name':'f'}}"));
        assertThat(choice(new ToolChoice(Mode.AUTO, List.of(f))))
                .isEqualTo(tree("{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':"
                        + "[{'type':'function','function':{'name':'f'}}]}}"));
    }

    private static JsonNode choice(ToolChoice choice) {
        Asked asked = messages();
        asked.tools = new ToolUse(List.of(function("f", null, null)), choice, null);
        return asked.body().path("tool_choice");
    }

    // wire-spec §2.4 rule 1
    @Test
    void isStrictOnlyWhereOpenAiWouldTakeTheSchemaForThat() {
        JsonNode closed = tree("{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],"
                + "'additionalProperties':false}");
        JsonNode open = tree("{'type':'object','properties':{'a':{'type':'string'}}}");
        JsonNode tools = responses()
                .tools(function("a", closed, true), function("b", open, true), function("c", open, null))
                .body()
                .path("tools");
        assertThat(tools.at("/0/function/strict").asBoolean()).isTrue();
        assertThat(tools.at("/1/function/strict").isBoolean()).isTrue();
        assertThat(tools.at("/1/function/strict").asBoolean()).isFalse();
        assertThat(tools.path(2).path("function").has("strict")).isFalse();
        assertThat(tools.at("/1/function/parameters")).isEqualTo(open);
    }

    @Test
    void completesSchemasThatOpenAiRefuses() {
        JsonNode tools = messages()
                .tools(function("a", tree("{'type':'object'}"), null))
                .body()
                .path("tools");
        assertThat(tools.at("/0/function/parameters")).isEqualTo(tree("{'type':'object','properties':{}}"));
    }

    @Test
    void makesFunctionsOfToolsThatTakeFreeText() {
        JsonNode grammar = tree("{'type':'grammar','syntax':'lark','definition':'start: WORD'}");
        Part.ToolCall call = new Part.ToolCall("1", "shell", ToolKind.CUSTOM, "ls \"x\"", Extras.NONE);
        Asked asked = responses()
                .turns(HELLO, assistant(call), user(result("1", new Part.Text("ok"))))
                .tools(new Tool.Custom("shell", "Runs.", grammar, Extras.NONE));
        asked.tools = new ToolUse(
                asked.tools.tools(), new ToolChoice(Mode.REQUIRED, List.of(new Named(ToolKind.CUSTOM, "shell"))), null);
        JsonNode body = asked.body();
        assertThat(body.at("/tools/0/type").asText()).isEqualTo("function");
        assertThat(body.at("/tools/0/function/description").asText()).contains("Runs.", "lark", "start: WORD");
        assertThat(body.at("/tools/0/function/parameters/required/0").asText()).isEqualTo("input");
        assertThat(body.at("/tool_choice/type").asText()).isEqualTo("function");
        assertThat(Json.read(
                        body.at("/messages/1/tool_calls/0/function/arguments").asText()))
                .isEqualTo(Json.nodes().objectNode().put("input", "ls \"x\""));
        assertThat(asked.encode(CompletionsQuirks.OPENAI).customTools()).containsExactly("shell");
    }

    // wire-spec §2.10
    @Test
    void searchesTheWebWithoutLimitsToSitesOnly() {
        CompletionsQuirks searching = new CompletionsQuirks("max_tokens", Set.of(Extension.WEB_SEARCH));
        Tool search = new Tool.WebSearch("low", 5L, List.of(), List.of(), tree("{'city':'Bonn'}"), Extras.NONE);
        Asked asked = messages().tools(search);
        assertThat(asked.body(searching).path("web_search_options"))
                .isEqualTo(tree("{'search_context_size':'low','user_location':"
                        + "{'type':'approximate','approximate':{'city':'Bonn'}}}"));
        assertThat(asked.body(searching).has("tools")).isFalse();
        assertThat(asked.encode(searching).dropped()).containsExactly("tools.max_uses");
        Tool narrow = new Tool.WebSearch(null, null, List.of("a.example"), List.of(), null, Extras.NONE);
        assertThatThrownBy(() -> messages().tools(narrow).body(searching))
                .hasMessageContaining("'tools.allowed_domains'");
    }

    @Test
    void doesNotAskForASearchThatFewModelsHave() {
        Tool search = new Tool.WebSearch(null, null, List.of(), List.of(), null, Extras.NONE);
        assertThatThrownBy(() -> messages().tools(search).body()).hasMessageContaining("'tools.web_search'");
        Tool other = new Tool.Function("f", null, null, null, Extras.NONE);
        EncodedRequest among = messages().tools(search, other).encode(CompletionsQuirks.OPENAI);
        assertThat(among.dropped()).containsExactly("tools.web_search");
        assertThat(new String(among.body(), StandardCharsets.UTF_8)).doesNotContain("web_search_options");
    }

    @Test
    void refusesToolsAndPartsThatOnlyAnotherFormatKnows() {
        JsonNode value = tree("{'type':'computer_use'}");
        assertThatThrownBy(() -> messages()
                        .tools(new Tool.Native(WireFormat.MESSAGES, value, Loss.REFUSE))
                        .body())
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED_FEATURE))
                .hasMessageContaining("'tools.computer_use'");
        Asked asked = messages()
                .turns(HELLO, assistant(new Part.Text("a"), new Part.Native(WireFormat.MESSAGES, value, Loss.DROP)));
        assertThat(asked.encode(CompletionsQuirks.OPENAI).dropped()).containsExactly("messages.content.computer_use");
        assertThat(asked.messages().at("/1/content").asText()).isEqualTo("a");
    }

    // wire-spec §2.3
    @Test
    void writesImagesAndDocuments() {
        JsonNode content = messages()
                .turns(user(
                        new Part.Image(new Media.Remote("https://h/i"), "original", Extras.NONE),
                        new Part.Document(new Media.PlainText("text/plain", "hé"), "notes", Extras.NONE),
                        new Part.Audio("AAAA", "wav", Extras.NONE)))
                .messages()
                .at("/0/content");
        assertThat(content)
                .isEqualTo(tree("[{'type':'image_url','image_url':{'url':'https://h/i','detail':'high'}},"
                        + "{'type':'file','file':{'filename':'notes','file_data':'data:text/plain;base64,aMOp'}},"
                        + "{'type':'input_audio','input_audio':{'data':'AAAA','format':'wav'}}]"));
    }

    @Test
    void refusesWhatTheProviderCannotFetch() {
        Part remote = new Part.Document(new Media.Remote("https://h/d.pdf"), null, Extras.NONE);
        assertThatThrownBy(() -> messages().turns(user(remote)).body())
                .hasMessageContaining("'messages.content.source.url'");
        assertThatThrownBy(() -> responses().turns(user(remote)).body())
                .hasMessageContaining("'input.content.file_url'");
        Part uploaded = new Part.Document(new Media.Uploaded("file-1"), null, Extras.NONE);
        assertThatThrownBy(() -> messages().turns(user(uploaded)).body())
                .hasMessageContaining("'messages.content.source.file_id'");
        assertThat(responses()
                        .turns(user(uploaded))
                        .messages()
                        .at("/0/content/0/file/file_id")
                        .asText())
                .isEqualTo("file-1");
    }

    // wire-spec §2.1 rules 2, 3, 5 and 8
    @Test
    void writesSampling() {
        Asked asked = messages();
        asked.sampling = new Sampling(10L, null, null, 5L, List.of("a", "b"), 0);
        assertThat(asked.body(LENIENT))
                .isEqualTo(tree("{'model':'up','messages':[{'role':'user','content':'hello'}],"
                        + "'max_completion_tokens':10,'top_k':5,'stop':['a','b'],'logprobs':true}"));
        assertThat(asked.body(OLDER).path("max_tokens").asInt()).isEqualTo(10);
        assertThat(asked.body(OLDER).has("max_completion_tokens")).isFalse();
        assertThat(asked.encode(OLDER).dropped()).containsExactly("top_k");
        asked.sampling = new Sampling(10L, null, null, null, List.of("a", "b", "c", "d", "e"), null);
        assertThat(asked.body().path("stop")).isEqualTo(tree("['a','b','c','d']"));
        assertThat(asked.encode(CompletionsQuirks.OPENAI).stops()).containsExactly("e");
    }

    // wire-spec §2.6 rule 1
    @Test
    void writesThinkingAsAnEffort() {
        Asked asked = messages();
        asked.reasoning = new Reasoning(Reasoning.Mode.BUDGET, null, 16_000L, "omitted");
        assertThat(asked.body().path("reasoning_effort").asText()).isEqualTo("high");
        assertThat(asked.encode(CompletionsQuirks.OPENAI).dropped()).containsExactly("thinking.display");
        asked.reasoning = new Reasoning(Reasoning.Mode.ADAPTIVE, null, null, null);
        assertThat(asked.body().path("reasoning_effort").asText()).isEqualTo("medium");
        asked.reasoning = new Reasoning(Reasoning.Mode.OFF, null, null, null);
        assertThat(asked.body().has("reasoning_effort")).isFalse();
    }

    // wire-spec §2.6 rule 5, §9 rule 15
    @Test
    void sendsOnlyThoughtsThatTheProviderKnows() {
        Part foreign = new Part.Thought("a", new Signature(WireFormat.MESSAGES, "s"), Extras.NONE);
        Part own = new Part.Thought("b", new Signature(WireFormat.COMPLETIONS, "t"), Extras.NONE);
        Part unsigned = new Part.Thought("c", null, Extras.NONE);
        Part hidden = new Part.RedactedThought(new Signature(WireFormat.COMPLETIONS, "u"), Extras.NONE);
        Asked asked = messages().turns(HELLO, assistant(foreign, own, unsigned, hidden, call("1")), user(result("1")));
        assertThat(asked.body(LENIENT).at("/messages/1/thinking_blocks"))
                .isEqualTo(
                        tree(
                                "[{'type':'thinking','thinking':'b','signature':'t'},{'type':'redacted_thinking','data':'u'}]"));
        assertThat(asked.body(LENIENT).at("/messages/1/reasoning_content").asText())
                .isEqualTo("c");
        assertThat(asked.body().at("/messages/1").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("role", "content", "tool_calls");
        assertThat(asked.encode(CompletionsQuirks.OPENAI).dropped()).isEmpty();
    }

    // wire-spec §2.6, "replay"
    @Test
    void showsThoughtsWithinTheLoopOfCallsOnly() {
        Part thought = new Part.Thought("c", null, Extras.NONE);
        List<Turn> turns = new ArrayList<>(List.of(
                HELLO,
                assistant(thought, call("1")),
                user(result("1")),
                assistant(thought, call("2")),
                user(result("2"), new Part.Text("reminder"))));
        Asked asked = messages();
        asked.turns = turns;
        assertThat(asked.body(LENIENT).findValues("reasoning_content")).hasSize(2);
        turns.add(assistant(thought, new Part.Text("done")));
        turns.add(HELLO);
        assertThat(asked.body(LENIENT).findValues("reasoning_content")).isEmpty();
    }

    // wire-spec §2.7
    @Test
    void writesTheFormOfTheAnswer() {
        JsonNode open = tree("{'type':'object','properties':{}}");
        Asked asked = messages();
        asked.output = new OutputForm(OutputForm.Kind.JSON_SCHEMA, new OutputForm.Schema(null, null, open, null), null);
        assertThat(asked.body().path("response_format"))
                .isEqualTo(tree("{'type':'json_schema','json_schema':{'name':'response',"
                        + "'schema':{'type':'object','properties':{}},'strict':false}}"));
        JsonNode closed = tree("{'type':'object','properties':{},'additionalProperties':false}");
        asked.output = new OutputForm(OutputForm.Kind.JSON_SCHEMA, new OutputForm.Schema("n", "d", closed, null), null);
        assertThat(asked.body().at("/response_format/json_schema/strict").asBoolean())
                .isTrue();
    }

    // wire-spec §7, CH -> CH and AN -> CH
    @Test
    void alwaysWantsTheUsageOfStreams() {
        Asked asked = messages();
        asked.delivery = Delivery.STREAM;
        assertThat(asked.body().path("stream").asBoolean()).isTrue();
        assertThat(asked.body().at("/stream_options/include_usage").asBoolean()).isTrue();
    }

    // wire-spec §2.9
    @Test
    void writesOnWhoseBehalf() {
        Asked asked = messages();
        asked.account =
                new Account("{\"device_id\":\"" + "f".repeat(64) + "\"}", null, null, "standard_only", null, null);
        assertThat(asked.body().path("user").asText()).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(asked.body().path("service_tier").asText()).isEqualTo("default");
        Asked codex = responses();
        codex.account = new Account("u", "s", tree("{'a':'b'}"), "ultrafast", "key", true);
        assertThat(codex.body().path("prompt_cache_key").asText()).isEqualTo("key");
        assertThat(codex.encode(CompletionsQuirks.OPENAI).dropped())
                .containsExactly("metadata", "store", "service_tier");
        assertThat(codex.encode(OLDER).dropped())
                .containsExactly("safety_identifier", "prompt_cache_key", "metadata", "store", "service_tier");
        codex.account = new Account(null, null, null, null, null, false);
        assertThat(codex.body().has("store")).isFalse();
    }

    @Test
    void accountsForMembersOfOtherFormats() {
        Asked asked = messages();
        asked.extras = Extras.of(WireFormat.MESSAGES, Map.of("context_management", tree("{}")));
        assertThat(asked.encode(LENIENT).dropped()).containsExactly("context_management");
        asked.extras = new Extras(
                WireFormat.RESPONSES, Map.of("previous_response_id", tree("'r'")), Set.of("previous_response_id"));
        assertThatThrownBy(asked::body).hasMessageContaining("'previous_response_id'");
    }

    @Test
    void writesTheSameBytesEveryTime() {
        Asked asked =
                messages().tools(function("b", tree("{'z':1,'a':{'y':1,'b':1.10}}"), null), function("a", null, null));
        assertThat(asked.encode(LENIENT).body()).isEqualTo(asked.encode(LENIENT).body());
        assertThat(new String(asked.encode(LENIENT).body(), StandardCharsets.UTF_8))
                .contains("{\"z\":1,\"a\":{\"y\":1,\"b\":1.10}}");
    }
}
