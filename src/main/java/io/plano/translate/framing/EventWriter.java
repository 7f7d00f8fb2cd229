package io.plano.translate.framing;

/**
 * Writes the events of one stream. What events of one kind have in common at either end is put together once, so that each
 * of the many costs no more than its copy:
 *
 * <pre>{@code
 * byte[] head = writer.head("delta", "{\"text\":");
 * byte[] tail = writer.tail("}");
 * …
 * writer.begin(head).writeJsonString(text);
 * writer.end(tail);
 * }</pre>
 *
 * One thread at a time.
 */
public interface EventWriter {
    /**
     * What events of that name begin with.
     *
     * @param name empty for events without one
     * @param data the characters that their data begins with
     */
    byte[] head(String name, String data);

    /**
     * What events end with.
     *
     * @param data the characters that their data ends with
     */
    byte[] tail(String data);

    /** Begins an event; the rest of its data goes into the buffer. */
    EventBuffer begin(byte[] head);

    /** Ends the event that has begun. */
    void end(byte[] tail);

    /** A sign of life that is no event; nothing if the framing knows none. */
    void keepAlive();

    /** Writes what stands behind the last event; nothing if there was none, or the framing has no such thing. */
    void close();

    /** A whole event. */
    default void write(String name, byte[] data) {
        begin(head(name, "")).write(data);
        end(tail(""));
    }
}
