package io.plano.web;

import io.plano.translate.JsonText;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code /healthz}: the process is alive, and so are its threads, or which one is not. {@code /readyz}: a configuration is
 * loaded, or why none is.
 */
public final class StatusServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().endsWith(Health.PATH)) {
            Health health = Health.of(GatewayLifecycle.vitals(getServletContext()));
            answer(response, health.status(), health.body());
            return;
        }
        Readiness readiness = Readiness.of(getServletContext());
        String word = readiness.isReady() ? "ready" : "not_ready";
        answer(
                response,
                readiness.isReady() ? 200 : 503,
                JsonText.ofStrings("status", word, "message", readiness.message()));
    }

    private static void answer(HttpServletResponse response, int status, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
