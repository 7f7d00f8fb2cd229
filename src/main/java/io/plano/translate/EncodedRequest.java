package io.plano.translate;

import java.util.Map;
import java.util.Set;

/**
 * A request in a provider's format.
 *
 * @param body the JSON document
 * @param dropped what was left out, by the names of the client's format
 * @param renamedTools the names of tools as the provider knows them, where they differ, and as the client does
 */
public record EncodedRequest(byte[] body, Set<String> dropped, Map<String, String> renamedTools) {}
