package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.GatewayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurfacePathTest {
    private static final SurfacePath GENERATE = SurfacePath.of("models/{model}:generateContent");
    private static final SurfacePath DEPLOYMENT = SurfacePath.of("deployments/{model}/chat/completions");

    @ParameterizedTest
    @CsvSource({
        "models/gemini-2.5-pro:generateContent, gemini-2.5-pro",
        "models/publishers%2Fgoogle%2Fmodels%2Fg:generateContent, publishers/google/models/g",
        "models/tuned/x:generateContent, tuned/x",
        "models/a+b%20c:generateContent, a+b c",
    })
    void findsTheModelInItsPlace(String suffix, String model) {
        assertThat(GENERATE.modelIn(suffix)).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/:generateContent",
                "models/g:streamGenerateContent",
                "models/g",
                "Models/g:generateContent",
                "models/..:generateContent",
                "models/%2e%2e:generateContent",
                "models/a%2F..%2Fb:generateContent",
                "models/%252e%252e:generateContent",
                "models/a%zz:generateContent",
                "models/a//b:generateContent",
            })
    void whatCouldMeanAnotherPathIsNotThisOne(String suffix) {
        assertThat(GENERATE.modelIn(suffix)).isNull();
    }

    @Test
    void putsAnotherModelInItsPlace() {
        assertThat(DEPLOYMENT.modelIn("deployments/d-1/chat/completions")).isEqualTo("d-1");
        assertThat(DEPLOYMENT.with("deployments/d-1/chat/completions", "my d"))
                .isEqualTo("deployments/my%20d/chat/completions");
        assertThat(DEPLOYMENT.with("deployments/d-1/chat/completions", null))
                .isEqualTo("deployments/d-1/chat/completions");
        assertThatThrownBy(() -> DEPLOYMENT.with("deployments/d-1/chat/completions", ".."))
                .isInstanceOf(GatewayException.class);
    }

    @Test
    void aPathWithoutAModelStaysAsItCame() {
        SurfacePath chat = SurfacePath.of("chat/completions");
        assertThat(chat.namesModel()).isFalse();
        assertThat(chat.modelIn("chat/completions")).isNull();
        assertThat(chat.with("chat/completions", "gpt-4o")).isEqualTo("chat/completions");
    }
}
