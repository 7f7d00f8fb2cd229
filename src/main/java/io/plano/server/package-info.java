/**
 * {@code java -jar plano.war}: the command line, the embedded Jetty around the same web application that containers run,
 * and the stand-in provider of the demo. Layer 11; the only package that knows Jetty. Read {@link io.plano.server.Main}
 * first, then {@link io.plano.server.GatewayServer}.
 */
@NullMarked
package io.plano.server;

import org.jspecify.annotations.NullMarked;
