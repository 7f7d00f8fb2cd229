/** Attacks, one class for each kind: what a hostile client or upstream tries, and what must not come of it. */
@NullMarked
package io.plano.hostile;

import org.jspecify.annotations.NullMarked;
