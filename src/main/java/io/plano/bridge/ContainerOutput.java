package io.plano.bridge;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A container's output stream, whose unchecked exceptions can be told from our own: containers say in several ways that a
 * connection is gone, and some of them are unchecked. Used by the response's loop alone, but for {@link #isAwaited} and
 * {@link #awaitedCame}.
 *
 * <h2>Readiness</h2>
 *
 * The Servlet API's non-blocking output has two traps. {@code isReady()} is no query: {@code false} arms the callback,
 * and it must not be asked again before that came. And the callback may come between the question and the note that it
 * is awaited. So {@code awaited} is set <em>before</em> asking, and cleared by whoever learns that it is
 * writable: the loop on {@code true}, the callback otherwise. Initially it is set, because the container announces the
 * first writability itself.
 */
final class ContainerOutput {
    private final ServletOutputStream stream;
    private volatile boolean awaited = true;

    ContainerOutput(ServletOutputStream stream) {
        this.stream = stream;
    }

    /** What the container threw. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Lost(RuntimeException cause) {
            super(null, cause, false, false);
        }
    }

    /** Whether bytes may be written now; if not, the container calls back. */
    boolean isWritable() {
        awaited = true;
        boolean ready;
        try {
            ready = stream.isReady();
        } catch (RuntimeException e) {
            throw new Lost(e);
        } catch (Error defect) {
            awaited = false; // no callback follows
            throw defect;
        }
        if (ready) {
            awaited = false;
        }
        return ready;
    }

    /** Whether the container has yet to call back. Any thread. */
    boolean isAwaited() {
        return awaited;
    }

    /** The container has called back. */
    void awaitedCame() {
        awaited = false;
    }

    void write(byte[] bytes) throws IOException {
        try {
            stream.write(bytes);
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
    }

    void flush() throws IOException {
        try {
            stream.flush();
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
    }

    static void writeHead(ResponseHead head, HttpServletResponse response) {
        response.setStatus(head.status());
        addHeaders(head.headers(), response);
        if (head.hasKnownLength()) {
            response.setContentLengthLong(head.length());
        }
    }

    static void addHeaders(Headers fields, HttpServletResponse response) {
        for (int i = 0; i < fields.size(); i++) {
            response.addHeader(fields.name(i), fields.value(i));
        }
    }
}
