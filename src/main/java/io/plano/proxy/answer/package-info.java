/**
 * What becomes of answers on their way to the client: those of providers, as they are or translated, and the gateway's own.
 * It knows nothing of attempts and of what leads to them. Read {@link io.plano.proxy.answer.AnswerBody} first.
 */
@NullMarked
package io.plano.proxy.answer;

import org.jspecify.annotations.NullMarked;
