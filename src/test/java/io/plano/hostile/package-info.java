/**
 * Attacks, one class for each kind: what a hostile client, upstream or machine does must not touch anybody else. Most go over
 * raw sockets and assert on the bytes that a client or a provider sees, at every {@link io.plano.hostile.Door} that applies.
 * Read {@link io.plano.hostile.Door} first.
 */
@NullMarked
package io.plano.hostile;

import org.jspecify.annotations.NullMarked;
