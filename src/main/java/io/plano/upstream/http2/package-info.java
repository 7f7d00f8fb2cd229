/**
 * HTTP/2 for one connection, from bytes to streams (RFC 9113), on HttpCore's reactor and its header compression. It carries
 * attempts and knows no pool; {@code connect} does. Read {@link io.plano.upstream.http2.Http2Connection} first, then {@link
 * io.plano.upstream.http2.Http2Attempt}, who alone knows attempts.
 *
 * <p>HttpCore's own multiplexer is not used: an abort reaches the server only with the server's next frame, requests
 * behind a GOAWAY are left hanging, frames that arrive a second after a reset end the connection for all, and padding is
 * never credited (5.4.4).
 */
@NullMarked
package io.plano.upstream.http2;

import org.jspecify.annotations.NullMarked;
