package io.plano.client;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import java.io.IOException;

/**
 * Where a response goes: an output that never waits. It has the rules of the Servlet API's non-blocking output, which are
 * the narrowest. Called by the loop of one {@link ResponseBridge}, one thread at a time; {@link #addHeaders} by the thread
 * that opens the exchange, before there can be an answer; {@link #canSend} by any.
 */
public interface ResponseOutput {
    /** Fields that the answer carries whatever it becomes. */
    void addHeaders(Headers fields);

    /** Whether a head of these fields would be sent; containers have limits, and say nothing of what is beyond them. */
    boolean canSend(Headers fields);

    /**
     * Whether bytes may be written now. If not, {@link ContainerNotices#writable} follows once they may, and until then
     * this must not be asked again.
     *
     * @throws Lost as {@link #write}
     */
    boolean isReady();

    /** Gives the head, framing included; it leaves with the first bytes, or with a flush. To be called once, first. */
    void head(ResponseHead head);

    /**
     * Takes the bytes; to be called once after each {@code true} of {@link #isReady}.
     *
     * @param bytes never changed afterwards
     * @throws IOException if the connection is gone, of which {@link ContainerNotices#lost} tells as well
     * @throws Lost if it is gone, and nobody may tell
     */
    void write(byte[] bytes) throws IOException;

    /** Sends what was written; as {@link #write}. */
    void flush() throws IOException;

    /** The connection is gone, as an unchecked exception said that was none of ours. */
    final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Lost(RuntimeException cause) {
            super(null, cause, false, false);
        }
    }
}
