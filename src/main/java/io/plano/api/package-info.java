/**
 * What an application sees of the gateway that embeds it: build one, ask whether it is ready, close it. Read {@link
 * io.plano.api.PlanoGateway} first. Nothing else of the library is meant for others.
 */
@NullMarked
package io.plano.api;

import org.jspecify.annotations.NullMarked;
