package io.plano.web;

import io.plano.api.PlanoGateway;
import io.plano.api.Readiness;
import io.plano.budget.MemoryBudget;
import io.plano.client.servlet.ServletClient;
import io.plano.failure.DefectException;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.http.WholeAnswer;
import io.plano.provider.ApiDialect;
import io.plano.proxy.ReverseProxy;
import io.plano.proxy.answer.LocalAnswers;
import io.plano.snapshot.GatewaySnapshot;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway of one web application, as its filter and servlets see it. Safe for every thread. */
final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final String ATTRIBUTE = "io.plano.web.gateway";

    private final PlanoGateway gateway;
    private final ReverseProxy proxy;

    Gateway(PlanoGateway gateway) {
        this.gateway = gateway;
        this.proxy = gateway.proxy();
    }

    /**
     * The gateway of that application.
     *
     * @throws IllegalStateException where {@link GatewayLifecycle} is not declared as a listener
     */
    static Gateway of(ServletContext context) {
        Gateway known = find(context);
        if (known != null) {
            return known;
        }
        throw new IllegalStateException("declare " + GatewayLifecycle.class.getName() + " as a listener");
    }

    /** The gateway of that application; null before it has started. */
    static @Nullable Gateway find(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof Gateway gateway ? gateway : null;
    }

    void publish(ServletContext context) {
        context.setAttribute(ATTRIBUTE, this);
        context.setAttribute(MemoryBudget.ATTRIBUTE, gateway.budget());
    }

    static void withdraw(ServletContext context) {
        context.removeAttribute(ATTRIBUTE);
        context.removeAttribute(MemoryBudget.ATTRIBUTE);
    }

    Readiness readiness() {
        return gateway.readiness();
    }

    /** Whether a request without a credential is refused whatever its model. */
    boolean requiresClientCredential() {
        GatewaySnapshot snapshot = gateway.snapshot();
        return snapshot != null && snapshot.requiresClientCredential();
    }

    /** Hands a request to the proxy; returns at once. */
    void serve(InboundRequest inbound, HttpServletRequest request, HttpServletResponse response) throws IOException {
        proxy.serve(
                inbound.head(),
                request.getRemoteAddr(),
                new ServletClient(request, response, inbound.head(), inbound.credentials())::open);
    }

    /** Answers a request that goes no further, and logs it like every other. */
    void refuse(InboundRequest inbound, GatewayException refusal, HttpServletResponse response) throws IOException {
        send(proxy.refusal(inbound.head(), inbound.dialect(), refusal), response);
    }

    /**
     * Answers a request that failed by a defect before it became an exchange, with an answer that was made beforehand: a
     * container's own words about it would be a page with a stack trace. What has been committed stays as it is.
     */
    static void breakDown(HttpServletRequest request, Throwable defect, HttpServletResponse response)
            throws IOException {
        Guard.quietly(() -> report(defect));
        if (response.isCommitted()) {
            throw new IOException(DefectException.of(defect));
        }
        response.reset();
        boolean anthropic = request.getRequestURI().contains("/v1/messages");
        send(LocalAnswers.lastResort(anthropic ? ApiDialect.ANTHROPIC : ApiDialect.OPENAI), response);
        if (request.isAsyncStarted()) {
            request.getAsyncContext().complete();
        }
    }

    /** The stack of an error of the virtual machine is long, or not there. */
    private static void report(Throwable defect) {
        if (defect instanceof Error) {
            log.error("a request failed by a defect of the gateway: {}", defect.toString());
        } else {
            log.error("a request failed by a defect of the gateway", defect);
        }
    }

    private static void send(WholeAnswer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.head().status());
        for (int i = 0; i < answer.head().headers().size(); i++) {
            response.addHeader(
                    answer.head().headers().name(i), answer.head().headers().value(i));
        }
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    /** Requests are served from now on. */
    void resume() {
        proxy.resume();
    }

    /** Ends what is open: the application is being stopped. */
    void endExchanges() {
        proxy.endExchanges();
    }
}
