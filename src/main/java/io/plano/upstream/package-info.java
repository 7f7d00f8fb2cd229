/**
 * The only owner of connections to providers. Layer 7; the only package besides {@code bridge} that knows HttpClient.
 * Read {@link io.plano.upstream.UpstreamClient} first; what is HTTP/2's own is in {@code http2}.
 */
@NullMarked
package io.plano.upstream;

import org.jspecify.annotations.NullMarked;
