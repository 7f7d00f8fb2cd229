package io.plano.upstream.http1;

import io.plano.upstream.UpstreamRequest;
import org.apache.hc.core5.reactor.IOSession;

/** Where a connection goes when its attempt is complete. */
public interface Http1Pool {
    /**
     * The connection may serve another attempt. On its reactor thread, or on that of the request's start.
     *
     * @param served what it was used for, which says for whom else it is
     */
    void release(UpstreamRequest served, IOSession connection);
}
