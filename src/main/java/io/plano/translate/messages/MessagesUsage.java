package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.neutral.Usage;

/**
 * Adds up what an answer costs: every {@code usage} object replaces the counts that it gives and leaves the others. Unlike the
 * neutral form, {@code input_tokens} here counts neither what came from a cache nor what went into one. One per answer.
 */
final class MessagesUsage {
    private long input = Usage.UNKNOWN;
    private long cacheRead = Usage.UNKNOWN;
    private long cacheWrite = Usage.UNKNOWN;
    private long output = Usage.UNKNOWN;
    private long thinking = Usage.UNKNOWN;

    void merge(JsonNode usage) {
        input = count(usage.path("input_tokens"), input);
        cacheRead = count(usage.path("cache_read_input_tokens"), cacheRead);
        cacheWrite = count(usage.path("cache_creation_input_tokens"), cacheWrite);
        output = count(usage.path("output_tokens"), output);
        thinking = count(usage.path("output_tokens_details").path("thinking_tokens"), thinking);
    }

    private static long count(JsonNode number, long known) {
        return number.canConvertToLong() && number.longValue() >= 0 ? number.longValue() : known;
    }

    Usage usage() {
        long all = input == Usage.UNKNOWN ? Usage.UNKNOWN : input + Usage.orZero(cacheRead) + Usage.orZero(cacheWrite);
        return new Usage(all, cacheRead, cacheWrite, output, thinking);
    }

    /** The object for a client; what is not known counts as nothing. */
    static ObjectNode write(Usage usage) {
        long cached = Usage.orZero(usage.cacheRead()) + Usage.orZero(usage.cacheWrite());
        ObjectNode object = Json.nodes().objectNode();
        object.put("input_tokens", Math.max(Usage.orZero(usage.input()) - cached, 0));
        object.put("cache_creation_input_tokens", Usage.orZero(usage.cacheWrite()));
        object.put("cache_read_input_tokens", Usage.orZero(usage.cacheRead()));
        object.put("output_tokens", Usage.orZero(usage.output()));
        if (usage.reasoning() != Usage.UNKNOWN) {
            object.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        return object;
    }
}
