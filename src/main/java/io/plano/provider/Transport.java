package io.plano.provider;

import org.jspecify.annotations.Nullable;

/**
 * How a provider's endpoint is reached. A connection made under one transport never serves another, so that a change of
 * the configuration holds from the next exchange on.
 *
 * @param tls counts for https endpoints alone
 * @param proxy what stands between, or null for a direct connection
 * @param http2 {@link Http2#OFF} for http endpoints
 */
public record Transport(TlsSettings tls, @Nullable EgressProxy proxy, Http2 http2) {
    /** No proxy, the JDK's own trust, and HTTP/1.1. */
    public static final Transport DIRECT = new Transport(TlsSettings.DEFAULT, null, Http2.OFF);
}
