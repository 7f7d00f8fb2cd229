/**
 * Where connections come from and where they wait: the reactor and its threads, names and addresses, TLS, tunnels of egress
 * proxies, limits and pools. Uses the carriers of {@code http1} and {@code http2}, which do not know it. Read {@link
 * io.plano.upstream.connect.Connections} first, then {@link io.plano.upstream.connect.Dialer}.
 */
@NullMarked
package io.plano.upstream.connect;

import org.jspecify.annotations.NullMarked;
