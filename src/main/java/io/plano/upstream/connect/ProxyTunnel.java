package io.plano.upstream.connect;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.EgressProxy;
import io.plano.provider.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an egress proxy is asked before it passes bytes on, and what it says (RFC 9110 §9.3.6): the bytes alone, for one
 * connection, on its reactor thread.
 *
 * <p>Not the HTTP engine: after the answer the connection speaks another protocol, and the engine would have read, and
 * kept, whatever came with it.
 */
final class ProxyTunnel {
    private static final int MAX_HEAD = 16 << 10;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: [^\\r\\n]*)?");

    private final ByteBuffer request;
    private final StringBuilder head = new StringBuilder();

    ProxyTunnel(Endpoint target, EgressProxy proxy) {
        String name = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
        String authority = name + ":" + target.port();
        String authorization = proxy.authorization();
        String text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
        this.request = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What is still to be written. */
    ByteBuffer request() {
        return request;
    }

    /**
     * Takes what the proxy sent.
     *
     * @return whether the tunnel is open
     * @throws GatewayException where the proxy refuses, or speaks no HTTP
     */
    boolean answered(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            head.append((char) (bytes.get() & 0xff));
            if (head.length() > MAX_HEAD) {
                throw failure(null);
            }
            if (isHeadComplete() && accepts()) {
                // The provider does not speak before the client does, so these can only be the proxy's own.
                if (bytes.hasRemaining()) {
                    throw failure(null);
                }
                return true;
            }
        }
        return false;
    }

    private boolean isHeadComplete() {
        int length = head.length();
        return length >= 4 && head.charAt(length - 1) == '\n' && head.indexOf("\r\n\r\n", length - 4) >= 0;
    }

    /** False for an interim answer, which another follows. */
    private boolean accepts() {
        Matcher statusLine = STATUS_LINE.matcher(head.substring(0, head.indexOf("\r\n")));
        if (!statusLine.matches()) {
            throw failure(null);
        }
        String status = statusLine.group(1);
        if (status.charAt(0) != '1' && status.charAt(0) != '2') {
            throw failure(status);
        }
        head.setLength(0);
        return status.charAt(0) == '2';
    }

    /** @param status what the proxy answered; null for nothing that is HTTP */
    static GatewayException failure(@Nullable String status) {
        return GatewayException.of(
                FailureKind.EGRESS_REFUSED,
                status == null
                        ? "The egress proxy did not open a connection to the model provider."
                        : "The egress proxy refused to connect to the model provider (it answered " + status + ").");
    }
}
