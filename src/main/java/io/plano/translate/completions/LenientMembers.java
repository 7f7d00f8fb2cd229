package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.Json;
import org.jspecify.annotations.Nullable;

/** Reads members that servers and clients write in ways of their own. Stateless. */
final class LenientMembers {
    private LenientMembers() {}

    /**
     * Reasoning that is shown: {@code reasoning_content} (DeepSeek, vLLM, Z.ai, xAI), {@code reasoning} (OpenRouter, Groq,
     * Ollama), or the texts in {@code reasoning_details} (OpenRouter), which repeat it.
     */
    static String shown(JsonNode said) {
        for (String member : new String[] {"reasoning_content", "reasoning"}) {
            JsonNode text = said.path(member);
            if (text.isTextual() && !text.textValue().isEmpty()) {
                return text.textValue();
            }
        }
        StringBuilder details = new StringBuilder();
        for (JsonNode detail : said.path("reasoning_details")) {
            for (String member : new String[] {"text", "summary"}) {
                JsonNode text = detail.path(member);
                details.append(text.isTextual() ? text.textValue() : "");
            }
        }
        return details.toString();
    }

    /** Arguments are JSON in a string; some servers and clients forget the string. */
    static String arguments(@Nullable JsonNode arguments) {
        if (arguments == null || arguments.isNull()) {
            return "";
        }
        return arguments.isTextual() ? arguments.textValue() : Json.compact(arguments);
    }
}
