/**
 * OpenAI's Responses. Read {@link io.plano.translate.responses.ResponsesCodec} first.
 */
@NullMarked
package io.plano.translate.responses;

import org.jspecify.annotations.NullMarked;
