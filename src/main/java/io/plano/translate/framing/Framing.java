package io.plano.translate.framing;

import io.plano.body.EventReader;
import io.plano.body.EventSink;

/** A way to put the events of a stream into bytes, and to find them again. Stateless; what it returns belongs to one stream. */
public interface Framing {
    /** Server-sent events (WHATWG HTML, "Server-sent events", §9.2). */
    static Framing sse() {
        return SseFraming.INSTANCE;
    }

    /** The media type of a stream. */
    String mediaType();

    /** Finds the events in bytes that may be split anywhere. */
    EventReader reader(EventSink events);

    /** Writes events into the buffer, each of them whole. */
    EventWriter writer(EventBuffer buffer);

    /** One event by itself. */
    default byte[] event(String name, byte[] data) {
        EventBuffer buffer = new EventBuffer();
        writer(buffer).write(name, data);
        return buffer.take();
    }
}
