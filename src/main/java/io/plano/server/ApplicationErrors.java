package io.plano.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ErrorHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers what goes wrong inside of the servlet context without the gateway having answered itself. JSON whatever the
 * client accepts. See {@link ErrorBody}.
 */
final class ApplicationErrors extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        generateAcceptableResponse(
                request,
                response,
                callback,
                ErrorBody.MEDIA_TYPE,
                List.of(StandardCharsets.UTF_8),
                status,
                message,
                cause);
    }

    @Override
    protected void writeErrorJson(
            Request request, PrintWriter writer, int status, String message, @Nullable Throwable cause) {
        writer.append(ErrorBody.of(status));
    }
}
