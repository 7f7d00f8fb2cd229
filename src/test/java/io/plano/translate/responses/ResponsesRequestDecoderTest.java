package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.UPSTREAM;
import static io.plano.translate.responses.ResponsesExchange.decode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesRequestDecoderTest {
    private static ChatRequest items(String items) {
        return decode("{\"model\":\"m\",\"input\":[" + items + "]}");
    }

    private static ChatRequest with(String members) {
        return decode("{\"model\":\"m\",\"input\":\"Hi\"," + members + "}");
    }

    private static Part only(ChatRequest request) {
        assertThat(request.turns()).hasSize(1);
        assertThat(request.turns().get(0).parts()).hasSize(1);
        return request.turns().get(0).parts().get(0);
    }

    /** The request says the same after it was written and read. */
    private static ChatRequest again(ChatRequest request) {
        ChatRequest again =
                CODEC.decodeRequest(CODEC.encodeRequest(request, UPSTREAM).body());
        assertThat(again.turns()).isEqualTo(request.turns());
        assertThat(again.tools()).isEqualTo(request.tools());
        assertThat(again.extras()).isEqualTo(request.extras());
        return again;
    }

    // wire-spec §7, RS->CH
    @Test
    void putsInstructionsInFrontAndRemembersThem() {
        ChatRequest request = with("\"instructions\":\"Be brief.\"");
        assertThat(request.turns()).extracting(Turn::role).containsExactly(Turn.Role.SYSTEM, Turn.Role.USER);
        assertThat(new String(CODEC.encodeRequest(request, UPSTREAM).body()))
                .contains("\"instructions\":\"Be brief.\"")
                .doesNotContain("\"role\":\"system\"");
        again(request);
    }

    @Test
    void doesNotCallTheMarkOfInstructionsALoss() {
        Losses losses = new Losses();
        losses.leaveOut(with("\"instructions\":\"Be brief.\"").turns().get(0).extras(), "input.");
        assertThat(losses.dropped()).isEmpty();
    }

    @Test
    void leavesASystemMessageAmongTheItems() {
        ChatRequest request = items("{\"role\":\"system\",\"content\":\"A\"},{\"role\":\"user\",\"content\":\"B\"}");
        assertThat(new String(CODEC.encodeRequest(request, UPSTREAM).body()))
                .contains("\"role\":\"system\"")
                .doesNotContain("instructions");
        again(request);
    }

    @Test
    void readsMessagesWithAndWithoutTypeAlike() {
        assertThat(
                        items(
                                "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"B\"}]}"))
                .isEqualTo(items("{\"role\":\"user\",\"content\":\"B\"}"));
    }

    // wire-spec §2.3
    @Test
    void readsImagesFilesAndSound() {
        ChatRequest request = items("{\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AAAA\",\"detail\":\"original\"},"
                + "{\"type\":\"input_image\",\"image_url\":\"https://example.com/a.png\"},"
                + "{\"type\":\"input_image\",\"file_id\":\"file-1\"},"
                + "{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,AAAA\"},"
                + "{\"type\":\"input_file\",\"file_url\":\"https://example.com/a.pdf\"},"
                + "{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"AAAA\"},"
                + "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}]}");
        assertThat(request.turns().get(0).parts())
                .extracting(part -> (Object) part.getClass().getSimpleName())
                .containsExactly("Image", "Image", "Image", "Document", "Document", "Document", "Audio");
        assertThat(((Part.Image) request.turns().get(0).parts().get(0)).media())
                .isEqualTo(new Media.Inline("image/png", "AAAA"));
        assertThat(((Part.Document) request.turns().get(0).parts().get(5)).media())
                .isEqualTo(new Media.Inline("application/pdf", "AAAA"));
        again(request);
    }

    // wire-spec §2.3 rule 7
    @Test
    void takesAPdfInAnImageForADocument() {
        assertThat(only(items("{\"role\":\"user\",\"content\":[{\"type\":\"input_image\","
                        + "\"image_url\":\"data:application/pdf;base64,AAAA\"}]}")))
                .isInstanceOf(Part.Document.class);
    }

    // wire-spec §7: consecutive calls merge into one turn, and into the message before them
    @Test
    void joinsWhatTheAssistantSaysInOneGo() {
        ChatRequest request = items("{\"role\":\"user\",\"content\":\"B\"},"
                + "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"enc\"},"
                + "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
                + "[{\"type\":\"output_text\",\"text\":\"T\",\"annotations\":[]}]},"
                + "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"c2\",\"name\":\"f\",\"arguments\":\"{}\"},"
                + "{\"type\":\"function_call_output\",\"call_id\":\"c2\",\"output\":\"2\"},"
                + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"1\"},"
                + "{\"role\":\"user\",\"content\":\"C\"}");
        assertThat(request.turns())
                .extracting(Turn::role)
                .containsExactly(Turn.Role.USER, Turn.Role.ASSISTANT, Turn.Role.USER, Turn.Role.USER);
        assertThat(request.turns().get(1).parts())
                .extracting(part -> (Object) part.getClass().getSimpleName())
                .containsExactly("Thought", "Text", "ToolCall", "ToolCall");
        assertThat(request.turns().get(2).parts()).hasSize(2);
        again(request);
    }

    // translation case 086
    @Test
    void joinsACallWithAnEmptyMessageBeforeIt() {
        ChatRequest request = items("{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]},"
                + "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}");
        assertThat(only(request)).isInstanceOf(Part.ToolCall.class);
    }

    @Test
    void writesMessageItemsBackOneByOne() {
        ChatRequest request = items(
                "{\"type\":\"message\",\"id\":\"msg_1\",\"phase\":\"commentary\",\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"output_text\",\"text\":\"A\"},{\"type\":\"refusal\",\"refusal\":\"R\"}]},"
                        + "{\"type\":\"message\",\"id\":\"msg_2\",\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"output_text\",\"text\":\"B\"}]}");
        String written = new String(CODEC.encodeRequest(request, UPSTREAM).body());
        assertThat(written).containsSubsequence("\"id\":\"msg_1\"", "\"id\":\"msg_2\"");
        assertThat(written).contains("\"phase\":\"commentary\"");
        again(request);
    }

    // wire-spec §9 rule 11
    @Test
    void linksCallsByCallIdAndNotById() {
        Part.ToolCall call = (Part.ToolCall) only(items(
                "{\"type\":\"function_call\",\"id\":\"fc_9\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"\"}"));
        assertThat(call.id()).isEqualTo("c");
        assertThat(call.arguments()).isEmpty();
    }

    // translation case 091
    @Test
    void refusesACallWithoutArguments() {
        assertThatThrownBy(() -> items("{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}"))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("input[0].arguments");
    }

    // wire-spec §2.5 rule 5
    @Test
    void refusesAnOutputWithoutItsCall() {
        assertThatThrownBy(() -> items("{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}"))
                .hasMessageContaining("input[0].call_id");
        assertThat(decode("{\"previous_response_id\":\"resp_1\",\"input\":"
                                + "[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}]}")
                        .turns())
                .hasSize(1);
    }

    // wire-spec §2.5
    @Test
    void readsOutputsThatAreStringsOrParts() {
        ChatRequest request = items(
                "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"},"
                        + "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"status\":\"completed\",\"output\":"
                        + "[{\"type\":\"input_text\",\"text\":\"a\"},"
                        + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AAAA\"},"
                        + "{\"type\":\"input_file\",\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,AA==\"}]}");
        Part.ToolResult result =
                (Part.ToolResult) request.turns().get(1).parts().get(0);
        assertThat(result.content()).hasSize(3);
        again(request);
    }

    // translation case 087
    @Test
    void readsCallsOfCustomTools() {
        ChatRequest request =
                items("{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"shell\",\"input\":\"cargo test\"},"
                        + "{\"type\":\"custom_tool_call_output\",\"call_id\":\"c\",\"output\":\"ok\"}");
        Part.ToolCall call = (Part.ToolCall) request.turns().get(0).parts().get(0);
        assertThat(call.kind()).isEqualTo(ToolKind.CUSTOM);
        assertThat(call.arguments()).isEqualTo("cargo test");
        assertThat(new String(CODEC.encodeRequest(request, UPSTREAM).body())).contains("custom_tool_call_output");
        again(request);
    }

    // wire-spec §2.6 rule 9
    @Test
    void readsReasoningWithItsProof() {
        Part.Thought thought = (Part.Thought) only(items(
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"S\"}],"
                        + "\"encrypted_content\":\"enc\"}"));
        assertThat(thought.text()).isEqualTo("S");
        assertThat(thought.signature()).isEqualTo(new Signature(WireFormat.RESPONSES, "enc", "rs_1"));
    }

    @Test
    void keepsParagraphsAndRawReasoning() {
        ChatRequest request = items("{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":["
                + "{\"type\":\"summary_text\",\"text\":\"A\"},{\"type\":\"summary_text\",\"text\":\"B\"}],"
                + "\"content\":[{\"type\":\"reasoning_text\",\"text\":\"raw\"}]}");
        assertThat(((Part.Thought) only(request)).text()).isEqualTo("A\n\nB");
        assertThat(new String(CODEC.encodeRequest(request, UPSTREAM).body()))
                .contains("\"text\":\"B\"", "\"reasoning_text\"", "\"id\":\"rs_1\"");
        again(request);
    }

    // wire-spec §2.6 rule 5
    @Test
    void unwrapsTheProofOfAnotherProvider() {
        Signature foreign = new Signature(WireFormat.MESSAGES, "c2ln");
        ChatRequest request = items("{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\""
                + foreign.wrap(WireFormat.RESPONSES) + "\"},{\"role\":\"user\",\"content\":\"B\"}");
        assertThat(((Part.Thought) request.turns().get(0).parts().get(0)).signature())
                .isEqualTo(foreign);
        assertThat(new String(CODEC.encodeRequest(request, UPSTREAM).body())).doesNotContain("reasoning");
    }

    @Test
    void knowsABlockAgainThatWasRedacted() {
        String wrapped = new Signature(WireFormat.MESSAGES, "data", Signature.REDACTED).wrap(WireFormat.RESPONSES);
        Part part = only(items(
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"" + wrapped + "\"}"));
        assertThat(part).isInstanceOf(Part.RedactedThought.class);
        assertThat(((Part.RedactedThought) part).data()).isEqualTo(new Signature(WireFormat.MESSAGES, "data"));
    }

    // wire-spec §2.9 and §7: never ignored
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\"",
                "\"conversation\":{\"id\":\"conv_1\"}",
                "\"prompt\":{\"id\":\"p\"}",
                "\"background\":true",
                "\"moderation\":{\"model\":\"m\"}"
            })
    void holdsWhatAnAnswerHangsOnToBeEssential(String member) {
        String name = member.substring(1, member.indexOf('"', 1));
        assertThatThrownBy(() -> new Losses().leaveOut(with(member).extras(), ""))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.UNSUPPORTED_FEATURE))
                .hasMessageContaining("'" + name + "'");
        again(with(member));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"background\":false", "\"truncation\":\"disabled\"", "\"conversation\":null"})
    void takesDefaultsThatAreSaidAloudForNothing(String member) {
        assertThat(with(member)).isEqualTo(decode("{\"model\":\"m\",\"input\":\"Hi\"}"));
    }

    @Test
    void dropsHintsWithTheirNames() {
        Losses losses = new Losses();
        losses.leaveOut(
                with("\"truncation\":\"auto\",\"max_tool_calls\":3,\"reasoning\":{\"context\":\"all_turns\"},"
                                + "\"include\":[\"reasoning.encrypted_content\"],\"client_metadata\":{}")
                        .extras(),
                "");
        assertThat(losses.dropped())
                .containsExactlyInAnyOrder("truncation", "max_tool_calls", "reasoning.context", "client_metadata");
    }

    @Test
    void refusesAReferenceToAnItemElsewhere() {
        Part.Native reference = (Part.Native) only(items("{\"id\":\"msg_1\"}"));
        assertThat(reference.loss()).isEqualTo(Loss.REFUSE);
    }

    @ParameterizedTest
    @CsvSource({
        "web_search_call,DROP",
        "file_search_call,DROP",
        "computer_call,REFUSE",
        "local_shell_call_output,REFUSE",
        "compaction,REFUSE",
        "something_new,REFUSE"
    })
    void keepsItemsThatOnlyThisFormatKnows(String type, Loss loss) {
        ChatRequest request = items("{\"type\":\"" + type + "\",\"id\":\"x_1\",\"a\":{\"b\":1.50}}");
        assertThat(((Part.Native) only(request)).loss()).isEqualTo(loss);
        again(request);
    }

    // wire-spec §2.4 rule 1, §9 rule 12
    @Test
    void takesAFunctionForStrictUnlessToldOtherwise() {
        List<Tool> tools = with("\"tools\":[{\"type\":\"function\",\"name\":\"a\",\"parameters\":null},"
                        + "{\"type\":\"function\",\"name\":\"b\",\"parameters\":{\"type\":\"object\"},\"strict\":false}]")
                .tools()
                .tools();
        assertThat(((Tool.Function) tools.get(0)).strict()).isTrue();
        assertThat(((Tool.Function) tools.get(1)).strict()).isFalse();
    }

    // translation case 089
    @Test
    void flattensNamespacesAndSeparatesNamesThatClash() {
        ChatRequest request = decode("{\"model\":\"m\",\"input\":["
                + "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"get\",\"namespace\":\"b\",\"arguments\":\"{}\"}],"
                + "\"tools\":[{\"type\":\"namespace\",\"name\":\"a\",\"description\":\"A\",\"tools\":["
                + "{\"type\":\"function\",\"name\":\"get\",\"strict\":true},{\"type\":\"custom\",\"name\":\"run\"}]},"
                + "{\"type\":\"namespace\",\"name\":\"b\",\"tools\":[{\"type\":\"function\",\"name\":\"get\"}]},"
                + "{\"type\":\"function\",\"name\":\"plain\"}]}");
        assertThat(request.tools().tools().stream().map(ResponsesRequestDecoderTest::name))
                .containsExactly("get", "run", "b__get", "plain");
        assertThat(((Part.ToolCall) only(request)).name()).isEqualTo("b__get");
        String written = new String(CODEC.encodeRequest(request, UPSTREAM).body());
        assertThat(written).contains("\"name\":\"get\",\"namespace\":\"b\"");
        again(request);
    }

    private static String name(Tool tool) {
        return tool instanceof Tool.Custom custom ? custom.name() : ((Tool.Function) tool).name();
    }

    @Test
    void countsToolsThatCodexAddsOnTheWayAmongTheTools() {
        ChatRequest request = items("{\"type\":\"additional_tools\",\"id\":\"at_1\",\"role\":\"developer\",\"tools\":["
                + "{\"type\":\"namespace\",\"name\":\"functions\",\"description\":\"\",\"tools\":["
                + "{\"type\":\"custom\",\"name\":\"exec\",\"format\":{\"type\":\"grammar\"}}]}]},"
                + "{\"role\":\"user\",\"content\":\"B\"}");
        assertThat(request.tools().tools()).hasSize(1);
        assertThat(request.turns()).hasSize(1);
        again(request);
    }

    // wire-spec §2.10
    @Test
    void readsWebSearch() {
        ChatRequest request = with("\"tools\":[{\"type\":\"web_search_preview\",\"search_context_size\":\"medium\","
                + "\"filters\":{\"allowed_domains\":[\"example.com\"]},"
                + "\"user_location\":{\"type\":\"approximate\",\"city\":\"Paris\",\"country\":null}}]");
        Tool.WebSearch search = (Tool.WebSearch) request.tools().tools().get(0);
        assertThat(search.contextSize()).isEqualTo("medium");
        assertThat(search.allowedDomains()).containsExactly("example.com");
        assertThat(Objects.requireNonNull(search.location()).toString()).isEqualTo("{\"city\":\"Paris\"}");
        again(request);
    }

    @ParameterizedTest
    @CsvSource({
        "file_search,REFUSE",
        "code_interpreter,REFUSE",
        "computer_use_preview,REFUSE",
        "mcp,REFUSE",
        "local_shell,REFUSE",
        "image_generation,REFUSE",
        "tool_search,DROP"
    })
    void knowsWhichToolsOfTheProviderCanBeDoneWithout(String type, Loss loss) {
        ChatRequest request = with("\"tools\":[{\"type\":\"" + type + "\"}]");
        assertThat(((Tool.Native) request.tools().tools().get(0)).loss()).isEqualTo(loss);
        again(request);
    }

    @Test
    void letsAnAgentDoWithoutImagesAndWithoutASearchOfOpenAisOwnIndex() {
        List<Tool> tools = with("\"tools\":[{\"type\":\"function\",\"name\":\"exec_command\",\"strict\":false},"
                        + "{\"type\":\"image_generation\"},{\"type\":\"web_search\",\"external_web_access\":false}]")
                .tools()
                .tools();
        assertThat(((Tool.Native) tools.get(1)).loss()).isEqualTo(Loss.DROP);
        assertThat(((Tool.Native) tools.get(2)).loss()).isEqualTo(Loss.DROP);
    }

    // wire-spec §2.4
    @Test
    void readsEveryToolChoice() {
        assertThat(choice("\"auto\"")).isEqualTo(new ToolChoice(ToolChoice.Mode.AUTO));
        assertThat(choice("\"none\"")).isEqualTo(new ToolChoice(ToolChoice.Mode.NONE));
        assertThat(choice("\"required\"")).isEqualTo(new ToolChoice(ToolChoice.Mode.REQUIRED));
        ToolChoice.Named function = new ToolChoice.Named(ToolKind.FUNCTION, "f");
        ToolChoice.Named custom = new ToolChoice.Named(ToolKind.CUSTOM, "c");
        assertThat(choice("{\"type\":\"function\",\"name\":\"f\"}"))
                .isEqualTo(new ToolChoice(ToolChoice.Mode.REQUIRED, List.of(function)));
        assertThat(choice("{\"type\":\"custom\",\"name\":\"c\"}"))
                .isEqualTo(new ToolChoice(ToolChoice.Mode.REQUIRED, List.of(custom)));
        assertThat(choice("{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":"
                        + "[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"custom\",\"name\":\"c\"}]}"))
                .isEqualTo(new ToolChoice(ToolChoice.Mode.AUTO, List.of(function, custom)));
    }

    private static ToolChoice choice(String choice) {
        ChatRequest request = with("\"tool_choice\":" + choice);
        again(request);
        return Objects.requireNonNull(request.tools().choice());
    }

    @Test
    void holdsTheChoiceOfAToolOfTheProviderToBeEssential() {
        ChatRequest request = with("\"tool_choice\":{\"type\":\"file_search\"}");
        assertThat(request.tools().choice()).isNull();
        assertThat(request.extras().essential()).containsExactly("tool_choice");
        again(request);
    }

    // wire-spec §2.1, logprobs row
    @Test
    void readsTheWishForLogProbabilities() {
        ChatRequest request = with("\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":3");
        assertThat(request.sampling().topLogprobs()).isEqualTo(3);
        assertThat(again(request).sampling().topLogprobs()).isEqualTo(3);
        assertThat(with("\"top_logprobs\":3").sampling().topLogprobs()).isNull();
    }

    @Test
    void readsReasoningAndTheFormOfTheAnswer() {
        ChatRequest request = with("\"reasoning\":{\"effort\":\"xhigh\",\"summary\":\"detailed\"},\"text\":{\"format\":"
                + "{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"z\":1,\"a\":1.10},\"strict\":true},"
                + "\"verbosity\":\"low\"}");
        assertThat(request.reasoning()).isEqualTo(new Reasoning(Reasoning.Mode.EFFORT, "xhigh", null, "detailed"));
        assertThat(Objects.requireNonNull(request.output().schema()).schema().toString())
                .isEqualTo("{\"z\":1,\"a\":1.10}");
        assertThat(again(request).output()).isEqualTo(request.output());
        assertThat(Objects.requireNonNull(
                                with("\"reasoning\":{\"effort\":\"none\"}").reasoning())
                        .mode())
                .isEqualTo(Reasoning.Mode.OFF);
    }

    @Test
    void readsAccount() {
        ChatRequest request =
                with("\"store\":true,\"metadata\":{\"a\":\"b\"},\"user\":\"u\",\"safety_identifier\":\"s\","
                        + "\"prompt_cache_key\":\"k\",\"service_tier\":\"flex\"");
        assertThat(again(request).account()).isEqualTo(request.account());
        assertThat(request.account().promptCacheKey()).isEqualTo("k");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|not a JSON object",
                "{\"model\":\"m\"}|'input'",
                "{\"input\":7}|'input'",
                "{\"input\":[7]}|'input[0]'",
                "{\"input\":[{}]}|'input[0].type'",
                "{\"input\":[{\"role\":\"user\"}]}|'input[0].content'",
                "{\"input\":[{\"role\":\"robot\",\"content\":\"\"}]}|'input[0].role'",
                "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]}|'input[0].content[0]'",
                "{\"input\":\"a\",\"tools\":[{\"type\":\"function\"}]}|'tools[0].name'",
                "{\"input\":\"a\",\"tool_choice\":\"any\"}|'tool_choice'",
                "{\"input\":\"a\",\"max_output_tokens\":1.5}|'max_output_tokens'"
            })
    void namesWhatIsWrong(String body, String words) {
        assertThatThrownBy(() -> decode(body))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST))
                .hasMessageContaining(words);
    }
}
