package io.plano.server;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.server.Request;

/**
 * The size of a connection's read buffer. Jetty keeps the buffer of a request with a body until its answer is complete,
 * so for a stream of an hour it should be small; a body that does not fit into it takes a system call and a turn through
 * the thread pool for each piece. So a connection gets a buffer for bodies like the last one that it brought.
 */
final class InputBuffer {
    /** For heads and short bodies. */
    static final int SMALL = 4 << 10;

    /** For prompts. */
    private static final int MEDIUM = 32 << 10;

    /** For what is sent in many pieces anyway. */
    private static final int LARGE = 64 << 10;

    private InputBuffer() {}

    /** Takes effect when the connection next gets itself a buffer. */
    static void fit(Request request) {
        if (request.getConnectionMetaData().getConnection() instanceof AbstractConnection connection) {
            int fitting = sizeFor(request.getLength());
            if (connection.getInputBufferSize() != fitting) {
                connection.setInputBufferSize(fitting);
            }
        }
    }

    /** The head stands in the same buffer. */
    private static int sizeFor(long bodyLength) {
        if (bodyLength <= SMALL / 2) {
            return SMALL;
        }
        return bodyLength <= MEDIUM - SMALL ? MEDIUM : LARGE;
    }
}
