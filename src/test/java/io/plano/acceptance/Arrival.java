package io.plano.acceptance;

import io.plano.testing.FakeUpstream;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The request that one check waits for. What an earlier check left unplayed or untaken, because it failed, is gone. */
final class Arrival {
    private static final long PATIENCE_SECONDS = 10;

    private Arrival() {}

    /** From now on every request gets this reply; the first one that does is the arrival. */
    static Future<UpstreamRequest> answering(FakeUpstream upstream, Reply reply) {
        CompletableFuture<UpstreamRequest> arrived = new CompletableFuture<>();
        upstream.onRequest(request -> {
            arrived.complete(request);
            return reply;
        });
        return arrived;
    }

    static UpstreamRequest of(Future<UpstreamRequest> arrived) throws InterruptedException, ExecutionException {
        try {
            return arrived.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("no request reached the upstream within " + PATIENCE_SECONDS + " s", late);
        }
    }
}
