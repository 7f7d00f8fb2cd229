/**
 * The client's side of an exchange, joined to the upstream's without blocking: the body of the request comes in, the answer
 * goes out. No servlet types: containers are behind {@link io.plano.client.RequestInput}, {@link
 * io.plano.client.ResponseOutput} and {@link io.plano.client.ResponseEnding}; of {@code upstream} only the words for windows
 * and bodies are used. Read {@link io.plano.client.ClientSide} first, then {@link io.plano.client.SerialLoop} and {@link
 * io.plano.client.ResponseLoop}.
 */
@NullMarked
package io.plano.client;

import org.jspecify.annotations.NullMarked;
