package io.plano.integration;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands behind the gateway's filter, as an access log of the embedding application might, and writes down all it sees. */
public final class NosyFilter extends HttpFilter {
    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        for (String name : Collections.list(request.getHeaderNames())) {
            SEEN.add(name + ": " + Collections.list(request.getHeaders(name)));
        }
        for (String slot :
                List.of("Authorization", "authorization", "x-api-key", "X-API-KEY", "api-key", "x-goog-api-key")) {
            SEEN.add(slot + " = " + request.getHeader(slot) + Collections.list(request.getHeaders(slot)));
        }
        SEEN.add("Content-Length = " + request.getIntHeader("content-length") + " " + request.getDateHeader("x-none")
                + " " + request.getIntHeader("x-none"));
        for (String name : Collections.list(request.getAttributeNames())) {
            Reachable.from(request.getAttribute(name), (path, text) -> SEEN.add(name + path + " = " + text));
        }
        chain.doFilter(request, response);
    }
}
