package io.plano.route;

import io.plano.snapshot.GatewaySnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides where a request may go; perhaps later, if somebody has to be asked for that. Safe for every thread. */
public interface Routing {
    /** By what the request names, at once: {@link Router}. */
    Routing BY_NAME = (snapshot, asked) -> CompletableFuture.completedFuture(Router.route(snapshot, asked));

    /**
     * @return completed on any thread
     * @throws io.plano.failure.GatewayException as {@link Router#route}
     */
    CompletionStage<Route> route(GatewaySnapshot snapshot, Asked asked);
}
