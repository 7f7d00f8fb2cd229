package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.body;
import static io.plano.translate.messages.Messages.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.EncodedRequest;
import io.plano.translate.messages.Messages.Foreign;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolChoice.Mode;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tools of other APIs, and how they may be used: wire-spec §2.4. */
class MessagesToolsTest {
    private static Tool.Function function(String name) {
        return new Tool.Function(name, null, null, null, Extras.NONE);
    }

    private static ToolChoice choice(Mode mode, String... names) {
        return new ToolChoice(
                mode,
                Arrays.stream(names)
                        .map(name -> new ToolChoice.Named(ToolKind.FUNCTION, name))
                        .toList());
    }

    private static JsonNode written(@Nullable ToolChoice choice, @Nullable Boolean parallel) {
        return Foreign.chat()
                .user("x")
                .tools(choice, parallel, function("f"), function("g"))
                .body()
                .path("tool_choice");
    }

    // no parameters
    @Test
    void givesEveryToolTheSchemaThatThisApiRequires() {
        JsonNode tools = Foreign.chat()
                .user("x")
                .tools(
                        null,
                        null,
                        function("f"),
                        new Tool.Function("g", "d", json("{'properties':{'z':{},'a':{}}}"), false, Extras.NONE))
                .body()
                .path("tools");
        assertThat(tools.toString()).isEqualTo(json("""
                        [{'name':'f','input_schema':{'type':'object'}},
                         {'name':'g','description':'d','input_schema':{'type':'object','properties':{'z':{},'a':{}}}}]""").toString());
    }

    // choice, and rule 4
    @Test
    void writesEveryChoice() {
        assertThat(written(null, null).isMissingNode()).isTrue();
        assertThat(written(choice(Mode.AUTO), null)).isEqualTo(json("{'type':'auto'}"));
        assertThat(written(choice(Mode.NONE), false)).isEqualTo(json("{'type':'none'}"));
        assertThat(written(choice(Mode.REQUIRED), null)).isEqualTo(json("{'type':'any'}"));
        assertThat(written(choice(Mode.REQUIRED, "g"), true)).isEqualTo(json("{'type':'tool','name':'g'}"));
    }

    // rule 2, §9.29
    @Test
    void makesAChoiceToSayThatCallsMayNotBeParallel() {
        assertThat(written(null, false)).isEqualTo(json("{'type':'auto','disable_parallel_tool_use':true}"));
        assertThat(written(choice(Mode.REQUIRED, "f"), false))
                .isEqualTo(json("{'type':'tool','name':'f','disable_parallel_tool_use':true}"));
    }

    // subset
    @Test
    void sendsOnlyTheToolsThatMayBeCalled() {
        JsonNode body = Foreign.chat()
                .user("x")
                .tools(choice(Mode.REQUIRED, "g", "h"), null, function("f"), function("g"), function("h"))
                .body();
        assertThat(body.path("tools").findValuesAsText("name")).containsExactly("g", "h");
        assertThat(body.path("tool_choice")).isEqualTo(json("{'type':'any'}"));
        JsonNode one = Foreign.chat()
                .user("x")
                .tools(choice(Mode.AUTO, "g"), null, function("f"), function("g"))
                .body();
        assertThat(one.path("tools").findValuesAsText("name")).containsExactly("g");
        assertThat(one.path("tool_choice")).isEqualTo(json("{'type':'auto'}"));
    }

    // rule 12
    @Test
    void dropsAChoiceAmongNoTools() {
        JsonNode body = Foreign.chat().user("x").tools(choice(Mode.AUTO), false).body();
        assertThat(body.has("tools")).isFalse();
        assertThat(body.has("tool_choice")).isFalse();
    }

    // rule 6
    @Test
    void declaresToolsThatTheHistoryCallsWhereTheRequestHasNone() {
        JsonNode body = Foreign.chat()
                .user("x")
                .turn(
                        Turn.Role.ASSISTANT,
                        new Part.ToolCall("c", "f", ToolKind.FUNCTION, "{}", Extras.NONE),
                        new Part.ToolCall("d", "f", ToolKind.FUNCTION, "{}", Extras.NONE))
                .body();
        assertThat(body.path("tools")).isEqualTo(json("[{'name':'f','input_schema':{'type':'object'}}]"));
        assertThat(body.path("tool_choice")).isEqualTo(json("{'type':'none'}"));
    }

    // rule 7
    @Test
    void givesToolsLegalNamesEverywhere() {
        EncodedRequest request = Foreign.chat()
                .user("x")
                .turn(Turn.Role.ASSISTANT, new Part.ToolCall("c", "a.b", ToolKind.FUNCTION, "{}", Extras.NONE))
                .tools(choice(Mode.REQUIRED, "a.b"), null, function("a.b"))
                .to(Messages.SONNET);
        String name = body(request).at("/tools/0/name").asText();
        assertThat(name).matches("a_b_[0-9a-f]{8}");
        assertThat(request.renamedTools()).containsExactly(Map.entry(name, "a.b"));
        assertThat(body(request).at("/tool_choice/name").asText()).isEqualTo(name);
        assertThat(body(request).at("/messages/1/content/0/name").asText()).isEqualTo(name);
    }

    // rule 1
    @Test
    void keepsStrictWhereModelAndSchemaAllowIt() {
        JsonNode closed = json("{'type':'object','properties':{'a':{}},'additionalProperties':false}");
        JsonNode open = json("{'type':'object','properties':{'a':{}}}");
        Foreign strict =
                Foreign.chat().user("x").tools(null, null, new Tool.Function("f", null, closed, true, Extras.NONE));
        Foreign loose =
                Foreign.chat().user("x").tools(null, null, new Tool.Function("f", null, open, true, Extras.NONE));
        assertThat(strict.body().at("/tools/0/strict").asBoolean()).isTrue();
        assertThat(strict.to("claude-3-5-haiku").dropped()).containsExactly("tools.function.strict");
        assertThat(loose.to(Messages.SONNET).dropped()).containsExactly("tools.function.strict");
        assertThat(loose.body().at("/tools/0").has("strict")).isFalse();
    }

    // wire-spec §7 RS->AN
    @Test
    void turnsToolsOfFreeTextIntoFunctionsOfOneString() {
        JsonNode grammar = json("{'type':'grammar','syntax':'lark','definition':'start: WORD'}");
        EncodedRequest request = new Foreign(WireFormat.RESPONSES)
                .user("x")
                .turn(
                        Turn.Role.ASSISTANT,
                        new Part.ToolCall("c", "apply_patch", ToolKind.CUSTOM, "*** Begin \"Patch\"", Extras.NONE))
                .tools(null, null, new Tool.Custom("apply_patch", "Edits.", grammar, Extras.NONE))
                .to(Messages.SONNET);
        assertThat(request.customTools()).containsExactly("apply_patch");
        assertThat(body(request).at("/tools/0")).isEqualTo(json("""
                        {'name':'apply_patch','description':'Edits.\\n\\nThe input must match this lark grammar:\\nstart: WORD',
                         'input_schema':{'type':'object','properties':{'input':{'type':'string'}},'required':['input'],
                          'additionalProperties':false}}"""));
        assertThat(body(request).at("/messages/1/content/0/input/input").asText())
                .isEqualTo("*** Begin \"Patch\"");
    }

    // wire-spec §2.10
    @Test
    void writesAWebSearch() {
        Tool search = new Tool.WebSearch("high", 2L, List.of("a.org"), List.of(), json("{'city':'Bern'}"), Extras.NONE);
        EncodedRequest request = new Foreign(WireFormat.RESPONSES)
                .user("x")
                .tools(null, null, search)
                .to(Messages.SONNET);
        assertThat(body(request).at("/tools/0")).isEqualTo(json("""
                        {'type':'web_search_20250305','name':'web_search','max_uses':2,'allowed_domains':['a.org'],
                         'user_location':{'type':'approximate','city':'Bern'}}"""));
        assertThat(request.dropped()).containsExactly("tools.search_context_size");
    }

    // wire-spec §2.4 rule 11
    @Test
    void refusesToolsOfOtherProviders() {
        Tool foreign = new Tool.Native(WireFormat.RESPONSES, json("{'type':'file_search'}"), Loss.REFUSE);
        Foreign request = new Foreign(WireFormat.RESPONSES).user("x").tools(null, null, foreign);
        assertThatThrownBy(request::body).hasMessageContaining("'tools.file_search'");
    }
}
