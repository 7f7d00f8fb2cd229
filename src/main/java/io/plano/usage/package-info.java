/**
 * What answers say that they cost, in tokens, read from their bytes as they pass. Uses {@code body} and {@code provider}; has no
 * library. Read {@link io.plano.usage.UsageTap} first.
 */
@NullMarked
package io.plano.usage;

import org.jspecify.annotations.NullMarked;
