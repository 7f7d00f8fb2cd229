package io.plano.web;

import jakarta.servlet.http.HttpServlet;

/** Opens an exchange for each request and hands it to the reverse proxy. */
public final class ProxyServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
}
