package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesErrorsTest {
    // wire-spec §5.2, §5 rules 1 to 3
    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error,,400,invalid_request_error,",
        "400,invalid_request_error,context_length_exceeded,400,invalid_request_error,context_length_exceeded",
        "401,authentication_error,,401,authentication_error,invalid_api_key",
        "403,permission_error,,403,permission_error,",
        "404,not_found_error,,404,invalid_request_error,",
        "413,request_too_large,,413,invalid_request_error,",
        "429,rate_limit_error,,429,rate_limit_error,rate_limit_exceeded",
        "429,insufficient_quota,insufficient_quota,429,insufficient_quota,insufficient_quota",
        "500,api_error,,500,server_error,",
        "504,timeout_error,,504,timeout,",
        "529,overloaded_error,,529,server_error,overloaded",
        "424,,,502,server_error,"
    })
    void speaksOfErrorsAsOpenAiDoes(
            int upstream,
            @Nullable String upstreamType,
            @Nullable String upstreamCode,
            int status,
            String type,
            @Nullable String code) {
        UpstreamError error = new UpstreamError(upstream, upstreamType, upstreamCode, "Why.", "input[0]", "req_1");
        assertThat(CODEC.status(error)).isEqualTo(status);
        assertThat(new String(CODEC.encodeError(error, "req-1"), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"message\":\"Why.\",\"type\":\"" + type + "\",\"param\":\"input[0]\",\"code\":"
                        + (code == null ? "null" : "\"" + code + "\"") + "}}");
    }
}
