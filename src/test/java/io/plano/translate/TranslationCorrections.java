package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What we expect instead where another gateway's test is not right, or where several answers are. */
final class TranslationCorrections {
    /** What a translation came to: a document, the events of a stream, or a refusal. */
    record Outcome(
            @Nullable JsonNode json,
            @Nullable List<SseText> stream,
            @Nullable GatewayException refusal) {
        static Outcome of(JsonNode document) {
            return new Outcome(document, null, null);
        }

        static Outcome of(List<SseText> events) {
            return new Outcome(null, events, null);
        }

        static Outcome of(GatewayException refusal) {
            return new Outcome(null, null, refusal);
        }

        JsonNode document() {
            assertThat(refusal).isNull();
            return Objects.requireNonNull(json);
        }

        List<SseText> events() {
            assertThat(refusal).isNull();
            return Objects.requireNonNull(stream);
        }

        void assertRefused(FailureKind kind) {
            assertThat(refusal).as("refused").isNotNull();
            assertThat(refusal.kind()).isEqualTo(kind);
        }
    }

    /**
     * Another expectation.
     *
     * @param because one sentence
     * @param check asserts it
     */
    record Correction(String because, Consumer<Outcome> check) {}

    private static final Map<String, Correction> CORRECTIONS = new LinkedHashMap<>();

    static {
        requests();
        orphans();
        answers();
        streams();
        errors();
    }

    private TranslationCorrections() {}

    static @Nullable Correction of(String number) {
        return CORRECTIONS.get(number);
    }

    static Set<String> numbers() {
        return CORRECTIONS.keySet();
    }

    private static void correct(String number, String because, Consumer<Outcome> check) {
        CORRECTIONS.put(number, new Correction(because, check));
    }

    /** The objection in the case's note does not touch its expectation. */
    private static void asWritten(String number, String because) {
        correct(
                number,
                because,
                outcome -> TranslationCasesTest.compare(
                        TranslationCase.all().stream()
                                .filter(expectation -> expectation.number().equals(number))
                                .findAny()
                                .orElseThrow(),
                        outcome));
    }

    private static void contains(String number, String because, String expected) {
        JsonNode document = json(expected);
        correct(number, because, outcome -> JsonSubset.assertContains(outcome.document(), document));
    }

    private static JsonNode json(String text) {
        return Objects.requireNonNull(Json.read(text.replace('\'', '"')), text);
    }

    private static void requests() {
        correct(
                "001",
                "max_tokens 0 asks Anthropic for no answer at all, so a client that sets no limit gets the model's own.",
                outcome -> {
                    JsonSubset.assertContains(
                            outcome.document(),
                            json("{'messages':[{'role':'user','content':[{'type':'text','text':'Hello'}]}]}"));
                    assertThat(outcome.document().path("max_tokens").asInt()).isGreaterThanOrEqualTo(4096);
                });
        correct(
                "061",
                "Messages takes arguments as an object; a refusal would end a conversation that a cut-off answer began.",
                outcome ->
                        assertThat(outcome.document().findValuesAsText("_raw")).containsExactly("{\"location\":"));
        correct(
                "088",
                "The output of a function is a text or a list of parts; a client that sends an object learns its name.",
                outcome -> {
                    outcome.assertRefused(FailureKind.INVALID_REQUEST);
                    assertThat(outcome.refusal()).hasMessageContaining("'input[0].output'");
                });
        contains(
                "089",
                "As written, and the function is not strict, because its schema does not follow OpenAI's rules for that.",
                "{'tools':[{'type':'function','function':{'name':'get_customer_profile','description':"
                        + "'Fetch a customer profile','strict':false}},{'type':'function','function':{'name':'run_patch',"
                        + "'parameters':{'type':'object','properties':{'input':{'type':'string'}}}}}]}");
        correct(
                "090",
                "Few models search in Chat Completions; one that cannot is not asked, and who asks for nothing else learns it.",
                outcome -> outcome.assertRefused(FailureKind.UNSUPPORTED_FEATURE));
        correct(
                "091",
                "A result without its call is refused by every provider, so the call without arguments is named here.",
                outcome -> {
                    outcome.assertRefused(FailureKind.INVALID_REQUEST);
                    assertThat(outcome.refusal()).hasMessageContaining("input[1].arguments");
                });
    }

    /** The peers' tests have results without calls, so the rule that they are about is shown with the calls before them. */
    private static void orphans() {
        String because =
                "A result whose call does not stand before it is refused by every provider, so it is named here.";
        String calls = "{'role':'assistant','tool_calls':["
                + "{'id':'tool_1','type':'function','function':{'name':'weather','arguments':'{}'}},"
                + "{'id':'tool_2','type':'function','function':{'name':'clock','arguments':'{}'}}]}";
        correct("057", because, outcome -> {
            assertOrphan(outcome, "messages.tool_call_id");
            JsonNode body = encode(
                    WireFormat.COMPLETIONS,
                    WireFormat.MESSAGES,
                    "{'model':'m','max_tokens':10,'messages':[" + calls
                            + ",{'role':'tool','tool_call_id':'tool_1','content':'72F'}"
                            + ",{'role':'tool','tool_call_id':'tool_2','content':'16:00'}]}");
            JsonSubset.assertContains(
                    body.path("messages").path(1),
                    json("{'role':'user','content':[{'type':'tool_result','tool_use_id':'tool_1','content':'72F'},"
                            + "{'type':'tool_result','tool_use_id':'tool_2','content':'16:00'}]}"));
        });
        correct("121", because, outcome -> {
            assertOrphan(outcome, "messages.content.tool_use_id");
            JsonNode body = encode(
                    WireFormat.MESSAGES,
                    WireFormat.COMPLETIONS,
                    "{'model':'m','max_tokens':10,'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'call_1',"
                            + "'name':'weather','input':{}}]},{'role':'user','content':[{'type':'tool_result',"
                            + "'tool_use_id':'call_1','content':'72'},{'type':'text','text':'now write the tests'}]}]}");
            JsonSubset.assertContains(
                    body.path("messages"),
                    json("[{'role':'assistant'},{'role':'tool','tool_call_id':'call_1','content':'72'},"
                            + "{'role':'user','content':'now write the tests'}]"));
        });
    }

    private static void assertOrphan(Outcome outcome, String member) {
        outcome.assertRefused(FailureKind.INVALID_REQUEST);
        assertThat(outcome.refusal()).hasMessageContaining("'" + member + "'");
    }

    private static JsonNode encode(WireFormat client, WireFormat upstream, String request) {
        ChatRequest asked = Codecs.of(client).decodeRequest(Json.bytes(json(request)));
        byte[] body = Codecs.of(upstream)
                .encodeRequest(asked, Codecs.upstream(upstream))
                .body();
        return Objects.requireNonNull(Json.read(body));
    }

    private static void answers() {
        contains(
                "062",
                "OpenAI has a name of its own for what went into a cache: cache_write_tokens.",
                "{'object':'chat.completion','model':'claude-3-5-sonnet-20241022','choices':[{'index':0,"
                        + "'finish_reason':'tool_calls','message':{'role':'assistant','content':'Ok, I will call the tool.',"
                        + "'tool_calls':[{'id':'toolu_01','type':'function','function':{'name':'get_weather',"
                        + "'arguments':'{\\'location\\':\\'Tokyo\\',\\'unit\\':\\'celsius\\'}'}}]}}],"
                        + "'usage':{'prompt_tokens':42,'completion_tokens':15,'total_tokens':57,"
                        + "'prompt_tokens_details':{'cached_tokens':10,'cache_write_tokens':7}}}");
        String message = "{'type':'message','role':'assistant','content':[{'type':'text','text':'%s'}],'model':'%s',"
                + "'stop_reason':'end_turn','usage':{'input_tokens':%d,'output_tokens':%d}}";
        answer("045", String.format(message, "hi, this is a test.", "foo", 0, 0));
        answer("047", String.format(message, "Hello! How can I help you today?", "gpt-4o", 25, 10));
    }

    private static void answer(String number, String expected) {
        correct(
                number,
                "Anthropic's ids begin with msg_, and stop_sequence is there even where none came.",
                outcome -> {
                    JsonSubset.assertContains(outcome.document(), json(expected));
                    assertThat(outcome.document().path("id").asText()).startsWith("msg_");
                    assertThat(outcome.document().path("stop_sequence").isNull())
                            .isTrue();
                });
    }

    private static void streams() {
        String unasked =
                "The client asked for no usage (stream_options.include_usage), so it gets no chunk with it, and"
                        + " ours have the role in a chunk of its own.";
        correct(
                "028",
                unasked,
                outcome -> assertChunks(
                        outcome,
                        List.of(
                                "{'choices':[{'delta':{'role':'assistant','content':''},'finish_reason':null}]}",
                                "{'choices':[{'delta':{'content':'The sky appears blue'},'finish_reason':null}]}",
                                "{'choices':[{'delta':{'content':' due to Rayleigh scattering.'},'finish_reason':null}]}",
                                "{'choices':[{'delta':{},'finish_reason':'stop'}]}")));
        correct(
                "029",
                unasked,
                outcome -> assertChunks(
                        outcome,
                        List.of(
                                "{'choices':[{'delta':{'role':'assistant'}}]}",
                                "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'toolu_abc123','type':'function',"
                                        + "'function':{'name':'get_weather','arguments':''}}]}}]}",
                                "{'choices':[{'delta':{'tool_calls':[{'index':0}]}}]}",
                                "{'choices':[{'delta':{'tool_calls':[{'index':0}]}}]}",
                                "{'choices':[{'delta':{},'finish_reason':'tool_calls'}]}")));
        correct(
                "036",
                "Equal formats are not translated; where they are, what it cost is known with message_delta only.",
                outcome -> {
                    assertThat(outcome.events())
                            .extracting(SseText::type)
                            .containsExactly(
                                    "message_start",
                                    "content_block_start",
                                    "content_block_delta",
                                    "content_block_stop",
                                    "message_delta",
                                    "message_stop");
                    JsonSubset.assertContains(
                            outcome.events().get(4).json(),
                            json("{'delta':{'stop_reason':'end_turn'},'usage':{'input_tokens':8,'output_tokens':15}}"));
                });
        asWritten("051", "The order is right, and nothing of this prompt came from a cache, so nothing is subtracted.");
        JsonNode beginning = json("[{'event':'message_start'},{'event':'content_block_start'},"
                + "{'event':'content_block_delta','text':'Hello'},{'event':'content_block_delta','text':' world'},"
                + "{'event':'error','data':{'type':'error','error':{'type':'api_error'}}}]");
        correct(
                "116",
                "The provider's stream has ended without its last word, and the client is told so.",
                outcome -> TranslationCasesTest.compareSequence(outcome.events(), beginning));
        correct(
                "119",
                "OpenAI announces every part of a message and closes it, and its libraries need that.",
                outcome -> assertThat(outcome.events())
                        .extracting(SseText::type)
                        .containsExactly(
                                "response.created",
                                "response.in_progress",
                                "response.output_item.added",
                                "response.content_part.added",
                                "response.output_text.delta",
                                "response.output_text.delta",
                                "response.output_text.done",
                                "response.content_part.done",
                                "response.output_item.done",
                                "response.completed"));
    }

    private static void assertChunks(Outcome outcome, List<String> expected) {
        List<SseText> events = outcome.events();
        assertThat(events).hasSize(expected.size() + 1);
        for (int i = 0; i < expected.size(); i++) {
            JsonSubset.assertContains(events.get(i).json(), json(expected.get(i)));
            assertThat(events.get(i).json().path("model").asText()).isEqualTo("claude-3-sonnet");
            assertThat(events.get(i).json().has("usage")).isFalse();
        }
        assertThat(events.get(expected.size()).data()).isEqualTo("[DONE]");
    }

    private static void errors() {
        String shape =
                "OpenAI's errors have four members below \"error\" and nothing beside it, and a status is no code.";
        for (Map.Entry<String, String> error : Map.of(
                        "002", "max_tokens: Value must be greater than or equal to 1",
                        "032", "Invalid request: missing required field")
                .entrySet()) {
            correct(
                    error.getKey(),
                    shape,
                    outcome -> assertThat(outcome.document())
                            .isEqualTo(json("{'error':{'message':'" + error.getValue()
                                    + "','type':'invalid_request_error','param':null,'code':null}}")));
        }
        contains(
                "084",
                "Anthropic calls it api_error.",
                "{'type':'error','error':{'type':'api_error','message':'Internal error'}}");
    }
}
