package io.plano.translate.messages;

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

class AnthropicAnswersTest {
    private static final String HOSTILE = "a\"b\\c\r\nd\u0000\u2028\u001b<\ud83d\ude00";

    private final AnthropicAnswers answers = new AnthropicAnswers();
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @DisplayName("R74: errors have Anthropic's shape")
    @CsvSource({
        "UNAUTHENTICATED,authentication_error",
        "FORBIDDEN,permission_error",
        "MODEL_NOT_FOUND,not_found_error",
        "NOT_FOUND,not_found_error",
        "BODY_TOO_LARGE,request_too_large",
        "OVERLOADED,overloaded_error",
        "UPSTREAM_TIMEOUT,timeout_error",
        "UPSTREAM_CONNECT_TIMEOUT,timeout_error",
        "INVALID_REQUEST,invalid_request_error",
        "UPSTREAM_UNREACHABLE,api_error",
        "INTERNAL,api_error"
    })
    void writesErrors(FailureKind kind, String type) throws IOException {
        JsonNode body = json.readTree(
                answers.error(GatewayException.of(kind, HOSTILE, new IllegalStateException("CANARY")), "req_1"));
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isEqualTo(HOSTILE);
        assertThat(body.path("request_id").asText()).isEqualTo("req_1");
        assertThat(body.toString()).doesNotContain("CANARY", "Exception");
    }

    @Test
    @DisplayName("R66: an error in a stream is one event named error")
    void writesErrorEvents() throws IOException {
        String event = new String(
                answers.errorEvent(GatewayException.of(FailureKind.UPSTREAM_TRUNCATED, HOSTILE), "req_1"),
                StandardCharsets.UTF_8);
        assertThat(event).startsWith("event: error\ndata: {").endsWith("}\n\n");
        assertThat(event.lines().toList()).hasSize(3);
        assertThat(json.readTree(event.substring(event.indexOf('{')))
                        .at("/error/message")
                        .asText())
                .isEqualTo(HOSTILE);
    }

    @Test
    void listsModels() throws IOException {
        JsonNode list = json.readTree(answers.models(List.of(new ModelEntry("a", "x"), new ModelEntry("b", "y"))));
        assertThat(list.path("data").findValuesAsText("id")).containsExactly("a", "b");
        assertThat(list.path("first_id").asText()).isEqualTo("a");
        assertThat(list.path("last_id").asText()).isEqualTo("b");
        assertThat(list.path("has_more").isBoolean()).isTrue();
        assertThat(list.path("data").get(0)).isEqualTo(json.readTree(answers.model(new ModelEntry("a", "x"))));
        assertThat(list.path("data").get(0).toString())
                .isEqualTo(
                        "{\"type\":\"model\",\"id\":\"a\",\"display_name\":\"a\",\"created_at\":\"1970-01-01T00:00:00Z\"}");
        JsonNode none = json.readTree(answers.models(List.of()));
        assertThat(none.path("first_id").isNull()).isTrue();
        assertThat(none.path("last_id").isNull()).isTrue();
    }
}
