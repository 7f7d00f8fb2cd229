package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what their label or their members say: streams as documents, errors as answers, words at the end only. */
class OddAnswersTest {
    private static final String CHUNKS =
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
                    + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AnswerTranslator translator(WireFormat upstream, Arrival label) {
        WireFormat client = upstream == WireFormat.MESSAGES ? WireFormat.COMPLETIONS : WireFormat.MESSAGES;
        return Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, label);
    }

    private static AnswerTranslator translated(WireFormat upstream, Arrival label, byte[] answer, int piece) {
        AnswerTranslator translator = translator(upstream, label);
        for (int i = 0; i < answer.length; i += piece) {
            translator.accept(answer, i, Math.min(piece, answer.length - i));
        }
        translator.end();
        return translator;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", ": ping\n\n", "event: message\n", "id: 1\n", "retry: 5\n", "\uFEFF"})
    void anEventStreamIsOneUnderAnyLabelAndInAnyPieces(String beginning) {
        byte[] stream = utf8(beginning + CHUNKS);
        for (Arrival label : Arrival.values()) {
            for (int piece : new int[] {1, 3, stream.length}) {
                AnswerTranslator translator = translated(WireFormat.COMPLETIONS, label, stream, piece);
                assertThat(translator.error()).isNull();
                assertThat(translator.isComplete()).isTrue();
                assertThat(new String(translator.take(), StandardCharsets.UTF_8))
                        .contains("\"text\":\"a\"");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Arrival.class)
    void aDocumentIsOneUnderAnyLabel(Arrival label) {
        byte[] document = utf8("\n {\"error\":{\"message\":\"model not loaded\",\"code\":404}}");
        for (int piece : new int[] {1, document.length}) {
            AnswerTranslator translator = translated(WireFormat.COMPLETIONS, label, document, piece);
            UpstreamError error = Objects.requireNonNull(translator.error());
            assertThat(error.status()).isEqualTo(404);
            assertThat(error.message()).isEqualTo("model not loaded");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "dat", "<html>"})
    void whatIsNeitherIsAnError(String answer) {
        for (Arrival label : Arrival.values()) {
            assertThat(translated(WireFormat.COMPLETIONS, label, utf8(answer), 1)
                            .error())
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"code\":50505,\"message\":\"Model service overloaded.\",\"data\":null} | 502 | Model service overloaded.",
                "{\"detail\":\"Not enough memory\"} | 502 | Not enough memory",
                "{\"detail\":[{\"msg\":\"bad\"}]} | 502 | [{\"msg\":\"bad\"}]",
                "{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"No route\"}],\"result\":null} | 502 | No route",
                "{\"errors\":[\"Too many\"]} | 502 | Too many",
                "{\"code\":429,\"message\":\"Slow down\"} | 429 | Slow down",
                "{\"status_code\":503,\"message\":\"Later\"} | 503 | Later",
                "{\"base_resp\":{\"status_code\":1008,\"status_msg\":\"insufficient balance\"},\"choices\":null} | 502 | insufficient balance",
                "{\"error_code\":17,\"error_msg\":\"Open api daily request limit reached\"} | 502 | Open api daily request limit reached",
                "{\"code\":\"x\",\"msg\":\"Nope\"} | 502 | Nope"
            })
    void anErrorWithoutANameIsNoSuccess(String error, int status, String words) {
        for (WireFormat upstream : WireFormat.values()) {
            for (String answer : new String[] {error, "data: " + error + "\n\ndata: [DONE]\n\n"}) {
                Arrival label = answer.equals(error) ? Arrival.DOCUMENT : Arrival.EVENTS;
                AnswerTranslator translator = translated(upstream, label, utf8(answer), answer.length());
                UpstreamError told = Objects.requireNonNull(translator.error(), upstream + answer);
                assertThat(told.status()).isEqualTo(status);
                assertThat(told.message()).isEqualTo(words);
            }
        }
    }

    @Test
    void anErrorWithoutANameEndsAStreamThatHasBegun() {
        byte[] stream = utf8(CHUNKS.substring(0, CHUNKS.indexOf("\n\n") + 2)
                + "data: {\"code\":1,\"message\":\"boom\"}\n\ndata: [DONE]\n\n");
        AnswerTranslator translator = translated(WireFormat.COMPLETIONS, Arrival.EVENTS, stream, 7);
        assertThat(translator.isComplete()).isFalse();
        assertThat(new String(translator.take(), StandardCharsets.UTF_8)).contains("event: error", "boom");
    }

    /** Each in the words of the server that is named. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // vLLM, OpenAI
                "This model's maximum context length is 32768 tokens. However, you requested 40000 tokens",
                // OpenRouter
                "This endpoint's maximum context length is 65536 tokens. However, you requested about 70000 tokens",
                // llama.cpp
                "the request exceeds the available context size. try increasing the context size or enable context shift",
                // Bedrock
                "Input is too long for requested model.",
                // Gemini
                "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
                // Mistral
                "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
                // xAI
                "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
                // Qwen
                "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
                // Anthropic
                "prompt is too long: 210000 tokens > 200000 maximum",
                // Groq
                "Please reduce the length of the messages or completion.",
                // LM Studio
                "Trying to keep the first 4096 tokens when context the overflows. However, the model is loaded with context",
                // OpenAI Responses
                "Your input exceeds the context window of this model. Please adjust your input and try again.",
                // Cohere
                "too many tokens: size limit exceeded by 11326 tokens."
            })
    void aContextThatIsFullIsToldInTheWordsOfTheClientsApi(String words) {
        byte[] body = Json.bytes(Json.nodes()
                .objectNode()
                .put("object", "error")
                .put("message", words)
                .put("code", 400));
        UpstreamError error = UpstreamErrors.read(400, body);
        assertThat(error.code()).isEqualTo("context_length_exceeded");
        assertThat(new String(Codecs.of(WireFormat.MESSAGES).encodeError(error, "r"), StandardCharsets.UTF_8))
                .contains("prompt is too long");
        assertThat(new String(Codecs.of(WireFormat.COMPLETIONS).encodeError(error, "r"), StandardCharsets.UTF_8))
                .contains("\"code\":\"context_length_exceeded\"");
    }

    @ParameterizedTest
    @CsvSource({
        "429,Rate limit reached: tokens per minute; please reduce the length of the messages",
        "400,max_tokens is too large: 32000. This model supports at most 16384 completion tokens",
        "401,prompt is too long"
    })
    void anotherLimitIsNotTheContext(int status, String words) {
        byte[] body = Json.bytes(Json.nodes().objectNode().put("message", words));
        assertThat(UpstreamErrors.read(status, body).code()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Unsupported parameter: 'temperature' is not supported with this model.,temperature",
        "Unrecognized request argument supplied: `reasoning_effort`,reasoning_effort",
        "Unknown parameter: 'messages[0].foo'.,messages[0].foo",
        "Nothing is named here,"
    })
    void anErrorNamesTheMemberThatItsWordsName(String words, String member) {
        byte[] body = Json.bytes(Json.nodes().objectNode().put("message", words));
        assertThat(UpstreamErrors.read(400, body).param()).isEqualTo(member);
    }

    private static AnswerCollector responses(String... events) {
        StringBuilder stream = new StringBuilder();
        for (String event : events) {
            stream.append("data: ").append(event.replace('\'', '"')).append("\n\n");
        }
        return Codecs.read(WireFormat.RESPONSES, Arrival.EVENTS, utf8(stream.toString()));
    }

    @Test
    void textAndArgumentsThatComeOnlyAtTheirEndAreNotLost() {
        AnswerCollector answer = responses(
                "{'type':'response.created','response':{'id':'r'}}",
                "{'type':'response.reasoning_summary_text.done','output_index':0,'summary_index':0,'text':'why'}",
                "{'type':'response.output_text.done','output_index':1,'content_index':0,'text':'hello'}",
                "{'type':'response.output_item.added','output_index':2,'item':{'type':'function_call','call_id':'c','name':'f'}}",
                "{'type':'response.function_call_arguments.done','output_index':2,'arguments':'{}'}",
                "{'type':'response.done','response':{'status':'completed','output':[]}}");
        AnswerGist gist = AnswerGist.of(Objects.requireNonNull(answer.answer()));
        assertThat(gist.text()).isEqualTo("hello");
        assertThat(gist.reasoning()).isEqualTo("why");
        assertThat(gist.calls()).hasSize(1);
        assertThat(gist.calls().get(0).arguments()).isEqualTo("{}");
    }

    @Test
    void whatOnlyTheLastEventHasIsNotLostAndNothingComesTwice() {
        String call = "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}";
        AnswerCollector answer = responses(
                "{'type':'response.output_item.done','output_index':0,'item':" + call + "}",
                "{'type':'response.completed','response':{'status':'completed','output':["
                        + "{'type':'reasoning','summary':[]}," + call + ","
                        + "{'type':'message','content':[{'type':'output_text','text':'late'}]}]}}");
        AnswerGist gist = AnswerGist.of(Objects.requireNonNull(answer.answer()));
        assertThat(gist.text()).isEqualTo("late");
        assertThat(gist.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"completed,STOP", "incomplete,LENGTH", "failed,", "cancelled,"})
    void doneIsTheLastWordWhateverBecameOfTheResponse(String status, String finish) {
        AnswerCollector answer = responses(
                "{'type':'response.output_text.delta','delta':'x'}",
                "{'type':'response.done','response':{'status':'" + status
                        + "','error':{'message':'boom'},'output':[]}}");
        if (finish == null) {
            assertThat(Objects.requireNonNull(answer.error()).message()).isEqualTo("boom");
        } else {
            assertThat(Objects.requireNonNull(answer.answer()).finish().reason())
                    .hasToString(finish);
        }
    }
}
