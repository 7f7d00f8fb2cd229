/**
 * From {@code plano.yaml} to an immutable {@link io.plano.snapshot.GatewaySnapshot}, or to a list of problems with line and
 * column; and the watcher that does it again when the file changes. The YAML itself is read in {@code config.yaml}, keys and
 * certificates in {@code config.tls}. Read {@link io.plano.config.ConfigLoader} first.
 */
@NullMarked
package io.plano.config;

import org.jspecify.annotations.NullMarked;
