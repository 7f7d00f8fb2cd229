package io.plano.http;

/**
 * How large the head of a request may be (R28).
 *
 * @param maxCount the number of fields
 * @param maxBytes all names and values together, in bytes
 */
public record HeaderLimits(int maxCount, int maxBytes) {}
