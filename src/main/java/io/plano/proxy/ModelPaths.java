package io.plano.proxy;

import io.plano.http.WholeAnswer;
import io.plano.models.ModelCatalog;
import io.plano.models.ModelDiscovery;
import io.plano.provider.Provider;
import io.plano.provider.Surface;
import io.plano.proxy.answer.LocalAnswers;
import io.plano.translate.ApiAnswers;
import io.plano.translate.ModelEntry;
import io.plano.upstream.ProviderCalls;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /v1/models} and {@code GET /v1/models/{id}}: at once where the file says it all, otherwise when the
 * upstreams of its wildcards have answered. Safe for every thread.
 */
final class ModelPaths implements AutoCloseable {
    private static final String ONE = "models/";

    private final ModelDiscovery discovery;

    ModelPaths(ProviderCalls calls) {
        this.discovery = new ModelDiscovery(calls);
    }

    /** Whether the request is one of these; its answer may come later, on another thread. */
    boolean answer(Exchange exchange) {
        if (exchange.surface != Surface.MODEL_LIST) {
            return false;
        }
        if (!exchange.head().hasBody()) {
            exchange.body.none();
        }
        String id = id(exchange);
        List<Provider> wildcards = wildcards(exchange, id);
        if (wildcards.isEmpty()) {
            send(exchange, id, List.of());
        } else {
            discover(exchange, id, wildcards);
        }
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its failure is handled, and nobody waits for it
    private void discover(Exchange exchange, @Nullable String id, List<Provider> wildcards) {
        ModelDiscovery.Enquiry enquiry = new ModelDiscovery.Enquiry(
                exchange.snapshot, exchange.dialect, exchange.head().headers(), exchange.client.credentials());
        // A bare name that several serve does not say whose the client's key is.
        boolean isMeant = id != null
                && (wildcards.size() == 1
                        || wildcards.stream().allMatch(wildcard -> wildcard.wildcardModel(id) != null));
        discovery
                .discover(enquiry, wildcards, isMeant ? id : null)
                .thenAccept(found -> send(exchange, id, found))
                .exceptionally(failure -> {
                    Throwable cause = failure.getCause();
                    exchange.endWith(cause != null ? cause : failure);
                    return null;
                });
    }

    /** The client's, decoded; null for the list of all. */
    private static @Nullable String id(Exchange exchange) {
        String suffix = exchange.suffix();
        return suffix.startsWith(ONE)
                ? URLDecoder.decode(suffix.substring(ONE.length()).replace("+", "%2B"), StandardCharsets.UTF_8)
                : null;
    }

    /** Whose upstreams know more than the file. */
    private static List<Provider> wildcards(Exchange exchange, @Nullable String id) {
        return id != null
                ? ModelCatalog.wildcards(exchange.snapshot, id)
                : exchange.snapshot.providers().stream()
                        .filter(Provider::isWildcard)
                        .toList();
    }

    private static void send(Exchange exchange, @Nullable String id, List<ModelEntry> discovered) {
        ApiAnswers answers = LocalAnswers.in(exchange.dialect);
        byte[] body = id == null
                ? answers.models(ModelCatalog.of(exchange.snapshot, discovered))
                : answers.model(ModelCatalog.find(exchange.snapshot, id, discovered));
        WholeAnswer answer = LocalAnswers.json(body, exchange.id);
        LocalPaths.send(exchange, answer);
    }

    @Override
    public void close() {
        discovery.close();
    }
}
