package io.plano.bridge;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A container's output stream, whose unchecked exceptions can be told from our own: containers say in several ways that a
 * connection is gone, and some of them are unchecked. Used by the response's loop alone.
 */
final class ContainerOutput {
    private final ServletOutputStream stream;

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

    boolean isReady() {
        try {
            return stream.isReady();
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
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
