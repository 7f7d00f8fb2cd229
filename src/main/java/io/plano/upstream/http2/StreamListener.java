package io.plano.upstream.http2;

import io.plano.http.Headers;
import java.nio.ByteBuffer;

/**
 * Follows one stream: {@code head (data | paused)* end}, or {@code refused} or {@code failed} at any point, or nothing more after a
 * {@link OpenStream#cancel}; and {@code closed} in every case, as the last of all. All calls come from the connection's
 * reactor thread; only where the connection is lost before it could take the request, {@code refused} and {@code closed}
 * may come from the thread that asked.
 */
interface StreamListener {
    /** The final head of the answer. */
    void head(OpenStream stream, int status, Headers fields, Body body);

    /** Some bytes of the body, all of which must be taken. They are credited with {@link OpenStream#update}. */
    void data(ByteBuffer bytes);

    /** What has arrived has been passed on, and more may take its time. */
    void paused();

    /** The answer is complete. */
    void end();

    /** The server has not processed the request, and will not (RFC 9113 §8.7): sending it again repeats nothing. */
    void refused();

    /** There will be no more, and the server may have processed the request. */
    void failed(Exception cause);

    /** Neither end sends anything more. */
    void closed();

    /** Whether something follows a head. */
    enum Body {
        NONE,
        FOLLOWS
    }
}
