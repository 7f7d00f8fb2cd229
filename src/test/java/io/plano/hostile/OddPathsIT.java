package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.hostile.Vendors.Answer;
import io.plano.provider.Surface;
import io.plano.testing.LeakChecked;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Paths, methods and models that nobody expects: never a failure of ours, and never another path upstream. */
@LeakChecked
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OddPathsIT {
    private static final String KEY = "x-api-key: sk-CANARY";
    private static final String VERSION = "anthropic-version: 2023-06-01";
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PROPFIND", "post", "X-Y");
    private static final List<String> BODIES =
            List.of("", "{}", "{\"model\":\"m\"}", "{\"model\":\"\"}", "{\"model\":\"openai/x\"}", "[]", "nonsense");

    private static List<String> paths() {
        List<String> paths = new ArrayList<>(List.of(
                "/v1/messagesX",
                "/v1/messages/x/y",
                "/v1/modelsX",
                "/v1/models/..%20",
                "/v1/models/%20",
                "/v1/models/a+b",
                "/v1/unknown",
                "/v1/files",
                "/v1/x/",
                "/v1/",
                "/v1"));
        Stream.of(Surface.values()).map(surface -> "/v1/" + surface.path()).forEach(path -> {
            paths.add(path);
            paths.add(path + "/");
            paths.add(path + "X");
            paths.add(path.toUpperCase(java.util.Locale.ROOT).replace("/V1", "/v1"));
        });
        return paths;
    }

    @Test
    void noMethodOnNoPathIsAFailureOfOurs() {
        for (String row : List.of(
                "model: openai/*, base_url: 'OPENAI', passthrough_auth: true, default: true",
                "model: openai/m, base_url: 'OPENAI', passthrough_auth: true, default: true",
                "model: anthropic/m, base_url: 'ANTHROPIC', passthrough_auth: true, default: true",
                "model: anthropic/*, base_url: 'ANTHROPIC', access_key: k, apis: [chat], default: true",
                "model: 'openai/*', base_url: 'OPENAI', access_key: k, apis: [responses], default: true",
                "model: amazon_bedrock/m, base_url: 'OPENAI', access_key: k, default: true",
                "model: azure_openai/m, base_url: 'OPENAI', access_key: k, default: true")) {
            try (Vendors vendors = Vendors.open(row)) {
                for (String path : paths()) {
                    walk(vendors, row, path);
                }
            }
        }
    }

    private static void walk(Vendors vendors, String row, String path) {
        for (String method : METHODS) {
            List<String> bodies = method.equals("POST") || method.equals("PUT") ? BODIES : BODIES.subList(0, 3);
            for (String body : bodies) {
                Answer plain = vendors.send(method, path, body, KEY);
                Answer versioned = vendors.send(method, path, body, KEY, VERSION);
                assertThat(List.of(plain.status(), versioned.status()))
                        .as(row + ": " + method + " " + path + " " + body + "\n" + plain + "\n" + versioned)
                        .allMatch(status -> status < 500 || isOfTheVendor(status, plain, versioned));
            }
        }
    }

    /** Both vendors say {@code from}; what a translation makes of that is a failure of theirs, and says so. */
    private static boolean isOfTheVendor(int status, Answer plain, Answer versioned) {
        String both = plain.body() + versioned.body();
        return status == 502 && !both.contains("The gateway failed");
    }

    @Test
    void noModelLeavesThePathThatItBelongsTo() {
        List<String> models = List.of(
                "..",
                ".",
                "../..",
                "a/../../admin",
                "a//b",
                "/a",
                "a/",
                "%2e%2e",
                "%252e%252e",
                "%c0%ae%c0%ae",
                "..\\\\",
                "..;x",
                "\\u002e\\u002e",
                "\\uff0e\\uff0e",
                "..?x",
                "..#x",
                " .. ",
                "..\\u0000",
                "..\\r\\nHost: x");
        for (String row : List.of(
                "model: azure_openai/*, base_url: 'OPENAI', access_key: sk-CANARY-ours",
                "model: azure_openai/d, base_url: 'OPENAI', access_key: sk-CANARY-ours, default: true")) {
            try (Vendors vendors = Vendors.open(row)) {
                for (String model : models) {
                    String body = "{\"model\":\"" + (row.contains("*") ? "azure_openai/" : "") + model + "\"}";
                    Answer answer = vendors.send("POST", "/v1/chat/completions", body);
                    assertThat(answer.status()).as(model + " " + answer.body()).isEqualTo(400);
                    assertThat(answer.body()).contains("invalid_model").doesNotContain("CANARY");
                }
                assertThat(vendors.connections()).isZero();
                vendors.send(
                        "POST",
                        "/v1/chat/completions",
                        "{\"model\":\"" + (row.contains("*") ? "azure_openai/" : "") + "my.d-1\"}");
                assertThat(vendors.seenByOpenAi().get(0).target())
                        .startsWith("/openai/deployments/my.d-1/chat/completions?");
            }
        }
    }

    @Test
    void aModelInAFormCannotHoldALine() {
        try (Vendors vendors = Vendors.open("model: openai/*, base_url: 'OPENAI', passthrough_auth: true")) {
            String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nopenai/a\r\nb\r\n--b--\r\n";
            Answer answer = vendors.send(
                    "POST",
                    "/v1/audio/transcriptions",
                    form,
                    "Authorization: Bearer k",
                    "Content-Type: multipart/form-data; boundary=b");
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(vendors.connections()).isZero();
        }
    }
}
