package io.plano.proxy;

import io.plano.provider.WireFormat;
import java.util.Set;

/**
 * What a provider must not get of a conversation that goes out as it came.
 *
 * @param format of the conversation
 * @param refused members that its vendor refuses
 */
record Unwanted(WireFormat format, Set<String> refused) {}
