/**
 * A chat with a model in no particular wire format: the hub that every codec translates to and from. Requests are
 * immutable records; answers, whole or streamed, are pushed through {@link io.plano.translate.neutral.ChatStream}. What
 * only one format knows travels along as {@link io.plano.translate.neutral.Extras} or {@link
 * io.plano.translate.neutral.Part.Native}: written back if the format is the same, and accounted for if it is not.
 * Read {@link io.plano.translate.neutral.ChatRequest} first.
 */
@NullMarked
package io.plano.translate.neutral;

import org.jspecify.annotations.NullMarked;
