package io.plano.client.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Ends a response in a way that no client can take for a clean end: the connection goes down with the body unfinished.
 * The Servlet API has no portable call for it (jakartaee/servlet#98), and this is the one place that knows what each
 * container wants instead.
 *
 * <ul>
 *   <li>Jetty aborts the connection on {@code sendError(-1)}.
 *   <li>Tomcat closes it when its connector is told to: {@link CatalinaConnection}.
 *   <li>The others close it when a dispatch to a committed response fails; {@link #ATTRIBUTE} tells the servlet that is
 *       dispatched to that it has to fail.
 * </ul>
 */
public final class ClientAbort {
    /** The request attribute that makes the servlet throw when it is dispatched to. */
    public static final String ATTRIBUTE = "io.plano.client.abort";

    private ClientAbort() {}

    /**
     * Makes an abort visible in the response that is about to begin. A client that asked for its connection to be closed
     * gets a body of unknown length from Jetty without chunks, which ends like any other when it is cut; this asks for
     * chunks. The others chunk by themselves, and would repeat the header.
     */
    static void prepare(HttpServletResponse response, AsyncContext async) {
        boolean jetty = async.getClass().getName().startsWith("org.eclipse.jetty.");
        if (jetty && async.getRequest().getProtocol().equals("HTTP/1.1")) {
            response.setHeader("Transfer-Encoding", "chunked");
        }
    }

    public static void abort(HttpServletResponse response, AsyncContext async) {
        if (CatalinaConnection.closeNow(response)) {
            return; // its callbacks complete the request
        }
        try {
            response.sendError(-1);
            async.complete();
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            async.getRequest().setAttribute(ATTRIBUTE, true);
            async.dispatch();
        }
    }

    /** As {@link #abort}, a second time if an error comes out of the first. */
    static void abortSurely(HttpServletResponse response, AsyncContext async) {
        try {
            abort(response, async);
        } catch (Error defect) {
            abort(response, async);
        }
    }

    /** Called first thing by the servlet: whether this is a dispatch that must fail, which it then does. */
    public static void failWhereAborted(HttpServletRequest request) throws IOException {
        if (request.getAttribute(ATTRIBUTE) != null) {
            request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, 502);
            throw new Incomplete();
        }
    }

    /** The container logs it, at the level of a defect; without a stack it is at least one line. */
    private static final class Incomplete extends IOException {
        private static final long serialVersionUID = 1L;

        private Incomplete() {
            super("the upstream answer is incomplete");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
