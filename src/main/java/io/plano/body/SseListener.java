package io.plano.body;

/** Hears the events of a {@code text/event-stream}, one call an event. */
public interface SseListener {
    /**
     * An event; its data may be empty.
     *
     * @param type the event's name; empty where it has none
     * @param bytes holds the data, whose lines are joined by LF; valid during the call only
     * @param offset where the data starts
     * @param length how many bytes it has
     */
    void event(String type, byte[] bytes, int offset, int length);
}
