/**
 * One configuration as the rest of the house reads it: immutable, without sockets and counters. Uses {@code provider} and
 * what is below it. Read {@link io.plano.snapshot.GatewaySnapshot} first.
 */
@NullMarked
package io.plano.snapshot;

import org.jspecify.annotations.NullMarked;
