package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.EventReader;
import io.plano.body.EventSink;
import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.ChatRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Codecs know events and not the bytes around them: in any framing, in and out, the same events come to the client. */
class FramingTest {
    private static final Framing COUNTED = new CountedFraming();

    static Stream<Arguments> directions() {
        return Stream.of(WireFormat.values())
                .flatMap(upstream -> Codecs.others(upstream).stream().map(client -> Arguments.of(upstream, client)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void carriesTheSameEventsInAnyFraming(WireFormat upstream, WireFormat client) {
        byte[] asEvents = RichStreams.of(upstream);
        byte[] counted = reframed(asEvents);
        List<SseText> expected =
                events(Framing.sse(), translated(upstream, client, Framing.sse(), Framing.sse(), asEvents));
        assertThat(expected).hasSizeGreaterThan(5);
        assertThat(events(COUNTED, translated(upstream, client, COUNTED, COUNTED, counted)))
                .isEqualTo(expected);
        assertThat(events(COUNTED, translated(upstream, client, Framing.sse(), COUNTED, asEvents)))
                .isEqualTo(expected);
        assertThat(events(Framing.sse(), translated(upstream, client, COUNTED, Framing.sse(), counted)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("directions")
    void endsAStreamThatBreaksOffAsItsFramingWants(WireFormat upstream, WireFormat client) {
        byte[] counted = reframed(RichStreams.of(upstream));
        AnswerTranslator translator = translator(upstream, client, COUNTED, COUNTED);
        translator.accept(counted, 0, counted.length * 2 / 3);
        translator.end();
        byte[] out = translator.take();
        assertThat(translator.error()).isNotNull();
        assertThat(ByteBuffer.wrap(out).getInt(out.length - 4)).isZero();
        assertThat(translator.take()).isEmpty();
    }

    @Test
    void writesServerSentEvents() {
        EventBuffer buffer = new EventBuffer();
        EventWriter writer = Framing.sse().writer(buffer);
        writer.write("delta", bytes("{}"));
        writer.write("", bytes("[DONE]"));
        writer.keepAlive();
        writer.begin(writer.head("n", "{\"a\":")).writeJsonString("é\n");
        writer.end(writer.tail("}"));
        writer.close();
        assertThat(new String(buffer.take(), StandardCharsets.UTF_8))
                .isEqualTo("event: delta\ndata: {}\n\ndata: [DONE]\n\n: ping\n\nevent: n\ndata: {\"a\":\"é\\n\"}\n\n");
    }

    private static AnswerTranslator translator(
            WireFormat upstream, WireFormat client, Framing arriving, Framing leaving) {
        ChatRequest request = Codecs.plainRequest(client, Arrival.EVENTS);
        return Translation.of(Codecs.of(client), request, Codecs.of(upstream), Codecs.upstream(upstream))
                .answer(arriving, leaving, new AnswerContext(request, "req-1", 1));
    }

    /** Fed in pieces of seven bytes. */
    private static byte[] translated(
            WireFormat upstream, WireFormat client, Framing arriving, Framing leaving, byte[] stream) {
        AnswerTranslator translator = translator(upstream, client, arriving, leaving);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < stream.length; at += 7) {
            translator.accept(stream, at, Math.min(7, stream.length - at));
            out.writeBytes(translator.take());
        }
        translator.end();
        out.writeBytes(translator.take());
        assertThat(translator.isComplete()).isTrue();
        return out.toByteArray();
    }

    private static byte[] reframed(byte[] events) {
        EventBuffer buffer = new EventBuffer();
        EventWriter writer = COUNTED.writer(buffer);
        SseText.parse(events).forEach(event -> writer.write(event.type(), bytes(event.data())));
        return buffer.take();
    }

    private static List<SseText> events(Framing framing, byte[] stream) {
        List<SseText> events = new ArrayList<>();
        EventReader reader = framing.reader((type, bytes, offset, length) ->
                events.add(new SseText(type, new String(bytes, offset, length, StandardCharsets.UTF_8))));
        try {
            reader.accept(stream, 0, stream.length);
            reader.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * As binary framings are: the length of an event in four bytes, that of its name in one, then both; a length of nothing
     * ends the stream.
     */
    private static final class CountedFraming implements Framing {
        @Override
        public String mediaType() {
            return "application/octet-stream";
        }

        @Override
        public EventReader reader(EventSink events) {
            return new Reader(events);
        }

        @Override
        public EventWriter writer(EventBuffer buffer) {
            return new Writer(buffer);
        }
    }

    private static final class Reader implements EventReader {
        private final EventSink events;
        private byte[] held = {};

        private Reader(EventSink events) {
            this.events = events;
        }

        @Override
        public void accept(byte[] bytes, int offset, int length) {
            ByteBuffer all = ByteBuffer.allocate(held.length + length);
            all.put(held).put(bytes, offset, length).flip();
            while (all.remaining() >= 4 && all.remaining() - 4 >= all.getInt(all.position())) {
                event(all.array(), all.position() + 4, all.getInt());
                all.position(all.position() + all.getInt(all.position() - 4));
            }
            held = new byte[all.remaining()];
            all.get(held);
        }

        @Override
        public int pending() {
            return held.length;
        }

        @Override
        public int held() {
            return held.length;
        }

        private void event(byte[] bytes, int at, int length) {
            if (length > 0) {
                String name = new String(bytes, at + 1, bytes[at], StandardCharsets.UTF_8);
                events.event(name, bytes, at + 1 + bytes[at], length - 1 - bytes[at]);
            }
        }

        @Override
        public void end() {
            // What is not whole is no event.
        }
    }

    private static final class Writer implements EventWriter {
        private final EventBuffer buffer;
        private int start;
        private boolean begun;

        private Writer(EventBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public byte[] head(String name, String data) {
            return bytes("\0\0\0\0" + (char) name.length() + name + data);
        }

        @Override
        public byte[] tail(String data) {
            return bytes(data);
        }

        @Override
        public EventBuffer begin(byte[] head) {
            begun = true;
            start = buffer.size();
            buffer.write(head);
            return buffer;
        }

        @Override
        public void end(byte[] tail) {
            buffer.write(tail);
            buffer.setInt(start, buffer.size() - start - 4);
        }

        @Override
        public void keepAlive() {
            // There is nothing like it.
        }

        @Override
        public void close() {
            if (begun) {
                buffer.write(new byte[4]);
            }
        }
    }
}
