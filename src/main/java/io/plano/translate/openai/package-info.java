/**
 * What Chat Completions and Responses have in common: errors, strict schemas, and what the gateway itself says to clients of
 * OpenAI's API.
 */
@NullMarked
package io.plano.translate.openai;

import org.jspecify.annotations.NullMarked;
