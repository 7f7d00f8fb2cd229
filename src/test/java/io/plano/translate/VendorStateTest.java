package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.ModelFacts;
import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers of Chat Completions want to see again in members of their own, through clients of other APIs. */
class VendorStateTest {
    private static final String CALL =
            "'tool_calls':[{'index':0,'id':'call_1','type':'function','function':{'name':'f',"
                    + "'arguments':'{}'}EXTRA}]";
    private static final String GEMINI =
            CALL.replace("EXTRA", ",'extra_content':{'google':{'thought_signature':'TSIG'}}");
    private static final String PLAIN = CALL.replace("EXTRA", "");

    private static JsonNode json(String text) {
        return Objects.requireNonNull(Json.read(text.replace('\'', '"')));
    }

    private static UpstreamModel at(String provider) {
        return new UpstreamModel("m", CompletionsQuirks.OPENAI, provider, ModelFacts.UNKNOWN);
    }

    private static byte[] whole(String message) {
        return Json.bytes(
                json("{'id':'c','choices':[{'index':0,'message':{" + message + "},'finish_reason':'tool_calls'}]}"));
    }

    private static byte[] stream(String... deltas) {
        StringBuilder events = new StringBuilder();
        for (String delta : deltas) {
            events.append("data: {'choices':[{'index':0,'delta':{")
                    .append(delta)
                    .append("}}]}\n\n");
        }
        events.append("data: {'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}\n\ndata: [DONE]\n\n");
        return events.toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** The message as the provider gets it in the next request of that client, which sends back what it got. */
    private static JsonNode sentBack(WireFormat client, Arrival arrival, byte[] answer, String provider) {
        var first = Codecs.plainRequest(client, Arrival.DOCUMENT);
        Translation translation =
                Translation.of(Codecs.of(client), first, Codecs.of(WireFormat.COMPLETIONS), at("gemini"));
        AnswerTranslator translator = translation.answer(arrival, "r", 1);
        translator.accept(answer, 0, answer.length);
        translator.end();
        assertThat(translator.error()).isNull();
        JsonNode got = Objects.requireNonNull(Json.read(translator.take()));
        var next = Codecs.of(client).decodeRequest(Json.bytes(next(client, got)));
        byte[] body = Codecs.of(WireFormat.COMPLETIONS)
                .encodeRequest(next, at(provider))
                .body();
        return Objects.requireNonNull(Json.read(body)).at("/messages/1");
    }

    private static ObjectNode next(WireFormat client, JsonNode got) {
        ObjectNode request = Json.nodes().objectNode();
        if (client == WireFormat.RESPONSES) {
            ArrayNode input = request.putArray("input");
            input.addObject().put("role", "user").put("content", "hi");
            got.path("output").forEach(input::add);
            input.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", "call_1")
                    .put("output", "r");
            return request;
        }
        ArrayNode messages = request.put("max_tokens", 9).putArray("messages");
        messages.addObject().put("role", "user").put("content", "hi");
        messages.addObject().put("role", "assistant").set("content", got.path("content"));
        messages.addObject()
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "tool_result")
                .put("tool_use_id", "call_1")
                .put("content", "r");
        return request;
    }

    private static List<WireFormat> clients() {
        return List.of(WireFormat.MESSAGES, WireFormat.RESPONSES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'content':'text'",
                "'content':null",
                "'reasoning_content':'why','content':null",
                "'content':null,'extra_content':{'google':{'thought_signature':'MSIG'}}",
                "'content':null,'provider_specific_fields':{'thought_signatures':['x']}",
                "'content':null,'reasoning':'th','reasoning_details':[{'type':'reasoning.encrypted','data':'ENC','id':'call_1','index':0}]",
                "'content':null,'reasoning_opaque':'OPAQUE'"
            })
    void comesBackToTheProviderThatMadeIt(String members) {
        JsonNode message = json("{" + members + "}");
        for (WireFormat client : clients()) {
            for (Arrival arrival : Arrival.values()) {
                byte[] answer = arrival == Arrival.DOCUMENT ? whole(members + "," + GEMINI) : stream(members, GEMINI);
                JsonNode back = sentBack(client, arrival, answer, "gemini");

                assertThat(back.at("/tool_calls/0/extra_content"))
                        .as("%s of %s", client, back)
                        .isEqualTo(json("{'google':{'thought_signature':'TSIG'}}"));
                for (String member :
                        List.of("extra_content", "provider_specific_fields", "reasoning_details", "reasoning_opaque")) {
                    assertThat(back.path(member)).isEqualTo(message.path(member));
                }
                JsonNode elsewhere = sentBack(client, arrival, answer, "mistral");
                assertThat(elsewhere.toString()).doesNotContain("TSIG", "MSIG", "ENC", "OPAQUE", "fields", "details");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MESSAGES", "RESPONSES"})
    void isPutTogetherFromItsPieces(WireFormat client) {
        String detail = "'reasoning_details':[{'type':'reasoning.text','index':0,";
        byte[] answer = stream(
                "'reasoning':'a'," + detail + "'text':'a'}]",
                "'reasoning':'b'," + detail + "'text':'b'}]",
                detail + "'signature':'SIG'}]",
                "'reasoning_details':[{'type':'reasoning.encrypted','index':1,'data':'D'}]",
                "'content':'text'",
                PLAIN);
        assertThat(sentBack(client, Arrival.EVENTS, answer, "gemini").path("reasoning_details"))
                .isEqualTo(json("[{'type':'reasoning.text','index':0,'text':'ab','signature':'SIG'},"
                        + "{'type':'reasoning.encrypted','index':1,'data':'D'}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!", "bm8", "e30", "W10"})
    void isIgnoredIfItIsNone(String carried) {
        String body = "{'max_tokens':9,'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':["
                + "{'type':'thinking','thinking':'t','signature':'plano-v1.chat.gemini." + carried
                + "'},{'type':'text','text':'x'}]}]}";
        var request = Codecs.of(WireFormat.MESSAGES).decodeRequest(Json.bytes(json(body)));
        JsonNode message = Objects.requireNonNull(Json.read(Codecs.of(WireFormat.COMPLETIONS)
                        .encodeRequest(request, at("gemini"))
                        .body()))
                .at("/messages/1");
        assertThat(message).isEqualTo(json("{'role':'assistant','content':'x'}"));
    }
}
