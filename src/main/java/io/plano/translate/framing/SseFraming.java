package io.plano.translate.framing;

import io.plano.body.EventReader;
import io.plano.body.EventSink;
import io.plano.body.SseParser;
import java.nio.charset.StandardCharsets;

/** Server-sent events. Data is one line: JSON without white space has no line ends. Stateless. */
final class SseFraming implements Framing {
    static final Framing INSTANCE = new SseFraming();

    private SseFraming() {}

    @Override
    public String mediaType() {
        return "text/event-stream";
    }

    @Override
    public EventReader reader(EventSink events) {
        return new SseParser(events);
    }

    @Override
    public EventWriter writer(EventBuffer buffer) {
        return new Writer(buffer);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes one stream. */
    private static final class Writer implements EventWriter {
        private static final byte[] KEEP_ALIVE = utf8(": ping\n\n");

        private final EventBuffer buffer;

        private Writer(EventBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public byte[] head(String name, String data) {
            return utf8((name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + data);
        }

        @Override
        public byte[] tail(String data) {
            return utf8(data + "\n\n");
        }

        @Override
        public EventBuffer begin(byte[] head) {
            buffer.write(head);
            return buffer;
        }

        @Override
        public void end(byte[] tail) {
            buffer.write(tail);
        }

        @Override
        public void keepAlive() {
            buffer.write(KEEP_ALIVE);
        }

        @Override
        public void close() {
            // The end of such a stream is the end of its bytes.
        }
    }
}
