/**
 * What the gateway says in the words of each API: errors, model lists. Layer 6; one sub-package per API, none of which
 * sees another. Read {@link io.plano.translate.ApiAnswers} first.
 */
@NullMarked
package io.plano.translate;

import org.jspecify.annotations.NullMarked;
