package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client of another format sends the whole answer back with the results of its tools, unread, as agents do: the provider
 * gets its own thoughts back with their proof, its calls with their ids, and the results behind them (wire-spec §2.6 rule 5).
 */
class ToolLoopAcrossFormatsTest {
    static Stream<Arguments> directions() {
        return Stream.of(WireFormat.values())
                .flatMap(upstream -> Codecs.others(upstream).stream().map(client -> Arguments.of(client, upstream)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void bringsThoughtsCallsAndResultsBackToTheirProvider(WireFormat client, WireFormat upstream) {
        byte[] answer = Codecs.translate(
                Codecs.plainRequest(client, Arrival.DOCUMENT), upstream, Arrival.EVENTS, RichStreams.of(upstream));
        ObjectNode next = switch (client) {
            case COMPLETIONS -> afterChat(json(answer));
            case RESPONSES -> afterResponse(json(answer));
            case MESSAGES -> afterMessage(json(answer));
        };
        JsonNode request = json(Codecs.of(upstream)
                .encodeRequest(Codecs.of(client).decodeRequest(Json.bytes(next)), Codecs.upstream(upstream))
                .body());
        switch (upstream) {
            case COMPLETIONS -> assertChat(request);
            case RESPONSES -> assertResponses(request);
            case MESSAGES -> assertMessages(request);
        }
    }

    private static ObjectNode afterChat(JsonNode completion) {
        ObjectNode request = question("messages");
        ArrayNode messages = request.withArray("messages");
        messages.add(completion.at("/choices/0/message"));
        for (JsonNode call : completion.at("/choices/0/message/tool_calls")) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", call.get("id").textValue())
                    .put("content", "result of " + call.at("/function/name").textValue());
        }
        return request;
    }

    private static ObjectNode afterResponse(JsonNode response) {
        ObjectNode request = question("input");
        ArrayNode input = request.withArray("input");
        for (JsonNode item : response.get("output")) {
            input.add(item);
        }
        for (JsonNode item : response.get("output")) {
            if (item.path("type").asText().equals("function_call")) {
                input.addObject()
                        .put("type", "function_call_output")
                        .put("call_id", item.get("call_id").textValue())
                        .put("output", "result of " + item.get("name").textValue());
            }
        }
        return request;
    }

    private static ObjectNode afterMessage(JsonNode message) {
        ObjectNode request = question("messages").put("max_tokens", 4096);
        request.putObject("thinking").put("type", "enabled").put("budget_tokens", 2048);
        ArrayNode messages = request.withArray("messages");
        messages.addObject().put("role", "assistant").set("content", message.get("content"));
        ArrayNode results = messages.addObject().put("role", "user").putArray("content");
        for (JsonNode block : message.get("content")) {
            if (block.path("type").asText().equals("tool_use")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", block.get("id").textValue())
                        .put("content", "result of " + block.get("name").textValue());
            }
        }
        return request;
    }

    private static ObjectNode question(String member) {
        ObjectNode request = Json.nodes().objectNode().put("model", "m");
        request.putArray(member).addObject().put("role", "user").put("content", "Hi");
        return request;
    }

    private static JsonNode json(byte[] document) {
        return Objects.requireNonNull(Json.read(document));
    }

    private static void assertMessages(JsonNode request) {
        JsonSubset.assertContains(
                request.get("messages"),
                json(("[{'role':'user'},{'role':'assistant','content':["
                                + "{'type':'thinking','thinking':'First é, then 😀.','signature':'c2lnbmVk'},"
                                + "{'type':'text','text':'Grüße 世界 😀\\n'},"
                                + "{'type':'tool_use','name':'look','input':{'at':'é'}},"
                                + "{'type':'tool_use','name':'now','input':{}}]},{'role':'user','content':["
                                + "{'type':'tool_result','tool_use_id':'call_1','content':'result of look'},"
                                + "{'type':'tool_result','tool_use_id':'call_2','content':'result of now'}]}]")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertResponses(JsonNode request) {
        JsonNode reasoning = request.get("input").get(1);
        assertThat(reasoning.path("type").asText()).isEqualTo("reasoning");
        assertThat(reasoning.path("id").asText()).isEqualTo("rs_1");
        assertThat(reasoning.path("encrypted_content").asText()).isEqualTo("c2VjcmV0");
        assertThat(request.get("input"))
                .extracting(item -> item.path("type").asText("message") + " "
                        + item.path("call_id").asText("")
                        + item.path("output").asText(""))
                .containsExactly(
                        "message ",
                        "reasoning ",
                        "message ",
                        "function_call call_1",
                        "function_call call_2",
                        "function_call_output call_1result of look",
                        "function_call_output call_2result of now");
    }

    /** OpenAI's own Chat Completions take no thoughts back. */
    private static void assertChat(JsonNode request) {
        JsonNode messages = request.get("messages");
        assertThat(messages).hasSize(4);
        assertThat(messages.get(1).path("content").asText()).isEqualTo("Grüße 世界 😀\n");
        assertThat(messages.get(1).has("reasoning_content")).isFalse();
        assertThat(messages.get(1).path("tool_calls"))
                .extracting(call ->
                        call.at("/id").asText() + call.at("/function/arguments").asText())
                .containsExactly("call_1{\"at\":\"é\"}", "call_2{}");
        assertThat(messages.get(2).path("tool_call_id").asText()).isEqualTo("call_1");
        assertThat(messages.get(3).path("content").asText()).isEqualTo("result of now");
    }
}
