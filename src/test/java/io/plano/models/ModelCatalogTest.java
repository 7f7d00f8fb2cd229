package io.plano.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.config.ConfigLoader;
import io.plano.failure.GatewayException;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.translate.ModelEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModelCatalogTest {
    private static final GatewaySnapshot SNAPSHOT = Objects.requireNonNull(
            ConfigLoader.parse("""
                    model_providers:
                      - {model: openai/gpt-4o, access_key: k}
                      - {model: 'anthropic/*', access_key: k}
                    model_aliases:
                      fast: {target: gpt-4o}
                      '*haiku*': {target: gpt-4o}
                      all: {target: nobody, optional: true}
                      mine: {target: 'anthropic/*'}
                      '*': {target: 'anthropic/*'}
                    """, "plano.yaml", Map.of()).snapshot());

    @Test
    void listsAliasesWithoutPatternsThenTheModelsOfTheFileThenOthers() {
        ModelEntry found = new ModelEntry("anthropic/claude-x", "Anthropic");

        assertThat(ModelCatalog.of(SNAPSHOT, List.of(found)))
                .extracting(ModelEntry::id)
                .containsExactly("fast", "mine", "gpt-4o", "anthropic/claude-x");
    }

    @Test
    void knowsWhatThePatternOfAnAliasStandsFor() {
        assertThat(ModelCatalog.known(SNAPSHOT, "claude-haiku")).isEqualTo(new ModelEntry("claude-haiku", "plano"));
        assertThat(ModelCatalog.wildcards(SNAPSHOT, "claude-haiku")).isEmpty();
        assertThat(ModelCatalog.known(SNAPSHOT, "fast")).isNotNull();
    }

    @Test
    void asksTheWildcardsThatABareNameGoesTo() {
        List<ModelEntry> found = List.of(new ModelEntry("anthropic/claude-x", "Anthropic"));

        assertThat(ModelCatalog.known(SNAPSHOT, "claude-x")).isNull();
        assertThat(ModelCatalog.wildcards(SNAPSHOT, "claude-x"))
                .extracting(Provider::id)
                .containsExactly("anthropic");
        assertThat(ModelCatalog.find(SNAPSHOT, "claude-x", found)).isEqualTo(new ModelEntry("claude-x", "Anthropic"));
        assertThat(ModelCatalog.find(SNAPSHOT, "anthropic/claude-x", found)).isEqualTo(found.get(0));
        assertThatThrownBy(() -> ModelCatalog.find(SNAPSHOT, "claude-y", found)).isInstanceOf(GatewayException.class);
    }
}
