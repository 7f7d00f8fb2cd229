package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.body;
import static io.plano.translate.messages.Messages.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.EncodedRequest;
import io.plano.translate.messages.Messages.Foreign;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.Turn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of other APIs as Anthropic wants them: limits, sampling, conversation, content. */
class MessagesRequestEncodingTest {
    private static Part.ToolCall call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, ToolKind.FUNCTION, arguments, Extras.NONE);
    }

    private static Part.ToolResult result(String id, Part... content) {
        return new Part.ToolResult(id, List.of(content), Part.ToolResult.Status.UNKNOWN, Extras.NONE);
    }

    private static Sampling sampling(@Nullable String temperature, @Nullable String topP, String... stop) {
        return new Sampling(
                null,
                temperature == null ? null : new BigDecimal(temperature),
                topP == null ? null : new BigDecimal(topP),
                null,
                List.of(stop),
                null);
    }

    // wire-spec §2.1 rule 1
    @ParameterizedTest
    @CsvSource({
        "claude-3-haiku-20240307, 4096",
        "claude-3-5-sonnet-20241022, 8192",
        "claude-3-7-sonnet-latest, 64000",
        "anthropic/claude-3.7-sonnet, 64000",
        "claude-opus-4-20250514, 32000",
        "claude-opus-4-1, 32000",
        "anthropic.claude-sonnet-4-5-20250929-v1:0, 64000",
        "us.anthropic.claude-opus-4-6-v1, 128000",
        "claude-haiku-4-5@20251001, 64000",
        "claude-opus-5-5, 128000",
        "claude-fable-5, 128000",
        "claude-instant-1, 4096",
        "MiniMax-M2, 4096"
    })
    void setsTheLimitThatTheModelAllowsWhereTheClientSetsNone(String model, long limit) {
        assertThat(body(Foreign.chat().user("hi").to(model)).path("max_tokens").asLong())
                .isEqualTo(limit);
        assertThat(body(Foreign.chat().user("hi").limit(7).to(model))
                        .path("max_tokens")
                        .asLong())
                .isEqualTo(7);
    }

    // wire-spec §2.1 rule 4
    @Test
    void clampsATemperatureAboveOne() {
        assertThat(Foreign.chat()
                        .user("x")
                        .sampling(sampling("1.7", null))
                        .body()
                        .path("temperature"))
                .isEqualTo(json("1"));
        assertThat(Foreign.chat()
                        .user("x")
                        .sampling(sampling("0.70", null))
                        .body()
                        .path("temperature"))
                .isEqualTo(json("0.70"));
    }

    // wire-spec §2.1: newer Claude takes not both, the newest none
    @Test
    void sendsWhatSamplingTheModelTakes() {
        Foreign both = Foreign.chat().user("x").sampling(sampling("0.5", "0.9"));
        assertThat(both.to("claude-3-5-sonnet").dropped()).isEmpty();
        assertThat(both.to("claude-sonnet-4-5").dropped()).containsExactly("top_p");
        assertThat(both.to("claude-opus-4-7").dropped()).containsExactly("temperature", "top_p");
        assertThat(body(both.to("claude-opus-4-7")).has("temperature")).isFalse();
        EncodedRequest defaults =
                Foreign.chat().user("x").sampling(sampling("1", "1")).to("claude-opus-5");
        assertThat(defaults.dropped()).isEmpty();
        assertThat(body(defaults).has("top_p")).isFalse();
    }

    // wire-spec §2.1 rule 5
    @Test
    void passesStopSequencesAndKeepsBlankOnesForItself() {
        assertThat(Foreign.chat()
                        .user("x")
                        .sampling(sampling(null, null, "END", "\n\nHuman:"))
                        .body()
                        .path("stop_sequences"))
                .isEqualTo(json("['END','\\n\\nHuman:']"));
        EncodedRequest blank = Foreign.chat()
                .user("x")
                .sampling(sampling(null, null, "\n", "END"))
                .to(Messages.SONNET);
        assertThat(body(blank).path("stop_sequences")).isEqualTo(json("['END']"));
        assertThat(blank.stops()).containsExactly("\n");
    }

    // wire-spec §2.1 rules 6 and 7
    @Test
    void dropsHintsAndRefusesWhatTheAnswerDependsOn() {
        Extras extras = new Extras(WireFormat.COMPLETIONS, Map.of("seed", json("1"), "n", json("2")), Set.of("n"));
        assertThatThrownBy(() -> Foreign.chat().user("x").extras(extras).body()).hasMessageContaining("'n'");
        Extras hints = Extras.of(WireFormat.COMPLETIONS, Map.of("seed", json("1")));
        assertThat(Foreign.chat().user("x").extras(hints).to(Messages.SONNET).dropped())
                .containsExactly("seed");
        Sampling logprobs = new Sampling(null, null, null, null, List.of(), 2);
        assertThatThrownBy(() -> Foreign.chat().user("x").sampling(logprobs).body())
                .hasMessageContaining("'logprobs'");
    }

    // wire-spec §2.2
    @Test
    void collectsSystemTextsAsBlocksInTheirOrder() {
        JsonNode body = Foreign.chat()
                .system("one")
                .turn(Turn.Role.DEVELOPER, new Part.Text("two"))
                .user("hi")
                .turn(Turn.Role.SYSTEM, new Part.Text(""), new Part.Text("three"))
                .body();
        assertThat(body.path("system").findValuesAsText("text")).containsExactly("one", "two", "three");
        assertThat(body.path("messages")).hasSize(1);
    }

    @Test
    void letsTheUserSayWhatOnlyTheSystemSaid() {
        JsonNode body = Foreign.chat().system("only this").body();
        assertThat(body.has("system")).isFalse();
        assertThat(body.at("/messages/0"))
                .isEqualTo(json("{'role':'user','content':[{'type':'text','text':'only this'}]}"));
    }

    // wire-spec §2.2 alternation
    @Test
    void joinsTurnsOfOneSpeaker() {
        JsonNode messages = Foreign.chat().user("a").user("b").user("").body().path("messages");
        assertThat(messages)
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}]"));
    }

    // wire-spec §2.2 empty content, §9.28
    @Test
    void dropsEmptyTextsAndMessages() {
        JsonNode messages = Foreign.chat()
                .user("a")
                .turn(Turn.Role.ASSISTANT, new Part.Text(""))
                .turn(Turn.Role.USER, new Part.Text(""), new Part.Text("b"))
                .body()
                .path("messages");
        assertThat(messages.findValuesAsText("text")).containsExactly("a", "b");
    }

    // wire-spec §2.2 trailing assistant
    @Test
    void trimsTheEndOfAnAnswerToBeContinued() {
        Foreign chat = Foreign.chat().user("a");
        assertThat(chat.turn(Turn.Role.ASSISTANT, new Part.Text("Sure: \n"))
                        .body()
                        .at("/messages/1/content/0/text")
                        .asText())
                .isEqualTo("Sure:");
        assertThat(Foreign.chat()
                        .user("a")
                        .turn(Turn.Role.ASSISTANT, new Part.Text(" \n"))
                        .body()
                        .path("messages"))
                .hasSize(1);
    }

    // wire-spec §2.5 rule 1, §9.10
    @Test
    void putsAllResultsOfATurnFirstIntoOneMessage() {
        JsonNode messages = Foreign.chat()
                .user("a")
                .turn(Turn.Role.ASSISTANT, call("c1", "f", "{}"), call("c2", "f", "{}"))
                .turn(Turn.Role.USER, result("c1", new Part.Text("1")))
                .user("meanwhile")
                .turn(Turn.Role.USER, result("c2"))
                .body()
                .path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.get(2).path("content")).isEqualTo(json("""
                        [{'type':'tool_result','tool_use_id':'c1','content':[{'type':'text','text':'1'}]},
                         {'type':'tool_result','tool_use_id':'c2'},
                         {'type':'text','text':'meanwhile'}]"""));
    }

    // wire-spec §2.5 rule 5
    @Test
    void refusesAResultOfNoCall() {
        assertThatThrownBy(
                        () -> Foreign.chat().turn(Turn.Role.USER, result("c9")).body())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("'messages.tool_call_id'");
    }

    // wire-spec §2.5 rule 4
    @Test
    void saysThatAToolFailedWhereTheClientDid() {
        Part.ToolResult failed = new Part.ToolResult("c1", List.of(), Part.ToolResult.Status.ERROR, Extras.NONE);
        assertThat(Foreign.chat()
                        .turn(Turn.Role.ASSISTANT, call("c1", "f", "{}"))
                        .turn(Turn.Role.USER, failed)
                        .body()
                        .at("/messages/1/content/0/is_error")
                        .asBoolean())
                .isTrue();
    }

    // wire-spec §2.4 rule 9
    @Test
    void turnsArgumentsIntoAnObject() {
        JsonNode content = Foreign.chat()
                .turn(
                        Turn.Role.ASSISTANT,
                        call("a", "f", ""),
                        call("b", "f", "{\"n\":12345678901234567890, \"s\":\"é\"}"))
                .body()
                .at("/messages/0/content");
        assertThat(content.get(0).path("input")).isEqualTo(json("{}"));
        assertThat(content.get(1).path("input")).isEqualTo(json("{'n':12345678901234567890,'s':'é'}"));
    }

    // wire-spec §2.4 rule 8
    @Test
    void givesCallsIdsThatAreLegalAndTheSameInBothPlaces() {
        String id = "call.1:" + "x".repeat(80);
        JsonNode messages = Foreign.chat()
                .turn(Turn.Role.ASSISTANT, call(id, "f", "{}"))
                .turn(Turn.Role.USER, result(id))
                .body()
                .path("messages");
        String written = messages.at("/0/content/0/id").asText();
        assertThat(written).isEqualTo(ToolNames.legal(id, 64)).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(messages.at("/1/content/0/tool_use_id").asText()).isEqualTo(written);
    }

    // wire-spec §2.3
    @Test
    void writesEveryImageThatThisApiTakes() {
        JsonNode content = Foreign.chat()
                .turn(
                        Turn.Role.USER,
                        new Part.Image(new Media.Inline("image/webp", "AA=="), "high", Extras.NONE),
                        new Part.Image(new Media.Remote("https://x/y"), null, Extras.NONE),
                        new Part.Image(new Media.Inline("application/pdf", "JVBE"), null, Extras.NONE))
                .body()
                .at("/messages/0/content");
        assertThat(content).isEqualTo(json("""
                        [{'type':'image','source':{'type':'base64','media_type':'image/webp','data':'AA=='}},
                         {'type':'image','source':{'type':'url','url':'https://x/y'}},
                         {'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'JVBE'}}]"""));
    }

    @Test
    void writesDocumentsAsPdfsOrAsText() {
        JsonNode content = Foreign.chat()
                .turn(
                        Turn.Role.USER,
                        new Part.Document(new Media.Inline("application/pdf", "JVBE"), "a.pdf", Extras.NONE),
                        new Part.Document(new Media.Inline("text/csv", "YSxi"), null, Extras.NONE),
                        new Part.Document(new Media.PlainText("text/plain", "words"), null, Extras.NONE),
                        new Part.Document(new Media.Remote("https://x/y.pdf"), null, Extras.NONE))
                .body()
                .at("/messages/0/content");
        assertThat(content).isEqualTo(json("""
                        [{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'JVBE'},'title':'a.pdf'},
                         {'type':'document','source':{'type':'text','media_type':'text/plain','data':'a,b'}},
                         {'type':'document','source':{'type':'text','media_type':'text/plain','data':'words'}},
                         {'type':'document','source':{'type':'url','url':'https://x/y.pdf'}}]"""));
    }

    // wire-spec §2.3 rule 2
    @Test
    void refusesMediaThatThisApiDoesNotTake() {
        assertRefused(new Part.Image(new Media.Inline("image/bmp", "AA=="), null, Extras.NONE), "image_url");
        assertRefused(new Part.Image(new Media.Uploaded("file-1"), null, Extras.NONE), "image_url.file_id");
        assertRefused(new Part.Document(new Media.Uploaded("file-1"), null, Extras.NONE), "file.file_id");
        assertRefused(
                new Part.Document(new Media.Inline("application/zip", "AA=="), null, Extras.NONE),
                "messages.content.file");
        assertRefused(new Part.Audio("AA==", "wav", Extras.NONE), "messages.content.input_audio");
        assertRefused(new Part.Document(new Media.Inline("text/csv", "%"), null, Extras.NONE), "messages.content.file");
        assertRefused(
                new Part.Native(WireFormat.COMPLETIONS, json("{'type':'video'}"), Loss.REFUSE),
                "messages.content.video");
    }

    private static void assertRefused(Part part, String member) {
        assertThatThrownBy(() -> Foreign.chat().turn(Turn.Role.USER, part).body())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(member);
    }

    @Test
    void leavesOutWhatOnlyTheClientsFormatKnows() {
        EncodedRequest request = new Foreign(WireFormat.RESPONSES)
                .user("x")
                .turn(
                        Turn.Role.ASSISTANT,
                        new Part.Native(WireFormat.RESPONSES, json("{'type':'web_search_call'}"), Loss.DROP))
                .to(Messages.SONNET);
        assertThat(request.dropped()).containsExactly("input.web_search_call");
    }

    // wire-spec §2.8
    @Test
    void honoursCacheMarkersOfOtherFormats() {
        JsonNode marker = json("{'type':'ephemeral','ttl':'1h'}");
        Extras marked = Extras.of(WireFormat.COMPLETIONS, Map.of("cache_control", marker));
        EncodedRequest request = Foreign.chat()
                .turn(Turn.Role.SYSTEM, new Part.Text("s", marked))
                .turn(new Turn(Turn.Role.USER, List.of(new Part.Text("a"), new Part.Text("b")), marked))
                .to(Messages.SONNET);
        assertThat(request.dropped()).isEmpty();
        assertThat(body(request).at("/system/0/cache_control")).isEqualTo(marker);
        assertThat(body(request).at("/messages/0/content/0").has("cache_control"))
                .isFalse();
        assertThat(body(request).at("/messages/0/content/1/cache_control")).isEqualTo(marker);
    }

    // wire-spec §2.2 name, §2.3 detail
    @Test
    void namesWhatItDropsAsTheClientDid() {
        Extras name = Extras.of(WireFormat.COMPLETIONS, Map.of("name", json("'bob'")));
        EncodedRequest request = Foreign.chat()
                .turn(new Turn(
                        Turn.Role.USER,
                        List.of(new Part.Image(new Media.Remote("https://x"), "low", Extras.NONE)),
                        name))
                .to(Messages.SONNET);
        assertThat(request.dropped()).containsExactlyInAnyOrder("messages.name", "messages.content.image_url.detail");
    }

    // wire-spec §2.9
    @Test
    void hashesTheUserAndTranslatesTheTier() {
        EncodedRequest request = Foreign.chat()
                .user("x")
                .account(new Account("bob@example.org", "s", json("{'a':'b'}"), "default", "k", true))
                .to(Messages.SONNET);
        assertThat(body(request).at("/metadata/user_id").asText())
                .isEqualTo("686b5e4cf4f963adf8f51468a48028ef8d15bd02fa335f821279a3d1678c9615");
        assertThat(body(request).path("service_tier").asText()).isEqualTo("standard_only");
        assertThat(request.dropped())
                .containsExactlyInAnyOrder("safety_identifier", "metadata", "prompt_cache_key", "store");
        EncodedRequest flex = Foreign.chat()
                .user("x")
                .account(new Account(null, null, null, "flex", null, false))
                .to(Messages.SONNET);
        assertThat(flex.dropped()).containsExactly("service_tier");
    }

    // wire-spec §2.7
    @Test
    void writesASchemaWhereTheModelFollowsOne() {
        OutputForm form = new OutputForm(
                OutputForm.Kind.JSON_SCHEMA,
                new OutputForm.Schema("n", "d", json("{'type':'object','additionalProperties':false}"), true),
                "low");
        EncodedRequest request = Foreign.chat().user("x").output(form).to(Messages.SONNET);
        assertThat(body(request).path("output_config"))
                .isEqualTo(json(
                        "{'format':{'type':'json_schema','schema':{'type':'object','additionalProperties':false}}}"));
        assertThat(request.dropped()).containsExactlyInAnyOrder("response_format.json_schema.description", "verbosity");
    }

    // wire-spec §2.7, §8
    @Test
    void asksAnOlderModelForAStructuredAnswerByATool() {
        OutputForm form = new OutputForm(
                OutputForm.Kind.JSON_SCHEMA,
                new OutputForm.Schema("n", "Where.", json("{'type':'object','properties':{'b':{},'a':{}}}"), true),
                null);
        EncodedRequest request = Foreign.chat().user("x").output(form).to("claude-sonnet-4");
        assertThat(request.answerTool()).isEqualTo("structured_answer");
        assertThat(body(request).has("output_config")).isFalse();
        assertThat(body(request).path("tool_choice"))
                .isEqualTo(json("{'type':'tool','name':'structured_answer','disable_parallel_tool_use':true}"));
        assertThat(body(request).at("/tools/0/input_schema").toString())
                .isEqualTo(
                        json("{'type':'object','properties':{'b':{},'a':{}}}").toString());
        assertThat(body(request).at("/tools/0/description").asText()).endsWith("Where.");
        assertThat(body(request).path("tools")).hasSize(1);
    }

    // wire-spec §2.7, §8
    @Test
    void refusesAStructuredAnswerThatNeitherModelNorToolCanGive() {
        OutputForm list = new OutputForm(
                OutputForm.Kind.JSON_SCHEMA, new OutputForm.Schema("n", null, json("{'type':'array'}"), null), null);
        assertThatThrownBy(() -> Foreign.chat().user("x").output(list).to("claude-sonnet-4"))
                .hasMessageContaining("'response_format'");
        assertThatThrownBy(() ->
                        new Foreign(WireFormat.RESPONSES).user("x").output(list).to("claude-sonnet-4"))
                .hasMessageContaining("'text.format'");
    }

    @Test
    void asksForJsonInWords() {
        OutputForm form = new OutputForm(OutputForm.Kind.JSON_OBJECT, null, null);
        JsonNode system =
                Foreign.chat().system("s").user("x").output(form).body().path("system");
        assertThat(system).hasSize(2);
        assertThat(system.get(1).path("text").asText()).contains("JSON");
    }

    // wire-spec §3.4
    @Test
    void writesARefusalOfTheHistoryAsText() {
        assertThat(Foreign.chat()
                        .user("x")
                        .turn(Turn.Role.ASSISTANT, new Part.Refusal("No.", Extras.NONE))
                        .user("y")
                        .body()
                        .at("/messages/1/content/0"))
                .isEqualTo(json("{'type':'text','text':'No.'}"));
    }

    // wire-spec §2.6 rule 5, §9.15
    @Test
    void sendsOnlyThoughtsThatAnthropicSigned() {
        Part own = new Part.Thought("own", new Signature(WireFormat.MESSAGES, "sig"), Extras.NONE);
        Part foreign = new Part.Thought("foreign", new Signature(WireFormat.RESPONSES, "x", "rs_1"), Extras.NONE);
        Part unsigned = new Part.Thought("unsigned", null, Extras.NONE);
        Part redacted = new Part.RedactedThought(new Signature(WireFormat.MESSAGES, "data"), Extras.NONE);
        EncodedRequest request = Foreign.chat()
                .user("x")
                .turn(Turn.Role.ASSISTANT, foreign, new Part.Text("t"), own, redacted, unsigned, call("c", "f", ""))
                .turn(Turn.Role.USER, result("c"))
                .to(Messages.SONNET);
        assertThat(request.dropped()).isEmpty();
        assertThat(body(request).at("/messages/1/content").findValuesAsText("type"))
                .containsExactly("thinking", "redacted_thinking", "text", "tool_use");
        assertThat(body(request).at("/messages/1/content/0"))
                .isEqualTo(json("{'type':'thinking','thinking':'own','signature':'sig'}"));
    }

    // wire-spec §2.8: byte-stable, or caches never hit
    @Test
    void writesTheSameBytesForTheSameRequest() {
        Foreign chat = Foreign.chat()
                .system("s")
                .user("x")
                .effort("high")
                .account(new Account("u", null, null, "auto", null, null));
        assertThat(chat.to(Messages.SONNET).body())
                .isEqualTo(chat.to(Messages.SONNET).body());
    }
}
