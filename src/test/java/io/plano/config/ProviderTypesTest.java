package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Schema;
import io.plano.config.yaml.YamlNode;
import io.plano.credential.CredentialSlot;
import io.plano.provider.ApiDialect;
import io.plano.provider.ProviderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderTypesTest {
    private final ProviderTypes types = ProviderTypes.builtIn();

    private ProviderType type(String id) {
        ProviderType type = types.type(id);
        assertThat(type).isNotNull();
        return type;
    }

    @Test
    void knowsEveryProviderOfPlanoAndMore() {
        assertThat(types.ids())
                .contains("openai", "anthropic", "gemini", "groq", "mistral", "deepseek", "xai", "together_ai")
                .contains("moonshotai", "zhipu", "qwen", "xiaomi", "digitalocean", "chatgpt", "vercel", "openrouter")
                .contains(
                        "edenai", "azure_openai", "ollama", "amazon_bedrock", "plano", "perplexity", "vllm", "litellm")
                .contains("lm_studio", "cohere", "fireworks", "cerebras", "nvidia", "huggingface", "github");
    }

    @Test
    void theBuiltInRowsFollowTheFormatOfUsersRows() {
        Problems problems = new Problems("providers.yaml");
        YamlNode rows = Schema.resource("/io/plano/provider/providers.yaml").get("providers");
        assertThat(rows).isInstanceOf(YamlNode.Mapping.class);

        ((YamlNode.Mapping) rows)
                .entries()
                .forEach(row -> Schema.plano().checkDefinition("providerType", row.value(), row.key(), problems));

        assertThat(problems.list()).isEmpty();
    }

    @Test
    void knowsWhereAnthropicExpectsACredential() {
        ProviderType anthropic = type("anthropic");

        assertThat(anthropic.speaks(ApiDialect.OPENAI)).isTrue();
        assertThat(anthropic.placements().get(ApiDialect.OPENAI).slot()).isEqualTo(CredentialSlot.AUTHORIZATION);
        assertThat(anthropic.placements().get(ApiDialect.ANTHROPIC))
                .isEqualTo(new io.plano.provider.CredentialPlacement(
                        CredentialSlot.X_API_KEY, java.util.List.of("sk-ant-oat"), "anthropic-version", "2026-10-21"));
    }

    @ParameterizedTest
    @CsvSource({
        "openai, OPENAI, AUTHORIZATION",
        "vercel, ANTHROPIC, X_API_KEY",
        "azure_openai, OPENAI, API_KEY",
        "ollama, OPENAI, AUTHORIZATION",
    })
    void knowsWhereOthersExpectACredential(String id, ApiDialect dialect, CredentialSlot slot) {
        assertThat(type(id).placements().get(dialect).slot()).isEqualTo(slot);
    }

    @Test
    void sendsAnthropicsDialectOnlyToThoseWhoSpeakIt() {
        assertThat(types.ids())
                .filteredOn(id -> type(id).speaks(ApiDialect.ANTHROPIC))
                .containsExactlyInAnyOrder("anthropic", "vercel", "openrouter", "litellm");
        assertThat(type("amazon_bedrock").placements()).isEmpty();
    }
}
