package io.plano.upstream;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.EgressProxy;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * An http exchange by way of an egress proxy: the request in absolute-form (RFC 9112 §3.2.2) with the proxy's own
 * credential, and an eye on the one answer that can only be the proxy's, 407. Whether another refusal is the proxy's or
 * the provider's cannot be told, so it goes to the client as it is. On the reactor thread of the connection.
 */
final class ViaProxy implements UpstreamListener {
    private static final int AUTHENTICATION_REQUIRED = 407;

    private final UpstreamListener listener;
    private @Nullable UpstreamCall call;
    private boolean refused;

    ViaProxy(UpstreamListener listener) {
        this.listener = listener;
    }

    static boolean isNeededFor(UpstreamRequest request) {
        return request.transport().proxy() != null && !request.endpoint().isSecure();
    }

    /** The request as the proxy expects it. */
    static UpstreamRequest absolute(UpstreamRequest request) {
        EgressProxy proxy = request.transport().proxy();
        String authorization = proxy == null ? null : proxy.authorization();
        Headers headers = authorization == null
                ? request.headers()
                : request.headers().toBuilder()
                        .set("Proxy-Authorization", authorization)
                        .build();
        return new UpstreamRequest(
                request.method(),
                request.endpoint(),
                "http://" + request.endpoint().authority() + request.target(),
                headers,
                request.timeouts(),
                request.transport());
    }

    /** What is to be ended when the proxy refuses. Called before the exchange begins. */
    void watch(UpstreamCall exchange) {
        call = exchange;
    }

    @Override
    public void head(int status, Headers headers, Content content) {
        if (status != AUTHENTICATION_REQUIRED) {
            listener.head(status, headers, content);
            return;
        }
        refused = true;
        if (call != null) {
            call.abort();
        }
        listener.failed(ProxyTunnel.failure(Integer.toString(status)));
    }

    @Override
    public void data(ByteBuffer bytes) {
        if (refused) {
            bytes.position(bytes.limit());
        } else {
            listener.data(bytes);
        }
    }

    @Override
    public void paused() {
        if (!refused) {
            listener.paused();
        }
    }

    @Override
    public void windowSpent(CapacityChannel window) throws IOException {
        if (!refused) {
            listener.windowSpent(window);
        }
    }

    @Override
    public void end() {
        listener.end();
    }

    @Override
    public void failed(GatewayException failure) {
        listener.failed(failure);
    }
}
