/**
 * Between the wire formats, hub and spoke: each format has one {@link io.plano.translate.ApiCodec} in a sub-package of its
 * own, none of which sees another or asks for it, and all of which meet in {@code neutral}. {@code framing} is what lies
 * around the events of a stream, apart from what they say. Also what the gateway says itself in the words of each API:
 * errors, model lists ({@link io.plano.translate.ApiAnswers}). Read {@code ApiCodec} first.
 */
@NullMarked
package io.plano.translate;

import org.jspecify.annotations.NullMarked;
