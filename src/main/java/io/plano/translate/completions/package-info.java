/**
 * OpenAI's Chat Completions, and all that follow its conventions. Read {@link
 * io.plano.translate.completions.CompletionsCodec} first.
 */
@NullMarked
package io.plano.translate.completions;

import org.jspecify.annotations.NullMarked;
