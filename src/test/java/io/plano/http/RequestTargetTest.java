package io.plano.http;

import static io.plano.http.Refusals.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.failure.GatewayException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @DisplayName("R30: refuses paths that two servers read as two paths")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/%2e%2e/admin",
                "/v1/%2E%2e/admin",
                "/v1/.%2e/admin",
                "/v1/../admin",
                "/v1/./messages",
                "/v1/%2e/messages",
                "/..",
                "/v1/..",
                "//v1/messages",
                "/v1//messages",
                "/v1/messages//",
                "/v1/messages;x=1",
                "/v1/messages%3Bx=1",
                "/v1;/messages",
                "/v1%2Fmessages",
                "/v1%2fmessages",
                "/v1%5Cmessages",
                "/v1%5cmessages",
                "/v1\\messages",
                "/v1/messages%00",
                "/v1/messages%0d%0aX-Injected:1",
                "/v1/messages\r\n",
                "/v1/mess ages",
                "/v1/mess\u00e4ges",
                "/v1/%c0%ae%c0%ae/admin",
                "/v1/%252e%252e/admin",
                "/v1/messages%",
                "/v1/messages%2",
                "/v1/messages%zz",
                "/v1/messages%\uff12\uff12",
                "/v1/messages%3fkey=1",
                "/v1/messages#x",
                "/v1/messages?x",
                "/v1/<messages>",
                "v1/messages",
                "http://evil.example/v1",
                "*"
            })
    void refusesAmbiguousPaths(String path) {
        assertInvalid(() -> RequestTarget.parse(path, null));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, chat/completions",
        "/v1/models/, models/",
        "/v1/files/file-a.b..c/content, files/file-a.b..c/content",
        "/v1/models/org%20name:x@1, models/org%20name:x@1",
        "/v1/..., ...",
        "/v1beta/models/gemini:generateContent,",
        "/v1,",
        "/,"
    })
    void keepsThePathAsItCameIn(String path, String suffix) {
        RequestTarget target = RequestTarget.parse(path, null);

        assertThat(target.path()).isEqualTo(path);
        assertThat(target.suffix()).isEqualTo(suffix);
        assertThat(target.query()).isNull();
    }

    @Test
    void readsAnEmptyPathAsTheRoot() {
        assertThat(RequestTarget.parse("", null).path()).isEqualTo("/");
    }

    @DisplayName("R31: everything but credentials is forwarded byte for byte")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "beta=true",
                "",
                "a=%2F&b=%e4&&c",
                "api_base=http://evil.example&target=x",
                "monkey=1&keys=2&keyword=3&page_token=4",
                "?/:@!$'()*,;x=[1]",
                "value=key"
            })
    void keepsTheQueryAsItCameIn(String query) {
        RequestTarget target = RequestTarget.parse("/v1/messages", query);

        assertThat(target.query()).isEqualTo(query);
        assertThat(target.queryKey()).isNull();
    }

    @DisplayName("R31: takes the key out, however it is spelled")
    @ParameterizedTest
    @CsvSource({
        "key=AIza-secret, ",
        "%6bey=AIza-secret, ",
        "KEY=AIza%2Dsecret, ",
        "%4B%45%59=AIza-secret, ",
        "alt=sse&key=AIza-secret, alt=sse",
        "key=AIza-secret&alt=sse, alt=sse",
        "a=1&key=AIza-secret&b=%2f, a=1&b=%2f",
        "key[]=AIza-secret&b, b"
    })
    void takesTheKeyOut(String query, String rest) {
        RequestTarget target = RequestTarget.parse("/v1beta/models/gemini:generateContent", query);

        assertThat(target.queryKey()).isEqualTo("AIza-secret");
        assertThat(target.query()).isEqualTo(rest);
        assertThat(target.toString()).doesNotContain("secret");
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(target::refuseQueryKey)
                .satisfies(e -> assertThat(e.clientMessage()).contains("header").doesNotContain("secret"));
    }

    @DisplayName("R31: refuses other credentials in the query without repeating them")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "api_key=secret",
                "api-key=secret",
                "apikey=secret",
                "API%5FKEY=secret",
                "access_token=secret",
                "x-api-key=secret",
                "x-goog-api-key=secret",
                "authorization=secret",
                "a=1&subscription-key=secret",
                "a=1;key=secret",
                "a=1;b;%6bey=secret",
                "key=secret&key=other",
                "+api_key=secret",
                "api_key[0]=secret"
            })
    void refusesOtherCredentials(String query) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> RequestTarget.parse("/v1/messages", query))
                .satisfies(e -> assertThat(e.clientMessage()).contains("header").doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%2", "a=%zz", "a=b c", "a=\r\nX: 1", "a=\u00e4", "a=#b", "a=\u0000", "a=\\"})
    void refusesMalformedQueries(String query) {
        assertInvalid(() -> RequestTarget.parse("/v1/messages", query));
    }

    @Test
    void hasNoKeyToRefuseWhereThereIsNone() {
        RequestTarget.parse("/v1/messages", "beta=true").refuseQueryKey();
    }
}
