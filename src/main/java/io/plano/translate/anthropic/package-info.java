/** Anthropic's API. */
@NullMarked
package io.plano.translate.anthropic;

import org.jspecify.annotations.NullMarked;
