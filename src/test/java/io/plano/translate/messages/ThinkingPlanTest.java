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
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Efforts of other APIs as budgets, or as efforts: wire-spec §2.6. */
class ThinkingPlanTest {
    private static final Tool TOOL = new Tool.Function("f", null, null, null, Extras.NONE);

    private static Foreign thinking(String effort) {
        return Foreign.chat().user("x").effort(effort);
    }

    // rule 1
    @ParameterizedTest
    @CsvSource({"minimal, 1024", "low, 2048", "medium, 8192", "high, 16384", "xhigh, 32768", "max, 32768"})
    void givesOlderModelsABudget(String effort, long budget) {
        assertThat(thinking(effort).body().path("thinking"))
                .isEqualTo(json("{'type':'enabled','budget_tokens':" + budget + "}"));
    }

    // rules 1 and 2
    @Test
    void neverGoesBeyondTheClientsLimit() {
        assertThat(thinking("high")
                        .limit(5_000)
                        .body()
                        .at("/thinking/budget_tokens")
                        .asLong())
                .isEqualTo(4_999);
        EncodedRequest small = thinking("high").limit(1_024).to(Messages.SONNET);
        assertThat(body(small).has("thinking")).isFalse();
        assertThat(small.dropped()).containsExactly("reasoning_effort");
    }

    // §2.1 rule 1
    @Test
    void leavesRoomForTheAnswerWhereTheClientSetsNoLimit() {
        JsonNode body = body(thinking("max").to("claude-opus-4-1"));
        assertThat(body.path("max_tokens").asLong()).isEqualTo(32_000);
        assertThat(body.at("/thinking/budget_tokens").asLong()).isEqualTo(27_904);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-6, minimal, low",
        "claude-opus-4-6, xhigh, high",
        "claude-opus-4-7, xhigh, xhigh",
        "claude-sonnet-4-6, max, max",
        "claude-opus-5-5, medium, medium"
    })
    void givesNewerModelsAnEffort(String model, String effort, String written) {
        JsonNode body = body(thinking(effort).to(model));
        assertThat(body.at("/thinking/type").asText()).isEqualTo("adaptive");
        // Those that keep their thoughts to themselves are asked to show them: a Chat client cannot ask.
        assertThat(body.at("/thinking/display").asText("")).isEqualTo(model.endsWith("4-6") ? "" : "summarized");
        assertThat(body.at("/output_config/effort").asText()).isEqualTo(written);
    }

    @Test
    void showsSummariesToClientsThatAskForThem() {
        Reasoning reasoning = new Reasoning(Reasoning.Mode.EFFORT, "low", null, "auto");
        Foreign request = new Foreign(WireFormat.RESPONSES).user("x").reasoning(reasoning);
        assertThat(body(request.to("claude-opus-4-7")).path("thinking"))
                .isEqualTo(json("{'type':'adaptive','display':'summarized'}"));
    }

    @Test
    void tellsModelsThatCannotThinkNothing() {
        assertThat(thinking("high").to("claude-3-5-sonnet").dropped()).containsExactly("reasoning_effort");
        assertThat(thinking("none").to("claude-3-5-sonnet").dropped()).isEmpty();
        assertThat(body(thinking("none").to("claude-sonnet-4-5")).has("thinking"))
                .isFalse();
    }

    @Test
    void stopsModelsThatThinkByThemselvesWhereTheyCanBeStopped() {
        assertThat(body(thinking("none").to("claude-opus-5")).path("thinking")).isEqualTo(json("{'type':'disabled'}"));
        EncodedRequest always = thinking("none").to("claude-fable-5");
        assertThat(body(always).has("thinking")).isFalse();
        assertThat(always.dropped()).containsExactly("reasoning_effort");
    }

    // rule 3, §9.14
    @Test
    void dropsSamplingThatThoughtsRuleOut() {
        Sampling sampling = new Sampling(null, new BigDecimal("0.2"), new BigDecimal("0.5"), 5L, List.of(), null);
        EncodedRequest request = thinking("low").sampling(sampling).to("claude-3-7-sonnet");
        assertThat(request.dropped()).containsExactlyInAnyOrder("temperature", "top_p", "top_k");
        assertThat(body(request).has("temperature")).isFalse();
    }

    // rule 3, §2.4 rule 5
    @Test
    void doesNotThinkWhereACallIsForcedUnlessItAlwaysDoes() {
        ToolChoice any = new ToolChoice(ToolChoice.Mode.REQUIRED);
        EncodedRequest forced = thinking("low").tools(any, null, TOOL).to(Messages.SONNET);
        assertThat(forced.dropped()).containsExactly("reasoning_effort");
        assertThat(body(forced).has("thinking")).isFalse();
        assertThat(body(forced).at("/tool_choice/type").asText()).isEqualTo("any");
        assertThat(body(thinking("low").tools(any, null, TOOL).to("claude-opus-5"))
                        .path("thinking"))
                .isEqualTo(json("{'type':'disabled'}"));
        assertThatThrownBy(() -> Foreign.chat().user("x").tools(any, null, TOOL).to("claude-opus-5-5"))
                .hasMessageContaining("'tool_choice'")
                .hasMessageContaining("always thinks");
        assertThat(body(Foreign.chat().user("x").tools(any, null, TOOL).to("claude-opus-5"))
                        .path("thinking"))
                .isEqualTo(json("{'type':'disabled'}"));
        assertThat(body(Foreign.chat().user("x").tools(any, null, TOOL).to(Messages.SONNET))
                        .has("thinking"))
                .isFalse();
    }

    // §2.6 replay, §9.15
    @Test
    void doesNotThinkInALoopWhoseThoughtIsLost() {
        Part.ToolCall call = new Part.ToolCall("c", "f", ToolKind.FUNCTION, "{}", Extras.NONE);
        Part.ToolResult result = new Part.ToolResult("c", List.of(), Part.ToolResult.Status.UNKNOWN, Extras.NONE);
        Part.Thought thought = new Part.Thought("t", new Signature(WireFormat.MESSAGES, "s"), Extras.NONE);
        EncodedRequest lost = thinking("low")
                .turn(Turn.Role.ASSISTANT, call)
                .turn(Turn.Role.USER, result)
                .tools(null, null, TOOL)
                .to(Messages.SONNET);
        assertThat(body(lost).has("thinking")).isFalse();
        assertThat(lost.dropped()).containsExactly("reasoning_effort");
        EncodedRequest kept = thinking("low")
                .turn(Turn.Role.ASSISTANT, thought, call)
                .turn(Turn.Role.USER, result)
                .tools(null, null, TOOL)
                .to(Messages.SONNET);
        assertThat(body(kept).has("thinking")).isTrue();
    }
}
