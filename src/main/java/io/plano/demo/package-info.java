/**
 * The stand-in for a provider that the demo talks to: it answers in every dialect and says which key it was paid with. Read
 * {@link io.plano.demo.StandInHandler} first.
 */
@NullMarked
package io.plano.demo;

import org.jspecify.annotations.NullMarked;
