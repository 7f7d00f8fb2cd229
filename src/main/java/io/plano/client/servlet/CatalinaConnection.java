package io.plano.client.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;

/**
 * Closes the connection of a response in Tomcat and its kin. Tomcat has an order for it ({@code ActionCode.CLOSE_NOW}),
 * but no call that an application could make; the way of the Servlet API, a dispatch that fails, logs two stack traces
 * for each broken stream, and ends a response cleanly while the application is being stopped. So the order is given by
 * reflection, and where that is not possible the caller goes the other way.
 */
final class CatalinaConnection {
    static final String FACADE = "org.apache.catalina.connector.ResponseFacade";

    private CatalinaConnection() {}

    /** Whether the request is one of Tomcat's, or of a container built on its engine. */
    static boolean owns(AsyncContext async) {
        return async.getClass().getName().startsWith("org.apache.catalina.");
    }

    /**
     * Closes it, unfinished. The container then ends the request itself, through its error callbacks.
     *
     * @return whether that could be done
     */
    static boolean closeNow(ServletResponse response) {
        ServletResponse facade = response;
        while (facade instanceof ServletResponseWrapper wrapper) {
            facade = wrapper.getResponse();
        }
        if (!facade.getClass().getName().equals(FACADE)) {
            return false;
        }
        try {
            Field inner = facade.getClass().getDeclaredField("response");
            inner.setAccessible(true);
            Object connectorResponse = inner.get(facade);
            Object coyoteResponse =
                    connectorResponse.getClass().getMethod("getCoyoteResponse").invoke(connectorResponse);
            order(coyoteResponse, "CLOSE_NOW");
            return true;
        } catch (ReflectiveOperationException | InaccessibleObjectException | NullPointerException e) {
            return false; // another version of it, or a response that was taken back
        }
    }

    private static void order(Object coyoteResponse, String code) throws ReflectiveOperationException {
        Class<?> codes = Class.forName(
                "org.apache.coyote.ActionCode", true, coyoteResponse.getClass().getClassLoader());
        for (Object constant : codes.getEnumConstants()) {
            if (constant.toString().equals(code)) {
                coyoteResponse
                        .getClass()
                        .getMethod("action", codes, Object.class)
                        .invoke(coyoteResponse, constant, new IOException("the upstream answer is incomplete"));
                return;
            }
        }
        throw new NoSuchFieldException(code);
    }
}
