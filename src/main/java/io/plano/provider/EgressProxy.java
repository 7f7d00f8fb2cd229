package io.plano.provider;

import io.plano.credential.Credential;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on the way to a provider: {@code CONNECT} for https, absolute-form for http (RFC 9110 §9.3.6, RFC 9112
 * §3.2.2).
 *
 * @param host a DNS name or IP address, IPv6 without brackets
 * @param port 1 to 65535
 * @param credential for the proxy alone, a whole {@code Basic …} value, or null
 */
public record EgressProxy(String host, int port, @Nullable Credential credential) {

    /** The proxy as something to connect to. */
    public Endpoint endpoint() {
        return new Endpoint("http", host, port, "");
    }

    /** The value of {@code Proxy-Authorization}, a secret, or null. It goes to the proxy and no further. */
    public @Nullable String authorization() {
        return credential == null ? null : credential.reveal();
    }
}
