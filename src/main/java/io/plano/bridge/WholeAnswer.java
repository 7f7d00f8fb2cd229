package io.plano.bridge;

/**
 * An answer that the gateway gives itself.
 *
 * @param head with the exact length
 * @param body never changed after it was handed over
 */
public record WholeAnswer(ResponseHead head, byte[] body) {}
