package io.plano.upstream.connect;

import io.plano.failure.GatewayException;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.attempt.UpstreamAttempt;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;

/** A connection in the making for one attempt, whose abort ends it. */
final class SingleDial implements DialOwner {
    private final UpstreamAttempt attempt;
    private final IdleConnections pool;

    SingleDial(UpstreamAttempt attempt, IdleConnections pool) {
        this.attempt = attempt;
        this.pool = pool;
    }

    @Override
    public UpstreamRequest request() {
        return attempt.request();
    }

    @Override
    public void opening(IOSession connection) {
        attempt.opening(() -> connection.close(CloseMode.IMMEDIATE));
    }

    @Override
    public void startOnNew(IOSession connection) {
        pool.beginOnNew(attempt, connection);
    }

    @Override
    public void fail(GatewayException failure) {
        attempt.fail(failure);
    }

    @Override
    public void cancel() {
        attempt.cancel();
    }
}
