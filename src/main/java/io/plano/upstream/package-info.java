/**
 * The only owner of connections to providers. Read {@link io.plano.upstream.UpstreamClient} first; what is HTTP/2's own is in
 * {@code http2}.
 */
@NullMarked
package io.plano.upstream;

import org.jspecify.annotations.NullMarked;
