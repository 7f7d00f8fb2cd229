package io.plano.client;

import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Where the body of a request comes from: an input that never waits. It has the rules of the Servlet API's non-blocking
 * input, which are the narrowest. Called by one loop, one thread at a time.
 */
public interface RequestInput {
    /** What the input tells, on threads of its container. */
    interface Listener {
        /** Something can be read. */
        void readable();

        /** All has been read. */
        void ended();

        /**
         * The body broke off.
         *
         * @param cause as {@link RequestInput#explain} takes it
         */
        void failed(Throwable cause);
    }

    /** Before {@link #start}: how many bytes can be read at once. */
    int available() throws IOException;

    /** From now on the listener is called; to be called once, on the container thread that opened the exchange. */
    void start(Listener listener);

    /**
     * Whether something can be read now, be it the end. If not, {@link Listener#readable} or {@link Listener#ended} follows,
     * and until then this must not be asked again.
     */
    boolean isReady();

    /** Whether the last byte has been read. */
    boolean isFinished();

    /** The bytes. One read may follow each {@code true} of {@link #isReady}, or as many as are {@link #available}. */
    InputStream stream();

    /** What a client is told of something that a call of these has thrown, or a listener has heard of. */
    GatewayException explain(Throwable failure);
}
