package io.plano.provider;

import org.jspecify.annotations.Nullable;

/**
 * How a provider's endpoint is reached. A connection made under one transport never serves another, so that a change of
 * the configuration holds from the next exchange on.
 *
 * @param tls counts for https endpoints alone
 * @param proxy what stands between, or null for a direct connection
 */
public record Transport(TlsSettings tls, @Nullable EgressProxy proxy) {
    /** No proxy, and the JDK's own trust. */
    public static final Transport DIRECT = new Transport(TlsSettings.DEFAULT, null);
}
