package io.plano.proxy;

import io.plano.credential.CredentialResolver;
import io.plano.credential.SecretSet;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.ConnectionOptions;
import io.plano.http.HeaderAdmission;
import io.plano.http.HeaderLimits;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.http.RequestTarget;
import io.plano.proxy.answer.Refusals;
import io.plano.route.Router;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import io.plano.snapshot.Source;
import java.util.List;

/** Step 2: what can be refused from the head of a request alone. */
final class Admission {
    /** Stands in where no configuration has loaded; every request is refused. */
    static final GatewaySnapshot NOTHING =
            new GatewaySnapshot(Source.labelled(""), List.of(Listener.DEFAULT), List.of(), Limits.DEFAULT);

    private final String pseudonym;

    Admission(String pseudonym) {
        this.pseudonym = pseudonym;
    }

    /**
     * @param openCount the number of open exchanges, this one included
     * @throws GatewayException where the request goes no further
     */
    void admit(Exchange exchange, int openCount) {
        RequestTarget target = exchange.target();
        if (exchange.snapshot == NOTHING) {
            throw GatewayException.of(
                    FailureKind.NOT_READY, "The gateway has no valid configuration yet; /readyz says more.");
        }
        Limits limits = exchange.snapshot.limits();
        if (openCount > limits.maxConcurrentExchanges()) {
            throw GatewayException.of(
                    FailureKind.OVERLOADED, "The gateway is at its limit of concurrent requests; try again.");
        }
        if (!exchange.holding().isAdmitted()) {
            throw Refusals.outOfMemory();
        }
        RequestHead head = exchange.head();
        refuseMethod(head.method());
        target.refuseQueryKey();
        HeaderAdmission.check(
                head.headers(), new HeaderLimits(limits.maxHeaderCount(), limits.maxHeaderBytes()), pseudonym);
        refuseOwnSecrets(exchange);
        refuseUpgrade(exchange);
    }

    /**
     * A client has no business with a key of ours (R45): passed on, it would show the key of one provider to another, and
     * somebody who holds it should learn that it is out.
     */
    private static void refuseOwnSecrets(Exchange exchange) {
        SecretSet own = exchange.snapshot.secrets().all();
        if (own.isEmpty()) {
            return;
        }
        if (exchange.client.credentials().anyMatch(own::isPresentedBy)) {
            throw ownSecret();
        }
        Headers headers = exchange.head().headers();
        for (int i = 0; i < headers.size(); i++) {
            if (own.isIn(headers.value(i))) {
                throw ownSecret();
            }
        }
        exchange.target().forEachValue(value -> {
            if (own.isIn(value)) {
                throw ownSecret();
            }
        });
    }

    private static GatewayException ownSecret() {
        return GatewayException.coded(
                FailureKind.FORBIDDEN,
                "gateway_key",
                "This key belongs to the gateway, which uses it by itself: send a key of your own, or none.");
    }

    /**
     * Asked before a body is read, which nobody needs if whoever could serve the request wants a credential that is not
     * there.
     *
     * @throws GatewayException {@link FailureKind#UNAUTHENTICATED}
     */
    static void refuseWithoutCredential(Exchange exchange) {
        if (Router.hasOnlyUnwanted(
                exchange.snapshot,
                exchange.surface,
                exchange.dialect,
                provider -> !CredentialResolver.isMissing(
                        provider.credentials(), exchange.client.credentials(), exchange.dialect.slotOrder()))) {
            throw CredentialResolver.missing(exchange.dialect.slotOrder());
        }
    }

    private static void refuseMethod(String method) {
        if (method.equals("TRACE") || method.equals("CONNECT")) {
            throw GatewayException.of(FailureKind.METHOD_NOT_ALLOWED, "The method " + method + " is not allowed here.");
        }
    }

    /**
     * Codex asks for a WebSocket first and goes on with POST after this; {@code h2c} is simply not taken up. Without the
     * connection option the field is not for us, and ignored (RFC 9110 §7.8).
     */
    private static void refuseUpgrade(Exchange exchange) {
        if (!ConnectionOptions.names(exchange.head().headers(), "upgrade")) {
            return;
        }
        for (String protocol : exchange.head().headers().all("Upgrade")) {
            if (protocol.strip().equalsIgnoreCase("websocket")) {
                throw GatewayException.coded(
                        FailureKind.UPGRADE_REQUIRED,
                        "websocket_unsupported",
                        "WebSocket is not served here; send the request with POST.");
            }
        }
    }
}
