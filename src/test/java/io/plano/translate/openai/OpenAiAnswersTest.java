package io.plano.translate.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.translate.ModelEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiAnswersTest {
    private static final String HOSTILE = "a\"b\\c\r\nd\u0000\u2028\u001b<\ud83d\ude00";

    private final OpenAiAnswers answers = new OpenAiAnswers();
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @DisplayName("R74: errors have OpenAI's shape")
    @CsvSource({
        "UNAUTHENTICATED,authentication_error",
        "FORBIDDEN,permission_error",
        "INVALID_REQUEST,invalid_request_error",
        "MODEL_NOT_FOUND,invalid_request_error",
        "BODY_TOO_LARGE,invalid_request_error",
        "OVERLOADED,server_error",
        "UPSTREAM_TIMEOUT,server_error",
        "INTERNAL,server_error"
    })
    void writesErrors(FailureKind kind, String type) throws IOException {
        JsonNode error = json.readTree(answers.error(GatewayException.coded(kind, "some_code", HOSTILE), "req_1"))
                .path("error");
        assertThat(error.path("message").asText()).isEqualTo(HOSTILE);
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("param").isNull()).isTrue();
        assertThat(error.path("code").asText()).isEqualTo("some_code");
        assertThat(json.readTree(answers.error(
                                GatewayException.of(kind, "x", new IllegalStateException("CANARY")), "req_1"))
                        .toString())
                .doesNotContain("CANARY", "Exception")
                .contains("\"code\":null");
    }

    @Test
    @DisplayName("R66: an error in a stream is one event, whatever the message holds")
    void writesErrorEvents() throws IOException {
        String event = new String(
                answers.errorEvent(GatewayException.of(FailureKind.UPSTREAM_TRUNCATED, HOSTILE), "req_1"),
                StandardCharsets.UTF_8);
        assertThat(event).startsWith("data: ").endsWith("\n\n");
        assertThat(event.strip()).doesNotContain("\n", "\r");
        assertThat(json.readTree(event.substring(6)).at("/error/message").asText())
                .isEqualTo(HOSTILE);
    }

    @Test
    void listsModels() throws IOException {
        JsonNode list =
                json.readTree(answers.models(List.of(new ModelEntry("a", "OpenAI"), new ModelEntry(HOSTILE, "plano"))));
        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data").findValuesAsText("id")).containsExactly("a", HOSTILE);
        assertThat(list.path("data").get(0)).isEqualTo(json.readTree(answers.model(new ModelEntry("a", "OpenAI"))));
        assertThat(list.path("data").get(0).toString())
                .isEqualTo("{\"id\":\"a\",\"object\":\"model\",\"created\":0,\"owned_by\":\"OpenAI\"}");
        assertThat(json.readTree(answers.models(List.of())).path("data")).isEmpty();
    }
}
