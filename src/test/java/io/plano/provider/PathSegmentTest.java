package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathSegmentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "...",
                ". .",
                " ..",
                "/",
                "/a",
                "a/",
                "a//b",
                "../a",
                "a/..",
                "a/./b",
                "a/../b",
                "..\\a",
                "a\\b",
                "..;x",
                "a;b",
                "%2e%2e",
                "%252e%252e",
                "%c0%ae%c0%ae",
                "%u002e",
                "a%2f..",
                "..?x",
                "a/..#x",
                "?x",
                "a\r\nb",
                "a\u0000b",
                "a\u0085",
                "\uff0e\uff0e",
                "\u2025",
                "\u2024\u2024",
                "a\uff0f..",
                "a\uff3cb",
                "\uff05\uff12e"
            })
    void refusesWhatCouldMeanAnotherPath(String value) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> PathSegment.encode(value))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
                    assertThat(refusal.code()).isEqualTo("invalid_model");
                    assertThat(refusal.clientMessage()).startsWith("\"model\" ");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, gpt-4o",
        "my gpt/4, my%20gpt%2F4",
        ".hidden, .hidden",
        "v1..2, v1..2",
        "us.anthropic.claude-x-v1:0, us.anthropic.claude-x-v1:0",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.x, arn:aws:bedrock:us-east-1:1:inference-profile%2Fus.x",
        "ft:gpt-4o:org::id, ft:gpt-4o:org::id",
        "models/gemini-2, models%2Fgemini-2",
        "a?b#c{path}, a%3Fb%23c%7Bpath%7D",
        "caf\u00e9, caf%C3%A9"
    })
    void encodesEveryOtherNameAsOneSegment(String value, String encoded) {
        assertThat(PathSegment.encode(value)).isEqualTo(encoded);
    }
}
