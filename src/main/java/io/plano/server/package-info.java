/**
 * The embedded Jetty around the same web application that containers run. The only package besides {@code demo} that knows
 * Jetty. Read {@link io.plano.server.GatewayServer} first.
 */
@NullMarked
package io.plano.server;

import org.jspecify.annotations.NullMarked;
