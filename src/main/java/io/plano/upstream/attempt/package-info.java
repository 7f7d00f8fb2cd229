/**
 * The state of one attempt, whatever carries it: where it stands, how long it may take, what its failures are called, and
 * who tells its listener of the end. Uses {@code upstream}'s own interfaces, and no sub-package. Read {@link
 * io.plano.upstream.attempt.UpstreamAttempt} first.
 */
@NullMarked
package io.plano.upstream.attempt;

import org.jspecify.annotations.NullMarked;
