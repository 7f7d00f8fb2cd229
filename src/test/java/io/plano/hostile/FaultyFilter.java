package io.plano.hostile;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Enumeration;

/**
 * Stands in front of the gateway's own filter and makes one call of the container throw, once, if the request asks for it:
 * {@code X-Fault: startAsync OUT_OF_MEMORY}. Loaded by the container, with the classes of the tests.
 */
public final class FaultyFilter extends HttpFilter {
    static final String HEADER = "X-Fault";

    /** Besides those of {@link Failings}: what a container says that refuses something. */
    static final String REFUSED = "REFUSED";

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String wanted = request.getHeader(HEADER);
        if (wanted == null) {
            chain.doFilter(request, response);
            return;
        }
        String[] words = wanted.split(" ");
        Fault fault = new Fault(words[0], words[1]);
        chain.doFilter(new Request(request, fault), new Response(response, fault));
    }

    /** What is to be thrown where, once. */
    private static final class Fault {
        private final String method;
        private final String name;
        private boolean thrown;

        private Fault(String method, String name) {
            this.method = method;
            this.name = name;
        }

        void called(String called) {
            if (called.equals(method) && !thrown) {
                thrown = true;
                if (name.equals(REFUSED)) {
                    throw new IllegalStateException("thrown by a test");
                }
                throw Failings.valueOf(name).get();
            }
        }
    }

    private static final class Request extends HttpServletRequestWrapper {
        private final Fault fault;

        private Request(HttpServletRequest request, Fault fault) {
            super(request);
            this.fault = fault;
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            fault.called("getHeaderNames");
            return super.getHeaderNames();
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            fault.called("getHeaders");
            return super.getHeaders(name);
        }

        @Override
        public String getMethod() {
            fault.called("getMethod");
            return super.getMethod();
        }

        @Override
        public String getQueryString() {
            fault.called("getQueryString");
            return super.getQueryString();
        }

        @Override
        public long getContentLengthLong() {
            fault.called("getContentLengthLong");
            return super.getContentLengthLong();
        }

        @Override
        public String getRemoteAddr() {
            fault.called("getRemoteAddr");
            return super.getRemoteAddr();
        }

        @Override
        public void setAttribute(String name, Object value) {
            fault.called("setAttribute");
            super.setAttribute(name, value);
        }

        @Override
        public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
            fault.called("startAsync");
            AsyncContext async = super.startAsync(request, response);
            fault.called("startAsyncLate");
            return async;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            fault.called("getInputStream");
            return super.getInputStream();
        }
    }

    private static final class Response extends HttpServletResponseWrapper {
        private final Fault fault;

        private Response(HttpServletResponse response, Fault fault) {
            super(response);
            this.fault = fault;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            fault.called("getOutputStream");
            return super.getOutputStream();
        }

        @Override
        public void setStatus(int status) {
            fault.called("setStatus");
            super.setStatus(status);
        }

        @Override
        public void addHeader(String name, String value) {
            fault.called("addHeader");
            super.addHeader(name, value);
        }
    }
}
