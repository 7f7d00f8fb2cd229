package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.AnswerGist.Tokens;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ToolKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream is translated to the same bytes wherever the network splits it. */
class ShreddedTranslationTest {
    static Stream<Arguments> directions() {
        return Stream.of(WireFormat.values())
                .flatMap(upstream -> Codecs.others(upstream).stream().map(client -> Arguments.of(upstream, client)));
    }

    private static byte[] translate(ChatRequest request, WireFormat upstream, List<byte[]> pieces) {
        AnswerTranslator translator = Codecs.translator(request, upstream, Arrival.EVENTS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            byte[] reused = piece.clone();
            translator.accept(reused, 0, reused.length);
            out.writeBytes(translator.take());
            Arrays.fill(reused, (byte) 'x'); // the translator may keep nothing that lies in the caller's array
        }
        translator.end();
        out.writeBytes(translator.take());
        assertThat(translator.isComplete()).isTrue();
        return out.toByteArray();
    }

    /** Otherwise the tests below would compare nothing with nothing. */
    @ParameterizedTest
    @EnumSource
    void startsFromTheSameAnswerInEveryFormat(WireFormat format) {
        assertThat(AnswerGist.of(Codecs.readWhole(format, Arrival.EVENTS, RichStreams.of(format))))
                .isEqualTo(new AnswerGist(
                        "Grüße 世界 😀\n",
                        "",
                        "Firsté,then😀.",
                        List.of(
                                Call.of("call_1", "look", ToolKind.FUNCTION, "{\"at\":\"é\"}"),
                                Call.of("call_2", "now", ToolKind.FUNCTION, "{}")),
                        "tool_calls",
                        new Tokens(30, 10, 20)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesTheSameWhereverItIsSplit(WireFormat upstream, WireFormat client) {
        byte[] stream = RichStreams.of(upstream);
        ChatRequest request = Codecs.plainRequest(client, Arrival.EVENTS);
        byte[] whole = translate(request, upstream, List.of(stream));
        assertThat(whole).isNotEmpty();
        for (int split = 0; split <= stream.length; split++) {
            byte[] head = Arrays.copyOfRange(stream, 0, split);
            byte[] tail = Arrays.copyOfRange(stream, split, stream.length);
            assertThat(translate(request, upstream, List.of(head, tail)))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesTheSameByteByByte(WireFormat upstream, WireFormat client) {
        byte[] stream = RichStreams.of(upstream);
        byte[][] bytes = new byte[stream.length][];
        for (int i = 0; i < stream.length; i++) {
            bytes[i] = new byte[] {stream[i]};
        }
        for (Arrival delivery : Arrival.values()) {
            ChatRequest request = Codecs.plainRequest(client, delivery);
            assertThat(translate(request, upstream, Arrays.asList(bytes)))
                    .isEqualTo(translate(request, upstream, List.of(stream)));
        }
    }

    /** Every event reaches the client as soon as it is whole: nothing waits for the end that need not. */
    @ParameterizedTest
    @MethodSource("directions")
    void passesTextOnAtOnce(WireFormat upstream, WireFormat client) {
        byte[] stream = RichStreams.of(upstream);
        AnswerTranslator translator =
                Codecs.translator(Codecs.plainRequest(client, Arrival.EVENTS), upstream, Arrival.EVENTS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String text = new String(stream, StandardCharsets.UTF_8);
        int behindTheFirstText = text.substring(0, text.indexOf("\n\n", text.indexOf("Grüße")) + 2)
                .getBytes(StandardCharsets.UTF_8)
                .length;
        translator.accept(stream, 0, behindTheFirstText);
        out.writeBytes(translator.take());
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Grüße");
    }
}
