/**
 * The edge: servlet, filter, composition root and health. Layer 10; the only package besides {@code bridge} that knows
 * {@code jakarta.servlet}. Read {@link io.plano.web.ProxyServlet} first.
 */
@NullMarked
package io.plano.web;

import org.jspecify.annotations.NullMarked;
