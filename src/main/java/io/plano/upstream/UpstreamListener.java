package io.plano.upstream;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Follows one attempt: {@code head (data | paused)* end}, or {@code failed} at any point, after which nothing comes. All
 * calls of one attempt come from one reactor thread, which serves many others: an implementation never blocks. Only
 * {@code failed} may also come from the thread that sends the request, before it has been sent.
 */
public interface UpstreamListener {
    /**
     * A head that is larger than heads are is on its way, and so many bytes more of it have come.
     *
     * @throws GatewayException where there is no room for them, which ends the attempt
     */
    default void headGrew(int bytes) {
        // For whoever has a budget.
    }

    /** The final head of the answer; interim ones (RFC 9110 §15.2) are not shown. */
    void head(int status, Headers headers, Content content);

    /**
     * Some bytes of the body. All of them must be taken: the buffer belongs to the connection and is used again after
     * the call.
     */
    void data(ByteBuffer bytes);

    /**
     * What has arrived has been passed on, and more may take its time: whoever collects, to send head and body or several
     * pieces at once, sends now. Follows every {@code head} and {@code data} that no {@code end} follows at once.
     */
    void paused();

    /**
     * The flow-control window: when it is spent, nothing more is read until it is credited. HTTP/1.1 tells of it
     * when that happens, HTTP/2 behind the head, so that credit can be given in time. It may be credited from any thread.
     */
    void windowSpent(Window window) throws IOException;

    /** The answer is complete by its own framing. */
    void end();

    /** The attempt failed, or never came to be. */
    void failed(GatewayException failure);

    /** What follows a head. */
    enum Content {
        /** No body at all. */
        NONE,
        /** A body that ends with a final chunk or after {@code Content-Length} bytes. */
        DELIMITED,
        /** A body that ends when the connection does, so that its end proves nothing (RFC 9112 §6.3). */
        UNTIL_CLOSE
    }
}
