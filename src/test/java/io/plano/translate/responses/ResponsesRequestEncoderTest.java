package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.UPSTREAM;
import static io.plano.translate.responses.ResponsesExchange.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Codecs;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of Chat Completions and Messages, written for a provider of Responses. */
class ResponsesRequestEncoderTest {
    private static final Turn HI = new Turn(Turn.Role.USER, List.of(new Part.Text("Hi")));
    private static final Tool F = new Tool.Function("f", null, Json.read("{\"type\":\"object\"}"), null, Extras.NONE);

    private static JsonNode body(EncodedRequest encoded) {
        return Objects.requireNonNull(Json.read(encoded.body()));
    }

    private static JsonNode written(ChatRequest request) {
        return body(CODEC.encodeRequest(request, UPSTREAM));
    }

    private static JsonNode items(WireFormat source, Turn... turns) {
        return written(request(source, List.of(turns), ToolUse.NONE)).path("input");
    }

    private static Turn assistant(Part... parts) {
        return new Turn(Turn.Role.ASSISTANT, List.of(parts));
    }

    private static Part call(String id) {
        return new Part.ToolCall(id, "f", ToolKind.FUNCTION, "{\"a\":1}", Extras.NONE);
    }

    private static Part result(String id, Part... content) {
        return new Part.ToolResult(id, List.of(content), Part.ToolResult.Status.UNKNOWN, Extras.NONE);
    }

    private static ChatRequest with(
            WireFormat source, Sampling sampling, @Nullable Reasoning reasoning, OutputForm output, Account account) {
        return new ChatRequest(
                Codecs.client(source),
                "m",
                ChatRequest.Delivery.STREAM,
                List.of(HI),
                ToolUse.NONE,
                sampling,
                reasoning,
                output,
                account,
                Extras.NONE);
    }

    private static ChatRequest sampled(WireFormat source, Sampling sampling) {
        return with(source, sampling, null, OutputForm.UNSAID, Account.UNSAID);
    }

    private static ChatRequest reasoned(WireFormat source, Reasoning reasoning) {
        return with(source, Sampling.DEFAULT, reasoning, OutputForm.UNSAID, Account.UNSAID);
    }

    // wire-spec §7, CH->RS and AN->RS
    @Test
    void makesInstructionsOfTheSystemTextInFront() {
        Turn system = new Turn(Turn.Role.SYSTEM, List.of(new Part.Text("A")));
        Turn developer = new Turn(Turn.Role.DEVELOPER, List.of(new Part.Text("B")));
        JsonNode body = written(request(WireFormat.COMPLETIONS, List.of(system, developer, HI), ToolUse.NONE));
        assertThat(body.path("instructions").textValue()).isEqualTo("A");
        assertThat(body.path("input").get(0).path("role").textValue()).isEqualTo("developer");
        assertThat(body.path("input").get(1).path("role").textValue()).isEqualTo("user");
    }

    @Test
    void joinsThePiecesOfASystemTextOfMessagesAndTellsOfTheirMarks() {
        Extras marks = Extras.of(WireFormat.MESSAGES, Map.of("cache_control", TextNode.valueOf("x")));
        Turn system = new Turn(Turn.Role.SYSTEM, List.of(new Part.Text("A"), new Part.Text("B", marks)));
        EncodedRequest encoded =
                CODEC.encodeRequest(request(WireFormat.MESSAGES, List.of(system, HI), ToolUse.NONE), UPSTREAM);
        assertThat(body(encoded).path("instructions").textValue()).isEqualTo("A\n\nB");
        assertThat(encoded.dropped()).containsExactly("system.cache_control");
    }

    @Test
    void leavesASystemTextThatIsAloneAmongTheItems() {
        assertThat(items(WireFormat.COMPLETIONS, new Turn(Turn.Role.SYSTEM, List.of(new Part.Text("A")))))
                .hasSize(1);
    }

    @Test
    void writesCallsBehindTheTextAndOutputsBehindTheCalls() {
        JsonNode items = items(
                WireFormat.COMPLETIONS,
                HI,
                assistant(new Part.Text("T"), call("c1"), call("c2")),
                new Turn(Turn.Role.USER, List.of(result("c1", new Part.Text("1")), result("c2"))));
        assertThat(items.findValuesAsText("type"))
                .containsExactly(
                        "message",
                        "input_text",
                        "message",
                        "function_call",
                        "function_call",
                        "function_call_output",
                        "function_call_output");
        assertThat(items.get(2).path("call_id").textValue()).isEqualTo("c1");
        assertThat(items.get(2).path("arguments").textValue()).isEqualTo("{\"a\":1}");
        assertThat(items.get(4).path("output").textValue()).isEqualTo("1");
        assertThat(items.get(5).path("output").textValue()).isEmpty();
    }

    // wire-spec §2.5 rule 3: Responses carries images in outputs
    @Test
    void writesImagesOfAToolsResultIntoItsOutput() {
        Part image = new Part.Image(new Media.Inline("image/png", "AAAA"), null, Extras.NONE);
        JsonNode items = items(
                WireFormat.MESSAGES,
                assistant(call("c")),
                new Turn(Turn.Role.USER, List.of(result("c", new Part.Text("a"), image), new Part.Text("and now?"))));
        assertThat(items.get(1).path("output").get(1).path("image_url").textValue())
                .isEqualTo("data:image/png;base64,AAAA");
        assertThat(items.get(2).path("role").textValue()).isEqualTo("user");
    }

    @Test
    void tellsThatAFailureOfAToolIsNotMarked() {
        Part failed = new Part.ToolResult("c", List.of(new Part.Text("no")), Part.ToolResult.Status.ERROR, Extras.NONE);
        EncodedRequest encoded = CODEC.encodeRequest(
                request(
                        WireFormat.MESSAGES,
                        List.of(assistant(call("c")), new Turn(Turn.Role.USER, List.of(failed))),
                        ToolUse.NONE),
                UPSTREAM);
        assertThat(encoded.dropped()).containsExactly("messages.content.is_error");
    }

    // wire-spec §2.6: replay
    @Test
    void putsReasoningOfTheSameKindInFrontOfItsCall() {
        JsonNode items = items(
                WireFormat.MESSAGES,
                assistant(
                        new Part.Thought("S", new Signature(WireFormat.RESPONSES, "enc", "rs_1"), Extras.NONE),
                        call("c")));
        assertThat(items.get(0).path("type").textValue()).isEqualTo("reasoning");
        assertThat(items.get(0).path("id").textValue()).isEqualTo("rs_1");
        assertThat(items.get(0).path("encrypted_content").textValue()).isEqualTo("enc");
        assertThat(items.get(0).path("summary").get(0).path("text").textValue()).isEqualTo("S");
        assertThat(items.get(1).path("type").textValue()).isEqualTo("function_call");
    }

    @Test
    void dropsReasoningThatIsForeignUnsignedOrAnOrphan() {
        assertThat(items(
                        WireFormat.MESSAGES,
                        HI,
                        assistant(
                                new Part.Thought("A", new Signature(WireFormat.MESSAGES, "s"), Extras.NONE),
                                new Part.RedactedThought(new Signature(WireFormat.MESSAGES, "d"), Extras.NONE),
                                new Part.Thought("B", null, Extras.NONE),
                                new Part.Text("T"),
                                new Part.Thought("C", new Signature(WireFormat.RESPONSES, "e"), Extras.NONE))))
                .hasSize(2);
    }

    // wire-spec §2.4 rule 1
    @Test
    void saysThatFunctionsAreNotStrictWhereTheClientDoesNotSay() {
        JsonNode tool = written(request(
                        WireFormat.COMPLETIONS,
                        List.of(HI),
                        new ToolUse(List.of(F), new ToolChoice(ToolChoice.Mode.AUTO), null)))
                .path("tools")
                .get(0);
        assertThat(tool.toString())
                .isEqualTo(
                        "{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":false}");
    }

    // wire-spec §2.4 rule 12
    @Test
    void leavesOutAChoiceAmongNoTools() {
        JsonNode body = written(request(
                WireFormat.COMPLETIONS,
                List.of(HI),
                new ToolUse(List.of(), new ToolChoice(ToolChoice.Mode.AUTO), true)));
        assertThat(body.has("tools")).isFalse();
        assertThat(body.has("tool_choice")).isFalse();
        assertThat(body.has("parallel_tool_calls")).isFalse();
    }

    // wire-spec §2.4 rules 7 and 8
    @Test
    void shortensNamesAndIdsThatAreTooLong() {
        String name = "x".repeat(100);
        String id = "toolu:" + "y".repeat(100);
        ToolUse tools = new ToolUse(
                List.of(new Tool.Function(name, null, null, null, Extras.NONE)),
                new ToolChoice(ToolChoice.Mode.REQUIRED, List.of(new ToolChoice.Named(ToolKind.FUNCTION, name))),
                null);
        Part call = new Part.ToolCall(id, name, ToolKind.FUNCTION, "", Extras.NONE);
        EncodedRequest encoded = CODEC.encodeRequest(
                request(
                        WireFormat.MESSAGES,
                        List.of(assistant(call), new Turn(Turn.Role.USER, List.of(result(id)))),
                        tools),
                UPSTREAM);
        JsonNode body = body(encoded);
        String legal = body.path("tools").get(0).path("name").textValue();
        assertThat(legal).hasSize(64);
        assertThat(encoded.renamedTools()).containsEntry(legal, name);
        assertThat(body.path("tool_choice").path("name").textValue()).isEqualTo(legal);
        assertThat(body.path("input").get(0).path("name").textValue()).isEqualTo(legal);
        assertThat(body.path("input").get(0).path("arguments").textValue()).isEqualTo("{}");
        assertThat(body.path("input").get(0).path("call_id").textValue())
                .hasSizeLessThanOrEqualTo(64)
                .isEqualTo(body.path("input").get(1).path("call_id").textValue());
    }

    @Test
    void flattensTheGrammarOfACustomToolOfChat() {
        Tool custom = new Tool.Custom(
                "c",
                null,
                Json.read("{\"type\":\"grammar\",\"grammar\":{\"definition\":\"d\",\"syntax\":\"lark\"}}"),
                Extras.NONE);
        JsonNode tool = written(request(WireFormat.COMPLETIONS, List.of(HI), new ToolUse(List.of(custom), null, null)))
                .path("tools")
                .get(0);
        assertThat(tool.path("format").toString())
                .isEqualTo("{\"type\":\"grammar\",\"definition\":\"d\",\"syntax\":\"lark\"}");
    }

    // wire-spec §2.10
    @Test
    void writesWebSearchAndRefusesWhatItCannotSay() {
        Tool search = new Tool.WebSearch(
                "low", 5L, List.of("a.com"), List.of(), Json.read("{\"city\":\"Paris\"}"), Extras.NONE);
        EncodedRequest encoded = CODEC.encodeRequest(
                request(WireFormat.MESSAGES, List.of(HI), new ToolUse(List.of(search), null, null)), UPSTREAM);
        assertThat(body(encoded).path("tools").get(0).toString())
                .isEqualTo(
                        "{\"type\":\"web_search\",\"filters\":{\"allowed_domains\":[\"a.com\"]},"
                                + "\"user_location\":{\"type\":\"approximate\",\"city\":\"Paris\"},\"search_context_size\":\"low\"}");
        assertThat(encoded.dropped()).containsExactly("tools.max_uses");
        Tool blocked = new Tool.WebSearch(null, null, List.of(), List.of("b.com"), null, Extras.NONE);
        assertThatThrownBy(() ->
                        written(request(WireFormat.MESSAGES, List.of(HI), new ToolUse(List.of(blocked), null, null))))
                .hasMessageContaining("tools.blocked_domains");
    }

    @Test
    void refusesToolsAndBlocksThatOnlyTheClientsFormatKnows() {
        JsonNode bash = Objects.requireNonNull(Json.read("{\"type\":\"bash_20250124\"}"));
        Tool tool = new Tool.Native(WireFormat.MESSAGES, bash, Loss.REFUSE);
        assertThatThrownBy(() ->
                        written(request(WireFormat.MESSAGES, List.of(HI), new ToolUse(List.of(tool), null, null))))
                .hasMessageContaining("tools.bash_20250124");
        Part block = new Part.Native(WireFormat.MESSAGES, bash, Loss.REFUSE);
        assertThatThrownBy(() -> items(WireFormat.MESSAGES, assistant(block)))
                .hasMessageContaining("messages.content.bash_20250124");
    }

    // wire-spec §2.1: the limit has a minimum here, and stop sequences do not exist
    @ParameterizedTest
    @CsvSource({"COMPLETIONS,max_completion_tokens", "MESSAGES,max_tokens"})
    void raisesLimitsThatAreTooLowAndEndsAtStopSequencesItself(WireFormat source, String limit) {
        EncodedRequest low =
                CODEC.encodeRequest(sampled(source, new Sampling(1L, null, null, null, List.of("x"), null)), UPSTREAM);
        assertThat(body(low).path("max_output_tokens").asInt()).isEqualTo(16);
        assertThat(low.dropped()).containsExactly(limit);
        assertThat(low.stops()).containsExactly("x");
    }

    @Test
    void writesLimitsWithTheClientsDigits() {
        Sampling sampling = new Sampling(16L, new BigDecimal("0.70"), new BigDecimal("1"), 5L, List.of(), 2);
        EncodedRequest encoded = CODEC.encodeRequest(sampled(WireFormat.COMPLETIONS, sampling), UPSTREAM);
        assertThat(new String(encoded.body()))
                .contains("\"max_output_tokens\":16,\"temperature\":0.70,\"top_p\":1,\"top_logprobs\":2")
                .contains("\"include\":[\"message.output_text.logprobs\"]")
                .contains("\"stream\":true");
        assertThat(encoded.dropped()).containsExactly("top_k");
    }

    // wire-spec §2.6 rule 1
    @Test
    void asksForReasoningInTheFormThatCanBeHandedBack() {
        JsonNode body = written(
                reasoned(WireFormat.MESSAGES, new Reasoning(Reasoning.Mode.BUDGET, null, 4_096L, "summarized")));
        assertThat(body.path("reasoning").toString()).isEqualTo("{\"effort\":\"medium\",\"summary\":\"auto\"}");
        assertThat(body.path("include").toString()).isEqualTo("[\"reasoning.encrypted_content\"]");
        JsonNode omitted =
                written(reasoned(WireFormat.MESSAGES, new Reasoning(Reasoning.Mode.ADAPTIVE, "high", null, "omitted")));
        assertThat(omitted.path("reasoning").toString()).isEqualTo("{\"effort\":\"high\"}");
    }

    @Test
    void doesNotAskForNoReasoningWhereTheClientOnlyLeftItOff() {
        EncodedRequest encoded = CODEC.encodeRequest(
                reasoned(WireFormat.MESSAGES, new Reasoning(Reasoning.Mode.OFF, null, null, null)), UPSTREAM);
        assertThat(body(encoded).has("reasoning")).isFalse();
        assertThat(encoded.dropped()).containsExactly("thinking");
        JsonNode chat =
                written(reasoned(WireFormat.COMPLETIONS, new Reasoning(Reasoning.Mode.OFF, "none", null, null)));
        assertThat(chat.path("reasoning").path("effort").textValue()).isEqualTo("none");
        assertThat(chat.has("include")).isFalse();
    }

    // wire-spec §2.7
    @Test
    void namesASchemaThatHasNoName() {
        OutputForm form = new OutputForm(
                OutputForm.Kind.JSON_SCHEMA,
                new OutputForm.Schema(null, null, Objects.requireNonNull(Json.read("{\"type\":\"object\"}")), null),
                "high");
        assertThat(written(with(WireFormat.MESSAGES, Sampling.DEFAULT, null, form, Account.UNSAID))
                        .path("text")
                        .toString())
                .isEqualTo(
                        "{\"format\":{\"type\":\"json_schema\",\"name\":\"response\",\"schema\":{\"type\":\"object\"}},"
                                + "\"verbosity\":\"high\"}");
    }

    // wire-spec §2.7: Messages keeps to every schema, OpenAI to those that it takes as strict
    @Test
    void asksForTheGuaranteeOfMessagesWhereOpenAiCanGiveIt() {
        JsonNode schema =
                Objects.requireNonNull(Json.read("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
                        + "\"required\":[\"a\"],\"additionalProperties\":false}"));
        OutputForm form =
                new OutputForm(OutputForm.Kind.JSON_SCHEMA, new OutputForm.Schema(null, null, schema, null), null);
        assertThat(written(with(WireFormat.MESSAGES, Sampling.DEFAULT, null, form, Account.UNSAID))
                        .path("text")
                        .path("format")
                        .path("strict")
                        .booleanValue())
                .isTrue();
    }

    // wire-spec §2.9
    @Test
    void storesNothingThatTheClientDidNotAskToBeStored() {
        EncodedRequest encoded = CODEC.encodeRequest(
                with(
                        WireFormat.COMPLETIONS,
                        Sampling.DEFAULT,
                        null,
                        OutputForm.UNSAID,
                        new Account("u", "s", null, "flex", "k", true)),
                UPSTREAM);
        assertThat(body(encoded).path("store").booleanValue()).isFalse();
        assertThat(encoded.dropped()).containsExactly("store");
        assertThat(body(encoded).path("service_tier").textValue()).isEqualTo("flex");
        assertThat(body(encoded).path("prompt_cache_key").textValue()).isEqualTo("k");
    }

    @Test
    void translatesTheTierAndShortensTheUserOfMessages() {
        Account account = new Account("user_" + "a".repeat(100), null, null, "standard_only", null, null);
        JsonNode body = written(with(WireFormat.MESSAGES, Sampling.DEFAULT, null, OutputForm.UNSAID, account));
        assertThat(body.path("service_tier").textValue()).isEqualTo("default");
        assertThat(body.path("user").textValue()).hasSize(64);
    }

    @Test
    void refusesEssentialMembersOfOtherFormatsAndListsTheRest() {
        Extras extras = new Extras(
                WireFormat.COMPLETIONS, Map.of("n", TextNode.valueOf("2"), "seed", TextNode.valueOf("1")), Set.of("n"));
        ChatRequest plain = request(WireFormat.COMPLETIONS, List.of(HI), ToolUse.NONE);
        ChatRequest request = new ChatRequest(
                Codecs.client(WireFormat.COMPLETIONS),
                "m",
                plain.delivery(),
                plain.turns(),
                plain.tools(),
                plain.sampling(),
                null,
                plain.output(),
                plain.account(),
                extras);
        assertThatThrownBy(() -> written(request)).hasMessageContaining("'n'");
    }

    // wire-spec §2.3 rule 6
    @Test
    void writesDocumentsWithAName() {
        JsonNode content = items(
                        WireFormat.MESSAGES,
                        new Turn(
                                Turn.Role.USER,
                                List.of(
                                        new Part.Document(
                                                new Media.Inline("application/pdf", "AA=="), null, Extras.NONE),
                                        new Part.Document(
                                                new Media.PlainText("text/plain", "hé"), "notes", Extras.NONE),
                                        new Part.Document(new Media.Remote("https://e.com/a.pdf"), null, Extras.NONE))))
                .get(0)
                .path("content");
        assertThat(content.get(0).path("filename").textValue()).isEqualTo("document.pdf");
        assertThat(content.get(1).toString())
                .isEqualTo(
                        "{\"type\":\"input_file\",\"filename\":\"notes\",\"file_data\":\"data:text/plain;base64,aMOp\"}");
        assertThat(content.get(2).path("file_url").textValue()).isEqualTo("https://e.com/a.pdf");
    }

    @Test
    void refusesAFileThatAnotherCompanyHolds() {
        Part file = new Part.Document(new Media.Uploaded("file_1"), null, Extras.NONE);
        assertThatThrownBy(() -> items(WireFormat.MESSAGES, new Turn(Turn.Role.USER, List.of(file))))
                .hasMessageContaining("messages.content.source.file_id");
        assertThat(items(WireFormat.COMPLETIONS, new Turn(Turn.Role.USER, List.of(file)))
                        .findValuesAsText("file_id"))
                .containsExactly("file_1");
    }
}
