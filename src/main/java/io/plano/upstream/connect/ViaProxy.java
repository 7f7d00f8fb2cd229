package io.plano.upstream.connect;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.EgressProxy;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An http request by way of an egress proxy: the request in absolute-form (RFC 9112 §3.2.2) with the proxy's own
 * credential, and an eye on the answers that can only be the proxy's, 407 (RFC 9110 §15.5.8) and 511 (RFC 6585 §6). On
 * the reactor thread of the connection.
 *
 * <p>Whether another refusal is the proxy's or the provider's cannot be told, so it goes to the client as it is.
 * <ul>
 *   <li>502, 503 and 504 are what a provider sends that is overloaded, with a Retry-After that clients need.
 *   <li>{@code Via} stands in what a proxy forwards (RFC 9110 §7.6.3), but common proxies can be told to leave it out,
 *       and write it into error pages of their own.
 *   <li>{@code Proxy-Status} with an error (RFC 9209 §2) says that an intermediary made the answer. Its last member is
 *       the one next to us, if that one writes the field at all; if not, it is one on the provider's side.
 * </ul>
 * To take a provider's answer for the proxy's would hide it from the client. The other mistake shows the client the
 * proxy's own page with the proxy's own status, which is what it would see without this gateway.
 */
public final class ViaProxy implements UpstreamListener {
    private static final Set<Integer> FROM_PROXIES_ALONE = Set.of(407, 511);

    private final UpstreamListener listener;
    private @Nullable UpstreamCall call;
    private boolean refused;

    public ViaProxy(UpstreamListener listener) {
        this.listener = listener;
    }

    /** Whether a request is sent to an egress proxy, rather than through it. */
    public static boolean isNeededFor(UpstreamRequest request) {
        return request.transport().proxy() != null && !request.endpoint().isSecure();
    }

    /** The request as the proxy expects it. */
    public static UpstreamRequest absolute(UpstreamRequest request) {
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

    /** What is to be ended when the proxy refuses. Called before the attempt begins. */
    public void watch(UpstreamCall attempt) {
        call = attempt;
    }

    @Override
    public void headGrew(int bytes) {
        listener.headGrew(bytes);
    }

    @Override
    public void head(int status, Headers headers, Content content) {
        if (!FROM_PROXIES_ALONE.contains(status)) {
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
    public void windowSpent(Window window) throws IOException {
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
