/**
 * Anthropic's Messages. Read {@link io.plano.translate.messages.MessagesCodec} first.
 */
@NullMarked
package io.plano.translate.messages;

import org.jspecify.annotations.NullMarked;
