package io.plano.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.provider.Surface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What answers cost, read the plain way: whole, into a tree, with every rule spelled out a second time. */
final class JacksonUsage {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final BigDecimal MOST = new BigDecimal("1000000000000");
    private static final List<String> COUNTS = List.of(
            "prompt_tokens",
            "input_tokens",
            "completion_tokens",
            "output_tokens",
            "total_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "prompt_cache_hit_tokens",
            "cached_tokens",
            "prompt_tokens_details.cached_tokens",
            "prompt_tokens_details.cache_write_tokens",
            "prompt_tokens_details.cache_creation_tokens",
            "input_tokens_details.cached_tokens",
            "input_tokens_details.cache_write_tokens",
            "input_tokens_details.cache_creation_tokens",
            "completion_tokens_details.reasoning_tokens",
            "completion_tokens_details.thinking_tokens",
            "output_tokens_details.reasoning_tokens",
            "output_tokens_details.thinking_tokens");

    private JacksonUsage() {}

    static TokenUsage ofDocument(Surface surface, byte[] document) {
        return read(surface, List.of(tree(document)), "");
    }

    static TokenUsage ofEvents(Surface surface, List<byte[]> data) {
        String wrapper = switch (surface) {
            case RESPONSES -> "response";
            case MESSAGES -> "message";
            case CHAT_COMPLETIONS, COMPLETIONS -> "x_groq";
            default -> "";
        };
        return read(surface, data.stream().map(JacksonUsage::tree).toList(), wrapper);
    }

    private static JsonNode tree(byte[] document) {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TokenUsage read(Surface surface, List<JsonNode> documents, String wrapper) {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode document : documents) {
            Map<String, Long> told = counts(document.path("usage"));
            if (told.isEmpty()) {
                told = counts(document.path(wrapper).path("usage"));
            }
            if (!told.isEmpty() && surface != Surface.MESSAGES) {
                counts.clear();
            }
            counts.putAll(told);
        }
        return usage(surface, counts);
    }

    private static Map<String, Long> counts(JsonNode usage) {
        Map<String, Long> counts = new TreeMap<>();
        for (String name : COUNTS) {
            JsonNode node = usage.at("/" + name.replace('.', '/'));
            if (node.isNumber() && isCount(node.decimalValue())) {
                counts.put(name, node.longValue());
            }
        }
        return counts;
    }

    private static boolean isCount(BigDecimal number) {
        return number.signum() >= 0
                && number.compareTo(MOST) <= 0
                && number.stripTrailingZeros().scale() <= 0;
    }

    private static TokenUsage usage(Surface surface, Map<String, Long> told) {
        return switch (surface) {
            case MESSAGES -> {
                long input = told.getOrDefault("input_tokens", -1L);
                long read = told.getOrDefault("cache_read_input_tokens", -1L);
                long written = told.getOrDefault("cache_creation_input_tokens", -1L);
                long all = input < 0 ? -1 : input + Math.max(read, 0) + Math.max(written, 0);
                yield new TokenUsage(
                        all,
                        told.getOrDefault("output_tokens", -1L),
                        read,
                        written,
                        first(
                                told,
                                "output_tokens_details.thinking_tokens",
                                "completion_tokens_details.thinking_tokens"));
            }
            case CHAT_COMPLETIONS, COMPLETIONS -> completions(told);
            default ->
                new TokenUsage(
                        told.getOrDefault("input_tokens", -1L),
                        told.getOrDefault("output_tokens", -1L),
                        first(told, "input_tokens_details.cached_tokens"),
                        first(told, "input_tokens_details.cache_write_tokens"),
                        first(told, "output_tokens_details.reasoning_tokens"));
        };
    }

    private static TokenUsage completions(Map<String, Long> told) {
        long input = told.getOrDefault("prompt_tokens", -1L);
        long output = told.getOrDefault("completion_tokens", -1L);
        long reasoning = first(told, "completion_tokens_details.reasoning_tokens");
        if (input >= 0
                && output >= 0
                && reasoning > 0
                && told.getOrDefault("total_tokens", -1L) == input + output + reasoning) {
            output += reasoning;
        }
        return new TokenUsage(
                input,
                output,
                first(
                        told,
                        "prompt_tokens_details.cached_tokens",
                        "prompt_cache_hit_tokens",
                        "cached_tokens",
                        "cache_read_input_tokens"),
                first(
                        told,
                        "prompt_tokens_details.cache_write_tokens",
                        "prompt_tokens_details.cache_creation_tokens",
                        "cache_creation_input_tokens"),
                reasoning);
    }

    private static long first(Map<String, Long> told, String... names) {
        for (String name : names) {
            if (told.containsKey(name)) {
                return told.get(name);
            }
        }
        return -1;
    }
}
