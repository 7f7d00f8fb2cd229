package io.plano.demo;

import java.util.List;
import java.util.stream.Collectors;

/** {@code GET /v1/models} of both services. The stand-in answers under any name; these are the demo's. */
final class StandInModels {
    private static final List<String> OPENAI = List.of("gpt-4o", "gpt-4o-mini", "text-embedding-3-small");
    private static final List<String> ANTHROPIC = List.of("claude-sonnet-4-5");

    private StandInModels() {}

    static String openAi() {
        String data = OPENAI.stream()
                .map("{\"id\":\"%s\",\"object\":\"model\",\"created\":1715367049,\"owned_by\":\"stand-in\"}"::formatted)
                .collect(Collectors.joining(","));
        return "{\"object\":\"list\",\"data\":[" + data + "]}";
    }

    static String anthropic() {
        String data = ANTHROPIC.stream().map(id -> """
                        {"type":"model","id":"%s","display_name":"%s","created_at":"2025-09-29T00:00:00Z"}""".formatted(id, id)).collect(Collectors.joining(","));
        return "{\"data\":[%s],\"has_more\":false,\"first_id\":\"%s\",\"last_id\":\"%s\"}"
                .formatted(data, ANTHROPIC.get(0), ANTHROPIC.get(ANTHROPIC.size() - 1));
    }
}
