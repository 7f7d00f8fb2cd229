package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.ModelFacts.Ability;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of models, by rows, by families, and by what the user's file says. */
class ModelTableTest {
    @ParameterizedTest
    @CsvSource({
        "openai,gpt-4o,16384",
        "openai,GPT-4o,16384",
        "openai,gpt-4o-2024-08-06,16384",
        "custom,gpt-4o,16384",
        "openrouter,openai/gpt-4o,16384",
        "openrouter,openai/gpt-4o:free,16384",
        "anthropic,claude-sonnet-4-6,128000",
        "anthropic,claude-sonnet-4-5-20250929,64000",
        "custom,anthropic.claude-sonnet-4-5-20250929-v1:0,64000",
        "openai,gpt-5.6-terra,128000",
        "custom,my-own,0"
    })
    void knowsTheLimitOfAnAnswer(String provider, String model, long limit) {
        assertThat(ModelTable.of(provider, model).maxOutput()).isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({
        "openai,gpt-4.1,REASONING,false",
        "openai,gpt-4.2-unheard-of,REASONING,false",
        "groq,llama-3.3-70b-versatile,REASONING,false",
        "ollama,llama3.2,REASONING,false",
        "openai,gpt-5,REASONING,true",
        "openai,o9-mini,REASONING,true",
        "openai,gpt-5-codex,CHAT,false",
        "openai,gpt-7-codex,CHAT,false",
        "openai,gpt-5.4,CHAT_TOOLS,false",
        "openai,gpt-8,CHAT_TOOLS,false",
        "openai,gpt-5.6,CHAT_TOOLS_UNASKED,false",
        "openai,gpt-5,EFFORT_NONE,false",
        "openai,gpt-5.4,EFFORT_XHIGH,true",
        "openai,o3,SAMPLING,false",
        "openai,gpt-4o-search-preview,CHAT_SEARCH,true",
        "openai,gpt-4o,CHAT_SEARCH,false",
        "anthropic,claude-opus-5,PREFILL,false",
        "anthropic,claude-sonnet-4-5,STRUCTURED_OUTPUT,true",
        "moonshotai,kimi-k3,EFFORT_MEDIUM,false"
    })
    void knowsWhatModelsDoAndRefuse(String provider, String model, Ability ability, boolean does) {
        ModelFacts facts = ModelTable.of(provider, model);
        assertThat(facts.can(ability)).isEqualTo(does);
        assertThat(facts.cannot(ability)).isEqualTo(!does);
    }

    @Test
    void knowsNothingOfAModelThatNobodyHasHeardOf() {
        assertThat(ModelTable.of("vllm", "house-model-7b")).isEqualTo(ModelFacts.UNKNOWN);
    }

    @Test
    void whatTheFileSaysCountsMore() {
        ModelFacts own = new ModelFacts(99, Set.of(Ability.REASONING), Set.of(Ability.FUNCTIONS));
        ProviderType type = new ProviderType("openai", "O", null, "", Map.of()).withFacts(own);
        ModelFacts facts = type.factsOf("gpt-4.1");
        assertThat(facts.maxOutput()).isEqualTo(99);
        assertThat(facts.can(Ability.REASONING)).isTrue();
        assertThat(facts.cannot(Ability.REASONING)).isFalse();
        assertThat(facts.cannot(Ability.FUNCTIONS)).isTrue();
        assertThat(facts.can(Ability.STRUCTURED_OUTPUT)).isTrue();
    }
}
