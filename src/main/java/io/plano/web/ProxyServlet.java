package io.plano.web;

import io.plano.client.servlet.ClientAbort;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Hands each request to the gateway, asynchronously: no thread waits here. */
public final class ProxyServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** A container may take the servlet out of service and put one in again while the application lives on. */
    @Override
    public void init() {
        Gateway.of(getServletContext()).resume();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ClientAbort.failWhereAborted(request);
        try {
            serve(request, response);
        } catch (RuntimeException | Error defect) {
            Gateway.breakDown(request, defect, response);
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Gateway gateway = Gateway.of(getServletContext());
        InboundRequest inbound = InboundRequest.of(request);
        if (inbound.malformed() != null) {
            gateway.refuse(inbound, inbound.malformed(), response);
        } else {
            gateway.serve(inbound, request, response);
        }
    }

    /** Containers can still abort a response here; when the listeners are told, they cannot any more. */
    @Override
    public void destroy() {
        Gateway.of(getServletContext()).endExchanges();
    }
}
