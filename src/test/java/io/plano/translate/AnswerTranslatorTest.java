package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.CompletionsQuirks;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of an answer back to the client, whatever the provider does to it. */
class AnswerTranslatorTest {
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                    + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";
    private static final String HELLO = String.format(CHUNK, "{\"content\":\"Hello\"}", "null");
    private static final String STOP = String.format(CHUNK, "{}", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ERROR =
            "data: {\"error\":{\"message\":\"Too many.\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}\n\n";
    private static final String DOCUMENT =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

    private static void feed(AnswerTranslator translator, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        translator.accept(bytes, 0, bytes.length);
    }

    /** From a provider of Chat Completions. */
    private static AnswerTranslator toMessages(Arrival arrival, Arrival delivery) {
        return Codecs.translator(Codecs.plainRequest(WireFormat.MESSAGES, delivery), WireFormat.COMPLETIONS, arrival);
    }

    private static String taken(AnswerTranslator translator) {
        return new String(translator.take(), StandardCharsets.UTF_8);
    }

    @Test
    void givesADocumentToAClientThatWantsAStream() throws Exception {
        AnswerTranslator translator = toMessages(Arrival.DOCUMENT, Arrival.EVENTS);
        feed(translator, DOCUMENT.substring(0, 40));
        feed(translator, DOCUMENT.substring(40));
        assertThat(translator.take()).isEmpty();
        assertThat(translator.isComplete()).isFalse();
        translator.end();

        assertThat(translator.isComplete()).isTrue();
        byte[] stream = translator.take();
        assertThat(SseText.parse(stream))
                .extracting(SseText::type)
                .startsWith("message_start")
                .endsWith("message_stop");
        assertThat(SdkReader.of(WireFormat.MESSAGES).stream(stream).text()).isEqualTo("Hello");
    }

    @Test
    void givesAStreamToAClientThatWantsADocument() throws Exception {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.DOCUMENT);
        feed(translator, HELLO + STOP);
        assertThat(translator.take()).as("a document comes in one piece").isEmpty();
        feed(translator, DONE);

        assertThat(translator.isComplete()).isTrue();
        byte[] document = translator.take();
        assertThat(SdkReader.of(WireFormat.MESSAGES).whole(document).text()).isEqualTo("Hello");
        translator.end();
        assertThat(translator.take()).as("once").isEmpty();
    }

    @Test
    void keepsAnErrorBeforeTheFirstWordForTheStatus() {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.EVENTS);
        feed(translator, ERROR);

        UpstreamError error = Objects.requireNonNull(translator.error());
        assertThat(error.status()).isEqualTo(429);
        assertThat(error.message()).isEqualTo("Too many.");
        assertThat(error.code()).isEqualTo("rate_limit_exceeded");
        assertThat(translator.isComplete()).isFalse();
        translator.end();
        assertThat(translator.take()).isEmpty();
        assertThat(translator.error()).isSameAs(error);
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheClientOfAnErrorInTheMiddleInItsOwnForm(WireFormat client) {
        WireFormat upstream = client == WireFormat.COMPLETIONS ? WireFormat.MESSAGES : WireFormat.COMPLETIONS;
        byte[] beginning = Arrays.copyOf(RichStreams.of(upstream), RichStreams.of(upstream).length / 2);
        String cut = new String(beginning, StandardCharsets.UTF_8);
        cut = cut.substring(0, cut.lastIndexOf("\n\n") + 2);
        AnswerTranslator translator =
                Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
        feed(translator, cut);
        String before = taken(translator);
        feed(
                translator,
                client == WireFormat.COMPLETIONS
                        ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                                + "\"message\":\"Too many.\"}}\n\n"
                        : ERROR);

        assertThat(before).isNotEmpty();
        assertThat(translator.isComplete()).isFalse();
        assertThat(Objects.requireNonNull(translator.error()).message()).isEqualTo("Too many.");
        SseText last = SseText.parse(translator.take()).get(0);
        switch (client) {
            case COMPLETIONS -> {
                assertThat(last.type()).isEmpty();
                assertThat(last.json().at("/error/message").textValue()).isEqualTo("Too many.");
                assertThat(last.json().has("choices")).isFalse();
            }
            case MESSAGES -> {
                assertThat(last.type()).isEqualTo("error");
                assertThat(last.json().at("/error/type").textValue()).isEqualTo("rate_limit_error");
            }
            case RESPONSES -> {
                assertThat(last.type()).isEqualTo("response.failed");
                assertThat(last.json().at("/response/error/message").textValue())
                        .isEqualTo("Too many.");
            }
        }
    }

    @Test
    void writesNothingForADocumentWhoseStreamFailed() {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.DOCUMENT);
        feed(translator, HELLO);
        feed(translator, ERROR);
        assertThat(translator.error()).isNotNull();
        translator.end();
        assertThat(translator.take()).isEmpty();
        assertThat(translator.isComplete()).isFalse();
    }

    @Test
    void callsAStreamThatEndsWithoutItsEndTruncated() {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.EVENTS);
        feed(translator, HELLO);
        translator.end();

        UpstreamError error = Objects.requireNonNull(translator.error());
        assertThat(error.status()).isEqualTo(502);
        assertThat(error.code()).isEqualTo("upstream_truncated");
        assertThat(translator.isComplete()).isFalse();
        assertThat(taken(translator)).contains("Hello").contains("event: error").doesNotContain("message_stop");
    }

    @ParameterizedTest
    @EnumSource
    void callsAStreamWithoutAnyEventTruncated(WireFormat upstream) {
        WireFormat client = Codecs.others(upstream).get(0);
        AnswerTranslator translator =
                Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
        feed(translator, ": a comment is no event\n\n");
        translator.end();
        assertThat(Objects.requireNonNull(translator.error()).code()).isEqualTo("upstream_truncated");
        assertThat(translator.take()).isEmpty();
    }

    @Test
    void tellsTheClientOfATransportThatBroke() {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.EVENTS);
        feed(translator, HELLO);
        translator.fail(new UpstreamError(504, null, null, "It stalled.", null, null));
        assertThat(Objects.requireNonNull(translator.error()).message()).isEqualTo("It stalled.");
        assertThat(taken(translator)).endsWith("\n\n").contains("event: error").contains("It stalled.");
    }

    @ParameterizedTest
    @EnumSource
    void ignoresWhatComesBehindTheEnd(WireFormat upstream) {
        byte[] stream = RichStreams.of(upstream);
        for (WireFormat client : Codecs.others(upstream)) {
            AnswerTranslator translator =
                    Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
            translator.accept(stream, 0, stream.length);
            byte[] once = translator.take();
            translator.accept(stream, 0, stream.length);
            feed(translator, ERROR);
            translator.end();
            assertThat(translator.take()).isEmpty();
            assertThat(translator.isComplete()).isTrue();
            assertThat(translator.error()).isNull();

            AnswerTranslator inOnePiece =
                    Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
            byte[] twice = Arrays.copyOf(stream, stream.length * 2);
            System.arraycopy(stream, 0, twice, stream.length, stream.length);
            inOnePiece.accept(twice, 0, twice.length);
            inOnePiece.end();
            assertThat(inOnePiece.take()).isEqualTo(once);
        }
    }

    @Test
    void givesToolsTheirOwnNamesBack() {
        String name = "mcp.files-" + "a-very-long-name-".repeat(6) + "read";
        ChatRequest request = Codecs.of(WireFormat.MESSAGES)
                .decodeRequest(
                        ("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"tools\":"
                                        + "[{\"name\":\"" + name + "\",\"input_schema\":{\"type\":\"object\"}}]}")
                                .getBytes(StandardCharsets.UTF_8));
        Translation translation = Translation.of(
                Codecs.of(WireFormat.MESSAGES),
                request,
                Codecs.of(WireFormat.COMPLETIONS),
                Codecs.upstream(WireFormat.COMPLETIONS));
        String provided = Objects.requireNonNull(Json.read(translation.encoded().body()))
                .at("/tools/0/function/name")
                .textValue();
        assertThat(provided).matches("[A-Za-z0-9_-]{1,64}");

        AnswerTranslator translator = translation.answer(Arrival.DOCUMENT, Codecs.REQUEST_ID, Codecs.NOW);
        feed(
                translator,
                "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
                        + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\""
                        + provided
                        + "\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}");
        translator.end();
        assertThat(AnswerGist.of(Codecs.readWhole(WireFormat.MESSAGES, Arrival.DOCUMENT, translator.take()))
                        .calls())
                .containsExactly(Call.of("call_1", name, ToolKind.FUNCTION, "{}"));
    }

    /** A model that cannot be told a schema is made to call a tool; its client knows of no tool. */
    @ParameterizedTest
    @EnumSource(Arrival.class)
    void givesTheCallOfAnAnswersToolAsTheAnswer(Arrival delivery) {
        String json = "{\"model\":\"m\",\"stream\":" + (delivery == Arrival.EVENTS)
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"}],\"response_format\":{\"type\":"
                + "\"json_schema\",\"json_schema\":{\"name\":\"place\",\"schema\":{\"type\":\"object\"}}}}";
        ChatRequest request = Codecs.of(WireFormat.COMPLETIONS).decodeRequest(json.getBytes(StandardCharsets.UTF_8));
        Translation translation = Translation.of(
                Codecs.of(WireFormat.COMPLETIONS),
                request,
                Codecs.of(WireFormat.MESSAGES),
                new UpstreamModel("claude-sonnet-4", CompletionsQuirks.OPENAI));
        AnswerTranslator translator = translation.answer(Arrival.DOCUMENT, Codecs.REQUEST_ID, Codecs.NOW);
        feed(
                translator,
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
                        + "\"tool_use\",\"id\":\"toolu_1\",\"name\":\"structured_answer\",\"input\":{\"at\":\"é\"}}],"
                        + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}");
        translator.end();
        AnswerGist answer = AnswerGist.of(Codecs.readWhole(WireFormat.COMPLETIONS, delivery, translator.take()));
        assertThat(answer.text()).isEqualTo("{\"at\":\"é\"}");
        assertThat(answer.calls()).isEmpty();
        assertThat(answer.finish()).isEqualTo("stop");
    }

    /** Codex's apply_patch on Claude. */
    @Test
    void givesToolsOfFreeTextTheirKindBack() {
        ChatRequest request = Codecs.of(WireFormat.RESPONSES)
                .decodeRequest(
                        ("{\"model\":\"m\",\"stream\":true,\"input\":\"Patch it\",\"tools\":[{\"type\":\"custom\","
                                        + "\"name\":\"apply_patch\",\"description\":\"Patches.\"}]}")
                                .getBytes(StandardCharsets.UTF_8));
        AnswerTranslator translator = Codecs.translator(request, WireFormat.MESSAGES, Arrival.EVENTS);
        String stream = new String(RichStreams.of(WireFormat.MESSAGES), StandardCharsets.UTF_8)
                .replace("\"look\"", "\"apply_patch\"")
                .replace("{\\\"at\\\":", "{\\\"input\\\":");
        feed(translator, stream);
        translator.end();
        byte[] translated = translator.take();
        assertThat(AnswerGist.of(Codecs.readWhole(WireFormat.RESPONSES, Arrival.EVENTS, translated))
                        .calls())
                .containsExactly(
                        Call.of("call_1", "apply_patch", ToolKind.CUSTOM, "é"),
                        Call.of("call_2", "now", ToolKind.FUNCTION, "{}"));
    }

    @Test
    void refusesADocumentThatIsTooLarge() {
        AnswerTranslator translator = toMessages(Arrival.DOCUMENT, Arrival.DOCUMENT);
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) ' ');
        for (int i = 0; i < AnswerTranslator.MAX_DOCUMENT_BYTES >> 20; i++) {
            translator.accept(piece, 0, piece.length);
        }
        assertThat(translator.error()).isNull();
        translator.accept(piece, 0, 1);
        assertThat(Objects.requireNonNull(translator.error()).status()).isEqualTo(502);
        assertThat(translator.error().message()).contains("too large");
        translator.end();
        assertThat(translator.take()).isEmpty();
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        AnswerTranslator translator = toMessages(Arrival.EVENTS, Arrival.EVENTS);
        feed(translator, HELLO);
        translator.take();
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) ' ');
        for (int i = 0; i < 17; i++) {
            translator.accept(piece, 0, piece.length);
        }
        assertThat(Objects.requireNonNull(translator.error()).message()).contains("too large");
        assertThat(SseText.parse(translator.take())).extracting(SseText::type).containsExactly("error");
    }

    @ParameterizedTest
    @EnumSource
    void readsADocumentThatIsNoneAsAnError(WireFormat upstream) {
        WireFormat client = Codecs.others(upstream).get(0);
        for (String body : new String[] {"", "<html>", "[]", "{}", "null", "{\"error\":{\"message\":\"No.\"}}"}) {
            AnswerTranslator translator =
                    Codecs.translator(Codecs.plainRequest(client, Arrival.DOCUMENT), upstream, Arrival.DOCUMENT);
            feed(translator, body);
            translator.end();
            assertThat(translator.error()).as("'%s' from %s", body, upstream).isNotNull();
            assertThat(translator.error().status()).isGreaterThanOrEqualTo(500);
            assertThat(translator.take()).isEmpty();
        }
    }
}
