package io.plano.web;

import io.plano.http.Headers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request as everybody behind the filter sees it: with every header but those that carry credentials. */
final class CredentialFreeRequest extends HttpServletRequestWrapper {
    private final Headers headers;

    CredentialFreeRequest(HttpServletRequest request, InboundRequest inbound) {
        super(request);
        this.headers = inbound.head().headers();
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.first(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return Collections.enumeration(headers.all(name));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < headers.size(); i++) {
            names.add(headers.name(i));
        }
        return Collections.enumeration(names);
    }

    @Override
    public int getIntHeader(String name) {
        String value = headers.first(name);
        return value == null ? -1 : Integer.parseInt(value);
    }

    @Override
    public long getDateHeader(String name) {
        return headers.first(name) == null ? -1 : super.getDateHeader(name);
    }
}
