package io.plano.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file that stands in for none. Addresses and paths are those of the provider table, which also has the right ones
 * where Plano's default file does not (Groq, Gemini).
 */
final class ZeroConfig {
    private static final Map<String, String> KEYS = new LinkedHashMap<>();

    static {
        KEYS.put("openai", "OPENAI_API_KEY");
        KEYS.put("anthropic", "ANTHROPIC_API_KEY");
        KEYS.put("gemini", "GEMINI_API_KEY");
        KEYS.put("groq", "GROQ_API_KEY");
        KEYS.put("deepseek", "DEEPSEEK_API_KEY");
        KEYS.put("mistral", "MISTRAL_API_KEY");
        KEYS.put("digitalocean", "DO_API_KEY");
        KEYS.put("vercel", "AI_GATEWAY_API_KEY");
        KEYS.put("openrouter", "OPENROUTER_API_KEY");
        KEYS.put("edenai", "EDENAI_API_KEY");
    }

    private ZeroConfig() {}

    /** The providers with a key first, as in Plano. */
    static String yaml(Map<String, String> environment, int port) {
        StringBuilder keyed = new StringBuilder();
        StringBuilder passing = new StringBuilder();
        KEYS.forEach((provider, variable) -> {
            String entry = "  - {model: " + provider + "/*, name: " + provider + ", ";
            if (environment.getOrDefault(variable, "").isBlank()) {
                passing.append(entry).append("passthrough_auth: true}\n");
            } else {
                keyed.append(entry).append("access_key: $").append(variable).append("}\n");
            }
        });
        return "version: v0.4.0\nlisteners: [{type: model, name: llm, port: " + port + "}]\nmodel_providers:\n" + keyed
                + passing;
    }
}
