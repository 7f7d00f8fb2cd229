/** Attacks, one class for each kind: what a hostile client, upstream or machine does must not touch anybody else. */
@NullMarked
package io.plano.hostile;

import org.jspecify.annotations.NullMarked;
