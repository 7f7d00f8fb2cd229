package io.plano.body;

/** Takes the events of a stream, one call an event, whatever framing they came in. */
public interface EventSink {
    /**
     * An event; its data may be empty.
     *
     * @param type the event's name; empty if it has none
     * @param bytes holds the data; valid during the call only
     * @param offset where the data starts
     * @param length how many bytes it has
     */
    void event(String type, byte[] bytes, int offset, int length);
}
