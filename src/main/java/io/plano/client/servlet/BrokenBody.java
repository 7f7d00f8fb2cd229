package io.plano.client.servlet;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request body could not be read to its end. Either its client left, or it sent something that is no body, and is
 * still there to be told so. Containers say the latter by exceptions of their own, which are known here by name. Stateless.
 */
final class BrokenBody {
    /** Jetty has one exception for both. Where it was made tells them apart. */
    private static final String JETTY_PARSER = "org.eclipse.jetty.http.HttpParser";

    private static final String JETTY_REFUSAL = "badMessage";

    private static final String TOMCAT = "org.apache.coyote.BadRequestException";

    private BrokenBody() {}

    /** Containers report the errors of the virtual machine like those of the client, whose they are not. */
    static GatewayException of(@Nullable Throwable cause) {
        if (cause instanceof Error) {
            return GatewayException.internal(cause);
        }
        Throwable known = cause == null ? new IllegalStateException("no reason given") : cause;
        return isMalformed(cause)
                ? GatewayException.of(
                        FailureKind.INVALID_REQUEST, "The request body breaks the rules of HTTP/1.1.", known)
                : GatewayException.of(FailureKind.CLIENT_GONE, "The request body ended before it was complete.", known);
    }

    private static boolean isMalformed(@Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getClass().getName().equals(TOMCAT) || comesFromJettyRefusing(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean comesFromJettyRefusing(Throwable cause) {
        for (StackTraceElement call : cause.getStackTrace()) {
            if (call.getClassName().equals(JETTY_PARSER) && call.getMethodName().equals(JETTY_REFUSAL)) {
                return true;
            }
        }
        return false;
    }
}
