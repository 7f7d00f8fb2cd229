package io.plano.proxy;

import io.plano.client.ResponseBridge;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.http.WholeAnswer;
import io.plano.proxy.answer.LocalAnswers;
import org.jspecify.annotations.Nullable;

/** What the gateway answers without asking a provider: probes of agents, {@code OPTIONS}. */
final class LocalPaths {
    private LocalPaths() {}

    /**
     * Answers where the answer is the gateway's own.
     *
     * @return whether it was
     * @throws GatewayException for paths that are nobody's
     */
    static boolean answer(Exchange exchange) {
        WholeAnswer answer = answerFor(exchange);
        if (answer == null) {
            return false;
        }
        send(exchange, answer);
        return true;
    }

    /** Ends the exchange with this answer. Any thread. */
    static void send(Exchange exchange, WholeAnswer answer) {
        ResponseBridge response = exchange.client.response();
        response.commit(answer.head());
        if (!exchange.head().method().equals("HEAD")) {
            response.data(answer.body());
        }
        response.end();
    }

    private static @Nullable WholeAnswer answerFor(Exchange exchange) {
        RequestHead head = exchange.head();
        if (head.method().equals("OPTIONS")) {
            // No CORS headers where none are configured: a browser's page has no business with a key (R54).
            return LocalAnswers.empty(204, Headers.of("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"))
                    .with(exchange.snapshot.cors().forPreflight(head.headers()));
        }
        if (exchange.target().suffix() != null && !exchange.suffix().isEmpty()) {
            return null;
        }
        boolean probe = head.path().equals("/") || head.path().equals("/api/hello");
        if (probe && isRead(head)) {
            return LocalAnswers.empty(200, Headers.of("x-request-id", exchange.id));
        }
        throw GatewayException.coded(
                FailureKind.NOT_FOUND, "not_found", "This path is not served here; the API is below /v1/.");
    }

    static boolean isRead(RequestHead head) {
        return head.method().equals("GET") || head.method().equals("HEAD");
    }
}
