package io.plano.web;

import jakarta.servlet.http.HttpServlet;

/** {@code /healthz} (alive) and {@code /readyz} (a configuration is loaded). */
public final class StatusServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
}
