package io.plano.http;

/**
 * The head of the answer to the client.
 *
 * @param status the status code
 * @param headers all fields but {@code Content-Length}, which follows from {@code length}
 * @param length the exact number of body bytes, or {@link #UNKNOWN_LENGTH}
 * @param delivery what the client expects of the body's arrival
 */
public record ResponseHead(int status, Headers headers, long length, Delivery delivery) {
    /** How a body is read by its client. */
    public enum Delivery {
        /** As a whole. */
        WHOLE,
        /** Event by event: {@code text/event-stream}. */
        EVENTS
    }

    /** The body ends when it ends: chunked, or by the end of the connection. */
    public static final long UNKNOWN_LENGTH = -1;

    public boolean hasKnownLength() {
        return length != UNKNOWN_LENGTH;
    }
}
