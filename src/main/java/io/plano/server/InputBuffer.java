package io.plano.server;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.server.Request;

/**
 * The size of a connection's read buffer. Jetty keeps the buffer of a request with a body until its answer is complete,
 * so for a stream of an hour it has to be small; a body of megabytes is read faster through a large one.
 */
final class InputBuffer {
    /** For heads and the usual body. */
    static final int SMALL = 4 << 10;

    private static final int LARGE = 64 << 10;

    /** From here on a body is worth a large buffer. */
    private static final long LARGE_BODY = 256 << 10;

    private InputBuffer() {}

    /** Takes effect when the connection next gets itself a buffer. */
    static void fit(Request request) {
        if (request.getConnectionMetaData().getConnection() instanceof AbstractConnection connection) {
            int fitting = request.getLength() >= LARGE_BODY ? LARGE : SMALL;
            if (connection.getInputBufferSize() != fitting) {
                connection.setInputBufferSize(fitting);
            }
        }
    }
}
