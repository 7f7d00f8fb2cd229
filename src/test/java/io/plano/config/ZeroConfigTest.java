package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Listener;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZeroConfigTest {
    private static GatewaySnapshot snapshot(Map<String, String> environment) {
        LoadResult result = ConfigLoader.zeroConfig(environment, 12345);
        assertThat(result.problems())
                .allMatch(problem -> problem.message().equals("anyone who reaches 0.0.0.0:12345 spends this key"));
        GatewaySnapshot snapshot = result.snapshot();
        assertThat(snapshot).isNotNull();
        return snapshot;
    }

    @Test
    void passesEveryKeyThroughWithoutVariables() {
        assertThat(snapshot(Map.of()).providers())
                .hasSize(10)
                .allMatch(Provider::isWildcard)
                .noneMatch(Provider::isDefault)
                .allMatch(provider -> provider.credentials().requiresClientCredential());
    }

    @Test
    void putsProvidersWithAKeyFirst() {
        GatewaySnapshot snapshot = snapshot(Map.of("DO_API_KEY", "k", "GROQ_API_KEY", "k", "OPENAI_API_KEY", ""));

        assertThat(snapshot.providers())
                .extracting(Provider::name)
                .startsWith("groq", "digitalocean", "openai", "anthropic");
        assertThat(snapshot.providers().get(0).credentials().passthrough()).isFalse();
    }

    @Test
    void knowsTheRightPathsOfGroqAndGemini() {
        assertThat(snapshot(Map.of()).providers())
                .extracting(provider -> provider.path("chat/completions"))
                .contains("/openai/v1/chat/completions", "/v1beta/openai/chat/completions", "/api/v1/chat/completions");
    }

    @Test
    void listensOnThePortThatItIsGiven() {
        assertThat(snapshot(Map.of()).listeners())
                .extracting(Listener::address, Listener::port)
                .containsExactly(tuple("0.0.0.0", 12345));
    }

    @Test
    void isTheTableOfPlanosDefaultFile() {
        assertThat(snapshot(Map.of()).providers())
                .extracting(provider -> provider.endpoint().host() + provider.path(""))
                .containsExactly(
                        "api.openai.com/v1/",
                        "api.anthropic.com/v1/",
                        "generativelanguage.googleapis.com/v1beta/openai/",
                        "api.groq.com/openai/v1/",
                        "api.deepseek.com/v1/",
                        "api.mistral.ai/v1/",
                        "inference.do-ai.run/v1/",
                        "ai-gateway.vercel.sh/v1/",
                        "openrouter.ai/api/v1/",
                        "api.edenai.run/v3/");
    }
}
