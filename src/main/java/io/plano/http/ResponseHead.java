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

    /**
     * Whether the head waits for more of its body, so that both leave together and an answer that breaks off before that can
     * still be told with a status.
     *
     * @param queued bytes of the body that are there
     * @param whole up to this length a body waits until it is complete
     */
    public boolean waitsFor(long queued, long whole) {
        return delivery == Delivery.WHOLE && (queued == 0 || (hasKnownLength() && length <= whole && queued < length));
    }
}
