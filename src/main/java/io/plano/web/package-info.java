/**
 * The edge: servlet, filter and health, around an {@code api.PlanoGateway}. What becomes an exchange is written through
 * {@code client}; what is refused before, and health, is answered here, on the container's thread. Read {@link
 * io.plano.web.ProxyServlet} first.
 */
@NullMarked
package io.plano.web;

import org.jspecify.annotations.NullMarked;
