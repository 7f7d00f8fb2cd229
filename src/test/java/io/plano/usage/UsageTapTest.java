package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Surface;
import io.plano.provider.WireFormat;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Where counts stand in each format, what they mean, and what is none. */
class UsageTapTest {
    private static final String COUNTED = "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}";
    private static final TokenUsage SEVEN_AND_THREE = new TokenUsage(7, 3, -1, -1, -1);

    private static String events(String... documents) {
        StringBuilder stream = new StringBuilder();
        for (String document : documents) {
            stream.append("data: ").append(document).append("\n\n");
        }
        return stream.toString();
    }

    private static TokenUsage chatStream(String stream) {
        return Taps.read(Surface.CHAT_COMPLETIONS, Taps.EVENTS, stream);
    }

    private static TokenUsage chat(String document) {
        return Taps.read(Surface.CHAT_COMPLETIONS, Taps.JSON, document);
    }

    @Test
    void takesTheLastChunkOfAChatInWhichAllOthersSayNull() {
        assertThat(chatStream(events(
                        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}",
                        "{\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"usage\" : null}",
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":16,\"audio_tokens\":0},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":4}}}",
                        "[DONE]")))
                .isEqualTo(new TokenUsage(19, 10, 16, -1, 4));
    }

    @Test
    void takesTheLatestSumWhereEveryChunkHasOne() {
        assertThat(chatStream(events(
                        "{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":2}}}",
                        "{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}",
                        "{\"usage\":{}}",
                        "{\"usage\":null}")))
                .isEqualTo(new TokenUsage(5, 2, -1, -1, -1));
    }

    @Test
    void takesWhatGroqSaysUnasked() {
        assertThat(chatStream(
                        events("{\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}}")))
                .isEqualTo(SEVEN_AND_THREE);
        assertThat(chatStream(events(
                        "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3},\"x_groq\":{\"usage\":{\"prompt_tokens\":1}}}",
                        "{\"x_groq\":{\"usage\":{}}}")))
                .isEqualTo(SEVEN_AND_THREE);
    }

    @Test
    void addsReasoningThatXaiCountsApart() {
        assertThat(chat("{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":115,"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":100}}}"))
                .isEqualTo(new TokenUsage(10, 105, -1, -1, 100));
    }

    @Test
    void addsUpWhatMessagesCountsApartAndReplacesWhatADeltaGives() {
        String start = "{\"type\":\"message_start\",\"message\":{\"content\":[],\"usage\":{\"input_tokens\":3,"
                + "\"cache_read_input_tokens\":1000,\"cache_creation_input_tokens\":200,\"output_tokens\":1}}}";
        String delta =
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":55,"
                        + "\"output_tokens_details\":{\"thinking_tokens\":40}}}";
        assertThat(Taps.read(Surface.MESSAGES, Taps.EVENTS, events(start)))
                .isEqualTo(new TokenUsage(1203, 1, 1000, 200, -1));
        assertThat(Taps.read(Surface.MESSAGES, Taps.EVENTS, events(start, "{\"type\":\"ping\"}", delta)))
                .isEqualTo(new TokenUsage(1203, 55, 1000, 200, 40));
        assertThat(Taps.read(
                        Surface.MESSAGES,
                        Taps.JSON,
                        "{\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":1000,\"output_tokens\":4}}"))
                .isEqualTo(new TokenUsage(1003, 4, 1000, -1, -1));
    }

    @Test
    void addsUpNothingThatBrokeOff() {
        assertThat(Taps.read(
                        Surface.MESSAGES,
                        Taps.EVENTS,
                        events("{\"message\":{\"usage\":{\"input_tokens\":8,", "{\"usage\":{\"output_tokens\":3}}")))
                .isEqualTo(new TokenUsage(-1, 3, -1, -1, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"response.completed", "response.incomplete", "response.failed"})
    void takesTheResponseInTheLastEventOfResponses(String type) {
        String usage = "{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":30,\"cache_write_tokens\":2},"
                + "\"output_tokens\":87,\"output_tokens_details\":{\"reasoning_tokens\":80},\"total_tokens\":123}";
        TokenUsage expected = new TokenUsage(36, 87, 30, 2, 80);
        assertThat(Taps.read(
                        Surface.RESPONSES,
                        Taps.EVENTS,
                        events(
                                "{\"type\":\"response.created\",\"response\":{\"usage\":null}}",
                                "{\"type\":\"response.output_text.delta\",\"delta\":\"\\\"usage\\\":{\"}",
                                "{\"type\":\"" + type
                                        + "\",\"response\":{\"output\":[{}],\"tool_usage\":{\"input_tokens\":9},"
                                        + "\"usage\":" + usage + ",\"user\":null}}")))
                .isEqualTo(expected);
        assertThat(Taps.read(Surface.RESPONSES, Taps.JSON, "{\"output\":[],\"usage\":" + usage + "}"))
                .isEqualTo(expected);
    }

    @Test
    void takesATotalForTheInputWhereThereIsNoOutput() {
        String total = "{\"data\":[{\"embedding\":[0.1,-2e-3]}],\"usage\":{\"total_tokens\":815}}";
        for (Surface surface : List.of(Surface.EMBEDDINGS, Surface.RERANK)) {
            assertThat(Taps.read(surface, Taps.JSON, total)).isEqualTo(new TokenUsage(815, -1, -1, -1, -1));
        }
        assertThat(Taps.read(Surface.EMBEDDINGS, Taps.JSON, "{\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"))
                .isEqualTo(new TokenUsage(8, -1, -1, -1, -1));
        assertThat(chat(total)).isEqualTo(TokenUsage.NOT_TOLD);
    }

    @Test
    void readsImagesTranscriptionsAndOlderCompletions() {
        String images = "{\"data\":[{\"b64_json\":\"AAAA\"}],\"usage\":{\"total_tokens\":100,\"input_tokens\":50,"
                + "\"output_tokens\":50,\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}}";
        assertThat(Taps.read(Surface.IMAGES, Taps.JSON, images)).isEqualTo(new TokenUsage(50, 50, -1, -1, -1));
        String transcript =
                "{\"text\":\"x\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,\"input_token_details\":"
                        + "{\"text_tokens\":0,\"audio_tokens\":14},\"output_tokens\":45,\"total_tokens\":59}}";
        assertThat(Taps.read(Surface.TRANSCRIPTIONS, Taps.JSON, transcript))
                .isEqualTo(new TokenUsage(14, 45, -1, -1, -1));
        assertThat(Taps.read(Surface.TRANSCRIPTIONS, Taps.EVENTS, events(transcript)))
                .isEqualTo(new TokenUsage(14, 45, -1, -1, -1));
        assertThat(Taps.read(Surface.TRANSCRIPTIONS, Taps.JSON, "{\"usage\":{\"type\":\"duration\",\"seconds\":9}}"))
                .isEqualTo(TokenUsage.NOT_TOLD);
        assertThat(Taps.read(Surface.COMPLETIONS, Taps.EVENTS, events(COUNTED, "[DONE]")))
                .isEqualTo(SEVEN_AND_THREE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Surface.class,
            mode = Mode.INCLUDE,
            names = {"COUNT_TOKENS", "INPUT_TOKENS", "STORED_RESPONSES", "BATCHES", "MODEL_LIST", "UNKNOWN", "USAGE"})
    void countsNothingThatWasNotSpentNow(Surface surface) {
        assertThat(Taps.tap(surface, Taps.JSON)).isSameAs(UsageTap.NONE);
        assertThat(Taps.read(surface, Taps.JSON, "{\"input_tokens\":5,\"usage\":{\"input_tokens\":5}}"))
                .isEqualTo(TokenUsage.NOT_TOLD);
    }

    @Test
    void readsTheProvidersFormatWhereItIsNotTheClients() {
        for (WireFormat format : WireFormat.values()) {
            UsageTap tap = UsageTap.of(format, "application/json", List.of());
            byte[] answer =
                    Taps.utf8("{\"usage\":{\"input_tokens\":1,\"prompt_tokens\":1,\"cache_read_input_tokens\":2}}");
            tap.accept(answer, 0, answer.length);
            assertThat(tap.usage().input()).isEqualTo(format == WireFormat.MESSAGES ? 3 : 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "APPLICATION/JSON;charset=utf-8, true",
        "application/problem+json, true",
        "text/event-stream, false",
        "audio/mpeg, false",
        "text/plain, false",
        "application/json-seq, false",
        "'', false",
        ", false"
    })
    void readsJsonAndEventsAndNothingElse(String contentType, boolean isJson) {
        TokenUsage usage =
                Taps.read(() -> UsageTap.of(Surface.CHAT_COMPLETIONS, contentType, List.of()), Taps.utf8(COUNTED));
        assertThat(usage.isTold()).isEqualTo(isJson);
    }

    @Test
    void isNotFooledByWhatModelsWrite() {
        String said = "\\\"usage\\\":{\\\"prompt_tokens\\\":99},\\\\\\\"usage\\\\\\\":{}\\\\";
        assertThat(
                        chatStream(
                                events(
                                        "{\"choices\":[{\"delta\":{\"content\":\"" + said + "\"}}]}",
                                        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"usage\\\":{\"}}]}}]}")))
                .isEqualTo(TokenUsage.NOT_TOLD);
        assertThat(chatStream(events("{\"choices\":[{\"text\":\"" + said + "\"}],\"usage\":{\"prompt_tokens\":7,"
                        + "\"completion_tokens\":3}}")))
                .isEqualTo(SEVEN_AND_THREE);
        assertThat(chat("{\"content\":\"" + said + "\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}"))
                .isEqualTo(SEVEN_AND_THREE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":COUNTED}",
                "{\"choices\":[COUNTED]}",
                "{\"response\":{\"metadata\":COUNTED}}",
                "{\"message\":COUNTED}",
                "{\"x_groq\":{\"x_groq\":COUNTED}}",
                "{\"usage\":COUNTED}",
                "{\"usage\":[{\"prompt_tokens\":7}]}",
                "{\"usage\":{\"nested\":{\"prompt_tokens\":7},\"list\":[{\"prompt_tokens\":7}]}}",
                "{\"usage\":{\"prompt_tokens_details\":{\"prompt_tokens\":7,\"deeper\":{\"cached_tokens\":1}}}}",
                "{\"Usage\":{\"prompt_tokens\":7}}",
                "{\"a\\nusage\":{\"prompt_tokens\":7}}",
                "{\"\\\"usage\":{\"prompt_tokens\":7}}",
                "[COUNTED]",
                "\"COUNTED\"",
                "7",
                "null",
                ""
            })
    void countsNothingThatStandsElsewhere(String shape) {
        String document = shape.replace("COUNTED", COUNTED);
        assertThat(chat(document)).isEqualTo(TokenUsage.NOT_TOLD);
        assertThat(chatStream(events(document))).isEqualTo(TokenUsage.NOT_TOLD);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7.0, 7",
        "1000000000000, 1000000000000",
        "1000000000001, -1",
        "9223372036854775807, -1",
        "9223372036854775808, -1",
        "99999999999999999999999999999999999999999999999, -1",
        "-1, -1",
        "-0, -1",
        "7.5, -1",
        "7e3, -1",
        "null, -1",
        "true, -1",
        "'\"7\"', -1",
        "[7], -1",
        "'{\"prompt_tokens\":7}', -1"
    })
    void takesForACountWhatCanBeOne(String value, long count) {
        TokenUsage expected = new TokenUsage(count, 3, -1, -1, -1);
        String document = "{\"usage\":{\"prompt_tokens\":" + value + ",\"completion_tokens\":3}}";
        assertThat(chat(document)).isEqualTo(expected);
        assertThat(chatStream(events(document))).isEqualTo(expected);
    }

    @Test
    void takesTheLastOfMembersThatComeTwice() {
        assertThat(chat("{\"usage\":{\"prompt_tokens\":1,\"prompt_tokens\":7,\"completion_tokens\":3}}"))
                .isEqualTo(SEVEN_AND_THREE);
        assertThat(chat("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens\":\"x\"}}"))
                .isEqualTo(new TokenUsage(-1, 3, -1, -1, -1));
        assertThat(chat("{\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":5}},"
                        + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}"))
                .isEqualTo(SEVEN_AND_THREE);
        assertThat(chat("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":"
                        + "{\"cached_tokens\":5},\"prompt_tokens_details\":null}}"))
                .isEqualTo(SEVEN_AND_THREE);
        assertThat(chatStream(events(COUNTED, "{\"usage\":{\"prompt_tokens\":8},\"usage\":null}")))
                .isEqualTo(SEVEN_AND_THREE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\r\n\r\n",
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\r\r",
                "data:{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: {}\n\n",
                "\uFEFFdata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n",
                "\n\n\r\n\rdata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\r\n\n",
                ": ping\n\nid: 1\nevent: usage\nretry: 5\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n",
                "data: {\"usage\"\ndata: :{\"prompt_tokens\":\r\ndata:7\rdata: ,\"completion_tokens\":3}}\n\n",
                "data: {\"a\":1,\r\ndata: \"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\r\n\r\n",
                "data\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\ndatas: {\n\n",
                "data: { \"usage\" :\t{ \"prompt_tokens\" : 7 , \"completion_tokens\" : 3 } }\n\n",
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n",
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}} garbage\n\ndata: {\"usage\":{\"prompt_to\n\n",
                "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: {\"usage\":{\"prompt_tokens\":8",
                "data: {\"usage\":{\"prompt_tokens\":8\n\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
            })
    void readsEventsHoweverTheyAreFramed(String stream) {
        assertThat(chatStream(stream)).isEqualTo(SEVEN_AND_THREE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ": data: {\"usage\":{\"prompt_tokens\":7}}\n\n",
                "event: {\"usage\":{\"prompt_tokens\":7}}\n\n",
                "datum: {\"usage\":{\"prompt_tokens\":7}}\n\n",
                "dat: {\"usage\":{\"prompt_tokens\":7}}\n\n",
                " data: {\"usage\":{\"prompt_tokens\":7}}\n\n",
                "data: [DONE]\n\n",
                "data: {\"a\":\"\ndata: \",\"usage\":{\"prompt_tokens\":7}}\n\n",
                "data: {\"usage\":{\"prompt_tokens\":7\n\n",
                "data: {'usage':{'prompt_tokens':7}}\n\n",
                "data: {\"usage\" {\"prompt_tokens\":7}}\n\n",
                "data: {\"usage\":{\"prompt_tokens\" 7}}\n\n",
                "data: {\"usage\":{\"prompt_tokens\":7]}\n\n",
                "data: {\"usage\":,\"usage\":{\"prompt_tokens\":7}}\n\n",
                "data: {]\"usage\":{\"prompt_tokens\":7}}\n\n",
                "\u0000\u0001\n\n",
                "{\"usage\":{\"prompt_tokens\":7}}\n\n"
            })
    void takesNothingFromWhatIsNoEventWithADocument(String stream) {
        assertThat(chatStream(stream)).isEqualTo(TokenUsage.NOT_TOLD);
    }

    @Test
    void hasReadWhatHasPassedAtAnyMoment() {
        UsageTap tap = Taps.tap(Surface.MESSAGES, Taps.EVENTS);
        byte[] first = Taps.utf8(events("{\"message\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}"));
        tap.accept(first, 0, first.length);
        assertThat(tap.usage()).isEqualTo(new TokenUsage(3, 1, -1, -1, -1));
        byte[] brokenOff = Taps.utf8("data: {\"usage\":{\"output_tokens\":12");
        tap.accept(brokenOff, 0, brokenOff.length);
        tap.end();
        tap.end();
        tap.accept(first, 0, first.length);
        assertThat(tap.usage()).isEqualTo(new TokenUsage(3, 1, -1, -1, -1));
    }

    @Test
    void leavesBuffersAsTheyAre() {
        byte[] stream = Taps.utf8("xx" + events(COUNTED) + "yy");
        ByteBuffer direct = ByteBuffer.allocateDirect(stream.length).put(stream);
        ByteBuffer sliced = ByteBuffer.wrap(("z" + new String(stream, java.nio.charset.StandardCharsets.UTF_8))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .position(1)
                .slice();
        for (ByteBuffer buffer :
                List.of(ByteBuffer.wrap(stream), direct, ByteBuffer.wrap(stream).asReadOnlyBuffer(), sliced)) {
            buffer.position(2).limit(stream.length - 2);
            UsageTap tap = Taps.tap(Surface.CHAT_COMPLETIONS, Taps.EVENTS);
            tap.accept(buffer);
            assertThat(tap.usage()).isEqualTo(SEVEN_AND_THREE);
            assertThat(buffer.position()).isEqualTo(2);
            assertThat(buffer.limit()).isEqualTo(stream.length - 2);
        }
    }

    @Test
    void readsALargeDirectBufferInSteps() {
        byte[] stream = Taps.utf8(events("{\"a\":\"" + "x".repeat(100_000) + "\"}", COUNTED));
        ByteBuffer direct = ByteBuffer.allocateDirect(stream.length).put(stream).flip();
        UsageTap tap = Taps.tap(Surface.CHAT_COMPLETIONS, Taps.EVENTS);
        tap.accept(direct);
        assertThat(tap.usage()).isEqualTo(SEVEN_AND_THREE);
    }

    @Test
    void needsNoMoreMemoryForALargeAnswerThanForASmallOne() {
        byte[] piece = Taps.utf8(
                "[0.0123,{\"usage\":{\"prompt_tokens\":1},\"text\":\"" + "\\\"usage\\\"".repeat(1000) + "\"}],");
        byte[] begin = Taps.utf8("{\"data\":[");
        byte[] end = Taps.utf8("0],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}");
        byte[] field = Taps.utf8("data: ");
        for (String type : List.of(Taps.JSON, Taps.EVENTS)) {
            UsageTap tap = Taps.tap(Surface.CHAT_COMPLETIONS, type);
            tap.accept(field, 0, type.equals(Taps.EVENTS) ? field.length : 0);
            tap.accept(begin, 0, begin.length);
            long before = allocated();
            for (int i = 0; i < (50 << 20) / piece.length; i++) {
                tap.accept(piece, 0, piece.length);
            }
            assertThat(allocated() - before).isLessThan(1 << 20);
            tap.accept(end, 0, end.length);
            assertThat(tap.usage()).isEqualTo(SEVEN_AND_THREE);
            assertThat(tap.heldBytes()).isZero();
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void countsNestingWithoutAStack() {
        String deep = "[".repeat(1 << 20);
        assertThat(Taps.inPiecesOf(
                        4096,
                        Taps.tap(Surface.CHAT_COMPLETIONS, Taps.JSON),
                        Taps.utf8("{\"a\":" + deep + deep.replace('[', ']')
                                + ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}")))
                .isEqualTo(SEVEN_AND_THREE);
    }
}
