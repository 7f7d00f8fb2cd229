package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.ModelAliases;
import io.plano.translate.TokenEstimate;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("9.8: names that clients send cost little, however many patterns there are")
class ManyAliasesTest {
    private static GatewaySnapshot aliases(int count, String pattern) {
        StringBuilder yaml = new StringBuilder("version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\n")
                .append("model_providers:\n  - {model: openai/even, passthrough_auth: true}\n")
                .append("  - {model: openai/odd, passthrough_auth: true}\nmodel_aliases:\n");
        for (int i = 0; i < count; i++) {
            yaml.append("  '")
                    .append(pattern.replace("#", Integer.toString(i)))
                    .append("': {target: ")
                    .append(i % 2 == 0 ? "even" : "odd")
                    .append("}\n");
        }
        LoadResult result = ConfigLoader.parse(yaml.toString(), "plano.yaml", Map.of());
        assertThat(result.problems()).isEmpty();
        return Objects.requireNonNull(result.snapshot());
    }

    /** A bound that only quadratic work passes, on any machine. */
    @Test
    void twentyThousandPatternsAreReadAndAskedInLittleTime() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(40), () -> {
            for (String pattern : new String[] {"m-#-*", "*m-#-*", "*-#", "*a*b#*"}) {
                ModelAliases aliases = aliases(20_000, pattern).aliases();
                for (int i = 0; i < 100; i++) {
                    assertThat(aliases.pattern("no alias ".repeat(111))).isNull();
                    assertThat(aliases.pattern("a".repeat(1_000))).isNull();
                }
            }
        });
    }

    @Test
    void theFirstInTheFileWinsAmongManyAsAmongFew() {
        for (int count : new int[] {10, 33, 1_000}) {
            ModelAliases aliases = aliases(count, "*m#*").aliases();

            assertThat(aliases.pattern("xM1y")).isEqualTo(new ModelAliases.Model("odd"));
            assertThat(aliases.pattern("m4")).isEqualTo(new ModelAliases.Model("even"));
            assertThat(aliases.pattern("m9 m4")).isEqualTo(new ModelAliases.Model("even"));
            assertThat(aliases.pattern("m4 m9")).isEqualTo(new ModelAliases.Model("even"));
            assertThat(aliases.pattern("m5 m8")).isEqualTo(new ModelAliases.Model("odd"));
            assertThat(aliases.pattern("n4")).isNull();
        }
    }

    @Test
    void aModelsNameOfAMegabyteIsJudgedWithoutRecursion() {
        assertThat(TokenEstimate.knows("a/".repeat(500_000) + "gpt-4o")).isTrue();
        assertThat(TokenEstimate.knows("a/".repeat(500_000) + "claude")).isFalse();
        assertThat(TokenEstimate.knows("gpt".repeat(300_000))).isFalse();
    }
}
