/** OpenAI's API and all that follow its conventions. */
@NullMarked
package io.plano.translate.openai;

import org.jspecify.annotations.NullMarked;
