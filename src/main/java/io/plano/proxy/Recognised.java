package io.plano.proxy;

import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.http.RequestTarget;
import io.plano.provider.ApiDialect;
import io.plano.provider.Surface;
import org.jspecify.annotations.Nullable;

/**
 * What a request line says, and in whose dialect all of its answers are: even the refusal of a line that is malformed.
 *
 * @param target null if it is malformed
 * @param malformed why; null if it is not
 */
record Recognised(
        Surface surface,
        ApiDialect dialect,
        @Nullable RequestTarget target,
        @Nullable GatewayException malformed) {

    static Recognised of(RequestHead head) {
        try {
            RequestTarget target = RequestTarget.parse(head.path(), head.query());
            String suffix = target.suffix();
            Surface surface = suffix == null ? Surface.UNKNOWN : Surface.of(head.method(), suffix);
            return new Recognised(surface, surface.dialect(head.headers()), target, null);
        } catch (GatewayException malformed) {
            return new Recognised(Surface.UNKNOWN, Surface.dialect(head.path(), head.headers()), null, malformed);
        }
    }
}
