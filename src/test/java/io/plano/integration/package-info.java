/**
 * The gateway from socket to socket: a raw client, the real web application in a real container, a raw upstream. Every
 * test runs in each container. Read {@link io.plano.integration.Stage} first.
 */
@NullMarked
package io.plano.integration;

import org.jspecify.annotations.NullMarked;
