/**
 * What can go wrong, as data: one enum row per kind of failure. Layer 0; uses the JDK only. Read {@link
 * io.plano.failure.FailureKind} first.
 */
@NullMarked
package io.plano.failure;

import org.jspecify.annotations.NullMarked;
