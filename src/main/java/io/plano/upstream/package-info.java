/**
 * The only owner of connections to providers. Here is what the rest of the house sees; {@code attempt} holds the state of
 * one attempt, {@code http1} and {@code http2} carry it, {@code connect} makes connections and keeps them. Nobody outside
 * sees those, and of this package they use the interfaces and records alone. Read {@link io.plano.upstream.UpstreamClient}
 * first.
 */
@NullMarked
package io.plano.upstream;

import org.jspecify.annotations.NullMarked;
