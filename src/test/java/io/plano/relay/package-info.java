/**
 * Bytes between a client and an upstream, through the real web application in real containers: streams, broken
 * connections, cancellation, backpressure, framing. Read {@link io.plano.relay.Relay} first.
 */
@NullMarked
package io.plano.relay;

import org.jspecify.annotations.NullMarked;
