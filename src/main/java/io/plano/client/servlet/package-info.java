/**
 * The client's side in servlet containers: the only room with servlet streams, and with what each container wants beyond
 * the Servlet API. Requests and responses are known to {@code web} and {@code server} as well, but nobody else reads or
 * writes a body here without blocking. Uses {@link io.plano.client} and the pure values it is made of. Read {@link
 * io.plano.client.servlet.ServletClient} first, then {@link io.plano.client.servlet.ClientAbort}.
 */
@NullMarked
package io.plano.client.servlet;

import org.jspecify.annotations.NullMarked;
