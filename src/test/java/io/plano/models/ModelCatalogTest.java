package io.plano.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
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
    void knowsNoNameThatOnlyAPatternMatches() {
        assertThat(ModelCatalog.known(SNAPSHOT, "claude-haiku")).isNull();
        assertThat(ModelCatalog.known(SNAPSHOT, "*haiku*")).isNull();
        assertThat(ModelCatalog.known(SNAPSHOT, "fast")).isNotNull();
    }
}
