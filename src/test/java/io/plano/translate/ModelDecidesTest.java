package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One request, and what becomes of it for models that do and refuse different things. */
class ModelDecidesTest {
    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static JsonNode json(byte[] body) {
        return Objects.requireNonNull(Json.read(body));
    }

    private static ChatRequest messages(String members) {
        String body = "{\"max_tokens\":32000," + members.replace('\'', '"') + ASKED + "}";
        return Codecs.of(WireFormat.MESSAGES).decodeRequest(body.getBytes(StandardCharsets.UTF_8));
    }

    private static ChatRequest chat(String members) {
        String body = "{" + members.replace('\'', '"') + ASKED + "}";
        return Codecs.of(WireFormat.COMPLETIONS).decodeRequest(body.getBytes(StandardCharsets.UTF_8));
    }

    private static EncodedRequest to(WireFormat upstream, String model, ChatRequest request) {
        EncodedRequest encoded =
                Codecs.of(upstream).encodeRequest(request, new UpstreamModel(model, CompletionsQuirks.OPENAI));
        StrictProvider.assertTakes(upstream, encoded.body());
        return encoded;
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o,16384,true",
        "gpt-4o-mini-2024-07-18,16384,true",
        "gpt-5.4,32000,false",
        "house-model,32000,false"
    })
    void aLimitAboveTheModelsIsLoweredAndNamed(String model, long limit, boolean named) {
        for (WireFormat upstream : Codecs.others(WireFormat.MESSAGES)) {
            EncodedRequest encoded = to(upstream, model, messages(""));
            String member = upstream == WireFormat.RESPONSES ? "max_output_tokens" : "max_completion_tokens";
            assertThat(json(encoded.body()).path(member).asLong()).isEqualTo(limit);
            assertThat(encoded.dropped().contains("max_tokens")).isEqualTo(named);
        }
        EncodedRequest claude = to(WireFormat.MESSAGES, "claude-opus-4-1", chat("'max_tokens':200000,"));
        assertThat(json(claude.body()).path("max_tokens").asLong()).isEqualTo(32_000);
        assertThat(claude.dropped()).containsExactly("max_completion_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4.1,high,,true",
        "llama-3.3-70b-versatile,high,,true",
        "gpt-5,high,high,false",
        "gpt-5,max,high,true",
        "gpt-5,minimal,minimal,false",
        "gpt-5.4,minimal,low,true",
        "gpt-5.4,xhigh,xhigh,false",
        "o3,xhigh,high,true",
        "o3,minimal,low,true",
        "gpt-6-sol,max,max,false",
        "kimi-k3,medium,high,true",
        "kimi-k3,xhigh,high,true",
        "house-model,max,max,false"
    })
    void anEffortIsOneThatTheModelHasOrNone(String model, String asked, String written, boolean named) {
        ChatRequest request = messages("'thinking':{'type':'adaptive'},'output_config':{'effort':'" + asked + "'},");
        for (WireFormat upstream : Codecs.others(WireFormat.MESSAGES)) {
            EncodedRequest encoded = to(upstream, model, request);
            JsonNode body = json(encoded.body());
            JsonNode effort =
                    upstream == WireFormat.RESPONSES ? body.at("/reasoning/effort") : body.path("reasoning_effort");
            assertThat(effort.textValue()).isEqualTo(written);
            assertThat(encoded.dropped().contains("thinking")).isEqualTo(named);
        }
    }

    @Test
    void samplingMembersAndStopSequencesGoOnlyToModelsThatTakeThem() {
        ChatRequest request = messages("'temperature':0.2,'top_p':0.5,'stop_sequences':['END'],");
        EncodedRequest thinker = to(WireFormat.COMPLETIONS, "o3", request);
        assertThat(thinker.dropped()).contains("temperature", "top_p").doesNotContain("stop_sequences");
        assertThat(thinker.stops()).containsExactly("END");
        assertThat(json(thinker.body()).has("stop")).isFalse();
        EncodedRequest plain = to(WireFormat.COMPLETIONS, "gpt-4.1", request);
        assertThat(plain.dropped()).doesNotContain("temperature", "top_p");
        assertThat(plain.stops()).isEmpty();
        assertThat(json(plain.body()).path("stop")).hasSize(1);
        // This one takes them as long as it does not think.
        assertThat(to(WireFormat.RESPONSES, "gpt-5.4", request).dropped()).isEmpty();
        ChatRequest thinking = messages("'temperature':0.2,'thinking':{'type':'adaptive'},");
        assertThat(to(WireFormat.RESPONSES, "gpt-5.4", thinking).dropped()).containsExactly("temperature");
    }

    @Test
    void aSchemaIsAskedForInTheWayThatTheModelHas() {
        ChatRequest request = messages("'output_config':{'format':{'type':'json_schema','schema':{'type':'object',"
                + "'properties':{'a':{'type':'string'}},'required':['a'],'additionalProperties':false}}},");
        assertThat(json(to(WireFormat.COMPLETIONS, "gpt-4o", request).body())
                        .at("/response_format/type")
                        .asText())
                .isEqualTo("json_schema");
        EncodedRequest old = to(WireFormat.COMPLETIONS, "gpt-4-turbo", request);
        assertThat(json(old.body()).has("response_format")).isFalse();
        assertThat(json(old.body()).at("/tool_choice/function/name").asText()).isEqualTo("structured_answer");
        assertThat(old.answerTool()).isEqualTo("structured_answer");
    }

    @Test
    void aModelThatDoesNotGoOnWithATextIsAskedTo() {
        String prefilled = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"content\":\"He\"}]}";
        ChatRequest request =
                Codecs.of(WireFormat.COMPLETIONS).decodeRequest(prefilled.getBytes(StandardCharsets.UTF_8));
        EncodedRequest newer = to(WireFormat.MESSAGES, "claude-opus-5", request);
        assertThat(json(newer.body()).at("/messages/2/role").asText()).isEqualTo("user");
        assertThat(newer.dropped()).containsExactly("messages.prefill");
        EncodedRequest older = to(WireFormat.MESSAGES, "claude-sonnet-4-5", request);
        assertThat(json(older.body()).path("messages")).hasSize(2);
    }

    @Test
    void noMoreThanFourCacheMarksGoToAnthropic() {
        StringBuilder turns = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            turns.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"text\",\"text\":\"t\",\"cache_control\":{\"type\":\"ephemeral\"}}");
        }
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[" + turns + "]}]}";
        ChatRequest request = Codecs.of(WireFormat.COMPLETIONS).decodeRequest(body.getBytes(StandardCharsets.UTF_8));
        EncodedRequest encoded = to(WireFormat.MESSAGES, "claude-sonnet-4-5", request);
        assertThat(json(encoded.body()).findValues("cache_control")).hasSize(4);
        assertThat(json(encoded.body()).at("/messages/0/content/5").has("cache_control"))
                .isTrue();
        assertThat(encoded.dropped()).containsExactly("messages.content.cache_control");
    }

    @Test
    void whatTheFileSaysOfAModelDecides() {
        ModelFacts own = new ModelFacts(100, Set.of(), Set.of(Ability.REASONING, Ability.PARALLEL_CALLS));
        EncodedRequest encoded = Codecs.of(WireFormat.COMPLETIONS)
                .encodeRequest(
                        messages(
                                "'thinking':{'type':'adaptive'},'tools':[{'name':'f','input_schema':{'type':'object'}}],"
                                        + "'tool_choice':{'type':'auto','disable_parallel_tool_use':true},"),
                        new UpstreamModel("house-model", CompletionsQuirks.OPENAI, "house", own));
        assertThat(json(encoded.body()).path("max_completion_tokens").asLong()).isEqualTo(100);
        assertThat(json(encoded.body()).has("parallel_tool_calls")).isFalse();
        assertThat(encoded.dropped()).containsExactlyInAnyOrder("thinking", "max_tokens");
    }

    @ParameterizedTest
    @CsvSource({"thread", "container", "mcp_servers", "previous_message_id", "conversation"})
    void whatAProviderHoldsForTheClientIsNoHint(String member) {
        ChatRequest request = messages("'" + member + "':{'id':'x'},");
        for (WireFormat upstream : Codecs.others(WireFormat.MESSAGES)) {
            assertThatThrownBy(() -> to(upstream, "gpt-5.4", request)).hasMessageContaining("'" + member + "'");
        }
    }

    @Test
    void whatGoesOnAsTextIsNotMissed() {
        String body = "{\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"search_result\","
                + "\"title\":\"T\",\"source\":\"s\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}]}";
        ChatRequest found = Codecs.of(WireFormat.MESSAGES).decodeRequest(body.getBytes(StandardCharsets.UTF_8));
        for (WireFormat upstream : Codecs.others(WireFormat.MESSAGES)) {
            assertThat(to(upstream, "gpt-5.4", found).dropped()).isEmpty();
        }
        ChatRequest empty = Codecs.of(WireFormat.RESPONSES)
                .decodeRequest("{\"instructions\":\"\",\"input\":\"hi\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(to(WireFormat.MESSAGES, "claude-sonnet-4-5", empty).dropped())
                .isEmpty();
        assertThat(to(WireFormat.COMPLETIONS, "gpt-5.4", empty).dropped()).isEmpty();
    }
}
