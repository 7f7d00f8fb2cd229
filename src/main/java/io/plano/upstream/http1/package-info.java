/**
 * HTTP/1.1 for one connection (RFC 9112), on HttpCore's reactor and its engine, whose reader is replaced where two readers
 * could read one message in two ways. It carries attempts and knows no pool; {@code connect} does. Read {@link
 * io.plano.upstream.http1.Http1Attempt} first, then {@link io.plano.upstream.http1.Http1Connection}.
 */
@NullMarked
package io.plano.upstream.http1;

import org.jspecify.annotations.NullMarked;
