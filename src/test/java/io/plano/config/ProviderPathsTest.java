package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Provider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The upstream path of every provider, with and without a path in {@code base_url}. Where Plano's own vectors send a
 * doubled {@code /v1} (Groq) or a vendor's native root (Gemini), the right path stands here.
 */
class ProviderPathsTest {
    @ParameterizedTest
    @CsvSource({
        "openai/m, , chat/completions, /v1/chat/completions",
        "openai/m, /, chat/completions, /v1/chat/completions",
        "openai/m, /custom/api/v2, chat/completions, /custom/api/v2/chat/completions",
        "openai/m, , responses, /v1/responses",
        "xai/m, , responses, /v1/responses",
        "vercel/m, https://h, responses, /v1/responses",
        "vercel/m, https://h, messages, /v1/messages",
        "chatgpt/m, , responses, /backend-api/codex/responses",
        "anthropic/m, , messages, /v1/messages",
        "anthropic/m, /api/v2, messages, /api/v2/messages",
        "anthropic/m, , chat/completions, /v1/chat/completions",
        "zhipu/m, , chat/completions, /api/paas/v4/chat/completions",
        "zhipu/m, /api/coding/paas/v4, chat/completions, /api/coding/paas/v4/chat/completions",
        "zhipu/m, /api/coding/paas/v4/, chat/completions, /api/coding/paas/v4/chat/completions",
        "qwen/m, https://h, chat/completions, /compatible-mode/v1/chat/completions",
        "moonshotai/m, /coding/v1, chat/completions, /coding/v1/chat/completions",
        "groq/m, , chat/completions, /openai/v1/chat/completions",
        "groq/m, /openai/v1, chat/completions, /openai/v1/chat/completions",
        "groq/m, /api/v2, chat/completions, /api/v2/chat/completions",
        "gemini/m, , chat/completions, /v1beta/openai/chat/completions",
        "gemini/m, https://generativelanguage.googleapis.com/v1beta, embeddings, /v1beta/openai/embeddings",
        "perplexity/m, , chat/completions, /chat/completions",
        "azure_openai/dep, https://h, chat/completions,"
                + " /openai/deployments/dep/chat/completions?api-version=2025-01-01-preview",
        "azure_openai/dep, https://h/custom/azure/path, chat/completions,"
                + " /custom/azure/path/dep/chat/completions?api-version=2025-01-01-preview",
        "azure_openai/dep, https://h/openai/v1, chat/completions, /openai/v1/chat/completions",
        "azure_openai/a b/{path}?, https://h, embeddings,"
                + " /openai/deployments/a%20b%2F%7Bpath%7D%3F/embeddings?api-version=2025-01-01-preview",
        "ollama/llama3.2:1b, http://h:11434, chat/completions, /v1/chat/completions",
    })
    void isWhatTheVendorDocuments(String model, @Nullable String baseUrl, String suffix, String path) {
        String url = baseUrl == null ? "" : baseUrl.startsWith("/") ? "https://h" + baseUrl : baseUrl;
        String row = url.isEmpty() ? "" : ", base_url: '" + url + "'";

        Provider provider = Configs.provider("{model: '" + model + "', access_key: k" + row + "}");

        assertThat(provider.target(suffix, provider.model(), null)).isEqualTo(path);
    }

    @Test
    void keepsTheClientsQuery() {
        Provider openai = Configs.provider("{model: openai/m, access_key: k}");
        Provider azure = Configs.provider("{model: azure_openai/m, access_key: k, base_url: 'https://h'}");

        assertThat(openai.target("messages", "m", "beta=true")).isEqualTo("/v1/messages?beta=true");
        assertThat(azure.target("embeddings", "m", "a=b"))
                .isEqualTo("/openai/deployments/m/embeddings?api-version=2025-01-01-preview&a=b");
        assertThat(azure.target("files", null, null)).isEqualTo("/openai/deployments/files");
    }
}
