/**
 * From {@code plano.yaml} to an immutable {@link io.plano.config.GatewaySnapshot}, or to a list of problems with line
 * and column. Layer 4; the only package that knows SnakeYAML and the environment. Read {@link
 * io.plano.config.ConfigLoader} first.
 */
@NullMarked
package io.plano.config;

import org.jspecify.annotations.NullMarked;
