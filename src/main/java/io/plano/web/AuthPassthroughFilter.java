package io.plano.web;

import io.plano.credential.CredentialResolver;
import io.plano.failure.GatewayException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the credentials out of the request. Whatever stands behind it — another filter, a servlet, their logs — cannot
 * see them any more; the gateway's own servlet finds them, sealed, where no other code can open them. Requests whose
 * credentials contradict each other, and requests without any where every provider wants the client's own, are refused
 * here, before anything is read.
 *
 * <p>Works in front of any application; it wants to be the first filter. Declare it with {@code async-supported}.
 */
public final class AuthPassthroughFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() != DispatcherType.REQUEST
                || request.getAttribute(InboundRequest.ATTRIBUTE) != null) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletRequest admitted;
        try {
            admitted = admit(request, response);
        } catch (RuntimeException | Error defect) {
            Gateway.breakDown(request, defect, response);
            return;
        }
        if (admitted != null) {
            chain.doFilter(admitted, response);
        }
    }

    /** The request without its credentials; null if it has been refused. */
    private @Nullable HttpServletRequest admit(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        InboundRequest inbound = InboundRequest.take(request);
        Gateway gateway = Gateway.of(getServletContext());
        GatewayException refusal = refusal(inbound, gateway);
        if (refusal != null) {
            gateway.refuse(inbound, refusal, response);
            return null;
        }
        request.setAttribute(InboundRequest.ATTRIBUTE, inbound);
        return new CredentialFreeRequest(request, inbound);
    }

    private static @Nullable GatewayException refusal(InboundRequest inbound, Gateway gateway) {
        if (inbound.malformed() != null) {
            return inbound.malformed();
        }
        boolean asksProvider = inbound.head().hasBody() && inbound.head().path().startsWith("/v1/");
        return asksProvider && inbound.credentials().isEmpty() && gateway.requiresClientCredential()
                ? CredentialResolver.missing(inbound.dialect().slotOrder())
                : null;
    }
}
