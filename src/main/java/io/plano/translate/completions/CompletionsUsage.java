package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.neutral.Usage;

/**
 * Reads and writes {@code usage}. The prompt includes what came from a cache, the completion what was thought; servers agree
 * on that, apart from xAI, which counts thoughts apart. Where the cached tokens stand, they do not: OpenAI and most have
 * them in {@code prompt_tokens_details}, DeepSeek, Moonshot and LiteLLM in members of their own.
 */
final class CompletionsUsage {
    private CompletionsUsage() {}

    static Usage read(JsonNode usage) {
        JsonNode prompt = usage.path("prompt_tokens_details");
        long input = count(usage, "prompt_tokens");
        long output = count(usage, "completion_tokens");
        long reasoning = count(usage.path("completion_tokens_details"), "reasoning_tokens");
        long total = count(usage, "total_tokens");
        if (reasoning > 0 && input >= 0 && output >= 0 && total == input + output + reasoning) {
            output += reasoning;
        }
        long read = first(
                count(prompt, "cached_tokens"),
                count(usage, "prompt_cache_hit_tokens"),
                count(usage, "cached_tokens"),
                count(usage, "cache_read_input_tokens"));
        long written = first(
                count(prompt, "cache_write_tokens"),
                count(prompt, "cache_creation_tokens"),
                count(usage, "cache_creation_input_tokens"));
        return new Usage(input, read, written, output, reasoning);
    }

    private static long first(long... counts) {
        for (long count : counts) {
            if (count != Usage.UNKNOWN) {
                return count;
            }
        }
        return Usage.UNKNOWN;
    }

    private static long count(JsonNode object, String member) {
        JsonNode count = object.path(member);
        return count.isNumber() && count.canConvertToLong() ? Math.max(count.asLong(), 0) : Usage.UNKNOWN;
    }

    static ObjectNode write(Usage usage) {
        long input = Usage.orZero(usage.input());
        long output = Usage.orZero(usage.output());
        ObjectNode node = Json.nodes().objectNode();
        node.put("prompt_tokens", input);
        node.put("completion_tokens", output);
        node.put("total_tokens", input + output);
        if (usage.cacheRead() != Usage.UNKNOWN || usage.cacheWrite() != Usage.UNKNOWN) {
            ObjectNode details = node.putObject("prompt_tokens_details");
            details.put("cached_tokens", Usage.orZero(usage.cacheRead()));
            if (usage.cacheWrite() != Usage.UNKNOWN) {
                details.put("cache_write_tokens", usage.cacheWrite());
            }
        }
        if (usage.reasoning() != Usage.UNKNOWN) {
            node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        }
        return node;
    }
}
