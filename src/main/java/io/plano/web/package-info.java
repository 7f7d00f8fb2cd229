/**
 * The edge: servlet, filter, composition root and health. Read {@link io.plano.web.ProxyServlet} first.
 */
@NullMarked
package io.plano.web;

import org.jspecify.annotations.NullMarked;
