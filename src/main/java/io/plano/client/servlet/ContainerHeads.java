package io.plano.client.servlet;

import io.plano.http.ConnectionOptions;
import io.plano.http.Headers;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Collections;

/**
 * What containers do to large heads of answers. Each has a limit, beyond which it answers 500 by itself, or nothing, while
 * the gateway believes that it has answered; the Servlet API does not tell the limit, so it is asked for by reflection,
 * and only for a head that may be beyond it. Stateless.
 */
final class ContainerHeads {
    /** No container's limit is below 8 KB by default; the rest is for the status line and what it adds itself. */
    private static final int SMALL = 6 << 10;

    /** For what a container adds. */
    private static final int MARGIN = 1 << 10;

    /** A colon, a space, CR and LF. */
    private static final int FIELD_OVERHEAD = 4;

    private ContainerHeads() {}

    /** Whether the container of this request would send a head of these fields. */
    static boolean canSend(Headers fields, HttpServletRequest request, HttpServletResponse response) {
        long size = size(fields);
        return size <= SMALL || size + MARGIN <= limit(request, response);
    }

    private static long size(Headers fields) {
        long size = 0;
        for (int i = 0; i < fields.size(); i++) {
            size += fields.name(i).length() + fields.value(i).length() + FIELD_OVERHEAD;
        }
        return size;
    }

    /**
     * Jetty forgets that a connection is to be closed when a head does not fit into its first buffer: the answer then says
     * nothing of it, and the socket stays open. It does not when the head itself says so.
     */
    static void keepClosing(Headers fields, HttpServletRequest request, HttpServletResponse response) {
        if (size(fields) > SMALL && isJetty(request) && request.getProtocol().equals("HTTP/1.1")) {
            for (String value : Collections.list(request.getHeaders("Connection"))) {
                if (ConnectionOptions.isIn(value, "close")) {
                    response.setHeader("Connection", "close");
                }
            }
        }
    }

    private static boolean isJetty(HttpServletRequest request) {
        return innermost(request).getClass().getName().startsWith("org.eclipse.jetty.");
    }

    /** In bytes; what is not known is without limit. */
    private static long limit(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (isJetty(request)) {
                return jettyLimit(innermost(request));
            }
            ServletResponse facade = innermost(response);
            return facade.getClass().getName().equals(CatalinaConnection.FACADE) ? tomcatLimit(facade) : Long.MAX_VALUE;
        } catch (ReflectiveOperationException | InaccessibleObjectException | NullPointerException e) {
            return Long.MAX_VALUE; // another version of it
        }
    }

    private static long jettyLimit(Object request) throws ReflectiveOperationException {
        Object connection = call(call(request, "getRequest"), "getConnectionMetaData");
        Object configuration = call(connection, "getHttpConfiguration");
        int first = (int) call(configuration, "getResponseHeaderSize");
        int grown = (int) call(configuration, "getMaxResponseHeaderSize");
        return Math.max(first, grown);
    }

    private static long tomcatLimit(Object facade) throws ReflectiveOperationException {
        Field inner = facade.getClass().getDeclaredField("response");
        inner.setAccessible(true);
        Object connector = call(call(inner.get(facade), "getRequest"), "getConnector");
        return (int) call(call(connector, "getProtocolHandler"), "getMaxHttpResponseHeaderSize");
    }

    private static Object call(Object target, String getter) throws ReflectiveOperationException {
        return target.getClass().getMethod(getter).invoke(target);
    }

    private static ServletRequest innermost(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner;
    }

    private static ServletResponse innermost(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner;
    }
}
