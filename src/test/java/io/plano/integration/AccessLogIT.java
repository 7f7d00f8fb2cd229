package io.plano.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.CapturedLogs;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One line for each exchange, and what the log says of credentials without saying them. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AccessLogIT {
    private static final String CHAT = "/v1/chat/completions";
    private static final String SECRET = "sk-CANARY-log";
    private static final String KEY = "Authorization: Bearer " + SECRET;
    private static final String HINT = "io.plano.proxy.CredentialHints";

    private final GatewayContainer.Kind kind;
    private Stage stage;
    private int told;

    AccessLogIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openStage() {
        stage = Stage.openFile(kind, "/", """
                model_providers:
                  - {model: openai/gpt-4o, name: theirs, base_url: UPSTREAM, passthrough_auth: true, default: true}
                  - {model: openai/ours-1, name: ours, base_url: UPSTREAM, access_key: sk-CANARY-ours}
                  - {model: openai/ours-2, name: ours-too, base_url: UPSTREAM, access_key: sk-CANARY-ours}
                  - {model: openai/bare, name: bare, base_url: UPSTREAM}
                model_aliases: {fast: {target: gpt-4o}}
                """);
    }

    @AfterEach
    void closeStage() {
        stage.close();
    }

    @Test
    void writesOneLineWithAllFields() {
        stage.upstream().enqueue(Reply.json(200, "{\"a\":1}").header("x-request-id", "req_theirs"));
        String body = "{\"model\":\"fast\"}";
        stage.post(CHAT + "?beta=true", body, KEY, "x-request-id: mine-1");
        Map<String, String> line = stage.accessLog().awaitOne();
        assertThat(line.keySet())
                .containsExactly(
                        "time",
                        "id",
                        "method",
                        "path",
                        "model",
                        "upstream_model",
                        "provider",
                        "translated",
                        "credential",
                        "attempts",
                        "status",
                        "upstream_id",
                        "in",
                        "out",
                        "in_tokens",
                        "out_tokens",
                        "cached_tokens",
                        "ttfb_ms",
                        "ms",
                        "end");
        assertThat(line.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line)
                .containsEntry("id", "mine-1")
                .containsEntry("method", "POST")
                .containsEntry("path", CHAT)
                .containsEntry("model", "fast")
                .containsEntry("upstream_model", "gpt-4o")
                .containsEntry("provider", "theirs")
                .containsEntry("credential", "Authorization")
                .containsEntry("attempts", "1")
                .containsEntry("status", "200")
                .containsEntry("upstream_id", "req_theirs")
                .containsEntry("in", String.valueOf(body.length()))
                .containsEntry("out", "7")
                .containsEntry("end", "complete");
        assertThat(Double.parseDouble(line.get("ttfb_ms")))
                .isPositive()
                .isLessThanOrEqualTo(Double.parseDouble(line.get("ms")));
    }

    /** What a provider says of its tokens stands in the line, however its answer passes. */
    @Test
    void tellsWhatTheAnswerCost() throws IOException {
        String whole = "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"\\\"usage\\\":{\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":3}}}";
        String hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        String chat = "{\"model\":\"gpt-4o\"," + hello;
        stage.upstream().enqueue(Reply.json(200, whole));
        stage.post(CHAT, chat, KEY);
        assertThat(tokens()).isEqualTo("11 7 3");

        stage.upstream().enqueue(Reply.json(200, whole));
        stage.post("/v1/messages", "{\"max_tokens\":9,\"model\":\"gpt-4o\"," + hello, KEY);
        assertThat(tokens()).as("translated").isEqualTo("11 7 3");

        stage.upstream()
                .enqueue(Reply.sse(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}],\"usage\":null}\n\n",
                        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n",
                        "data: [DONE]\n\n"));
        stage.post(CHAT, "{\"stream\":true,\"model\":\"gpt-4o\"," + hello, KEY);
        assertThat(tokens()).as("streamed").isEqualTo("5 2 -");

        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(whole.getBytes(UTF_8));
        }
        stage.upstream()
                .enqueue(Reply.of(200, "application/json", compressed.toByteArray())
                        .header("Content-Encoding", "gzip"));
        stage.post(CHAT, chat, KEY, "Accept-Encoding: gzip");
        assertThat(tokens()).as("compressed").isEqualTo("11 7 3");

        stage.upstream().enqueue(Reply.json(429, whole));
        stage.post(CHAT, chat, KEY);
        assertThat(tokens()).as("no success").isEqualTo("- - -");
    }

    private String tokens() {
        List<String> lines = stage.accessLog().await(++told);
        Map<String, String> line = AccessLines.fields(lines.get(lines.size() - 1));
        return line.get("in_tokens") + " " + line.get("out_tokens") + " " + line.get("cached_tokens");
    }

    @Test
    @DisplayName("R39: names the slot that was chosen, never its value")
    void namesWhereTheCredentialCameFrom() {
        stage.post(CHAT, "{\"model\":\"gpt-4o\"}", "x-api-key: " + SECRET, "api-key: " + SECRET + "2");
        stage.post(CHAT, "{\"model\":\"gpt-4o\"}", "x-goog-api-key: " + SECRET);
        stage.post(CHAT, "{\"model\":\"ours-1\"}", KEY);
        stage.post(CHAT, "{\"model\":\"bare\"}", KEY);
        List<String> lines = stage.accessLog().await(4);
        assertThat(lines)
                .extracting(line -> AccessLines.fields(line).get("credential"))
                .containsExactlyInAnyOrder("x-api-key", "x-goog-api-key", "access_key", "none");
        assertThat(lines).noneMatch(line -> line.contains("CANARY"));
    }

    @Test
    void writesALineForEachRefusal() {
        stage.post(CHAT, "{\"model\":\"gpt-4o\"}");
        stage.post(CHAT, "{\"model\":\"gpt-4o\"}", KEY, "Connection: authorization", "x-request-id: stripped");
        stage.post(CHAT, "{\"model\":\"gpt-4o\",\"model\":\"x\"}", KEY);
        stage.exchange("GET", "/nowhere", request -> {});
        stage.exchange("GET", "/v1/models", request -> {});
        stage.exchange("POST", "/v1/files/..%2f", request -> request.line(KEY));
        List<Map<String, String>> lines =
                stage.accessLog().await(5).stream().map(AccessLines::fields).toList();
        assertThat(lines)
                .extracting(line -> line.get("status") + " " + line.get("end") + " " + line.get("attempts"))
                .containsExactlyInAnyOrder(
                        "401 unauthenticated 0",
                        "400 invalid_request 0",
                        "400 invalid_request 0",
                        "404 not_found 0",
                        "200 complete 0");
        assertThat(lines)
                .filteredOn(line -> line.get("id").equals("stripped"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line).containsEntry("in", "18").containsEntry("provider", "-");
                    assertThat(Integer.parseInt(line.get("out"))).isPositive();
                });
        stage.assertUntouched();
    }

    @Test
    void forgesNoLineAndNoField() {
        String forged =
                "x\\r\\n2026-01-01T00:00:00.000Z id=forged status=200\\u2028\\u0085\\u001b[2J model=y\\u0000\\\"";
        stage.post(CHAT, "{\"model\":\"" + forged + "\"}", KEY);
        stage.exchange("POST", "/v1/a%20id=forged", request -> request.line(KEY));
        stage.exchange(
                "POST", "/v1/a%0d%0aid=forged", request -> request.line(KEY)); // a container may refuse it itself
        stage.exchange("POST", "/v1/a=b&id=forged", request -> request.line(KEY).header("x-request-id", "a id=forged"));
        List<String> lines = stage.accessLog().await(kind == GatewayContainer.Kind.JETTY ? 3 : 4);
        for (String line : lines) {
            assertThat(line).matches("[!-~]+( [!-~]+){19}");
            assertThat(AccessLines.fields(line).get("id")).matches("req_[0-9a-f]{32}");
        }
        assertThat(lines.get(0)).contains(" model=x??2026-01-01T00:00:00.000Z?id=forged");
    }

    @Test
    void saysHowAStreamEnded() throws Exception {
        stage.upstream().enqueue(Reply.stream().chunk(Stage.EVENT).close());
        assertThat(stage.post(CHAT, "{\"model\":\"gpt-4o\",\"stream\":true}", KEY)
                        .status())
                .isEqualTo(200);
        assertThat(stage.accessLog().awaitOne())
                .containsEntry("status", "200")
                .containsEntry("end", "upstream_truncated");
        stage.upstream()
                .enqueue(Reply.stream()
                        .chunk(Stage.EVENT)
                        .endlessChunks(Stage.EVENT.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        try (RawClient client = stage.connect()) {
            client.request("POST", CHAT)
                    .line(KEY)
                    .json("{\"model\":\"gpt-4o\",\"stream\":true}")
                    .exchange()
                    .readEvent();
            client.reset();
        }
        assertThat(AccessLines.fields(stage.accessLog().await(2).get(1))).containsEntry("end", "client_gone");
    }

    @Test
    void explainsOncePerProviderThatItsOwnKeyWasRefused() {
        try (CapturedLogs logs = CapturedLogs.startKeepingAtInfo(Containers.LOGGERS)) {
            for (int status : new int[] {401, 403, 401}) {
                for (String model : List.of("ours-1", "ours-2")) {
                    stage.upstream().enqueue(Reply.json(status, "{}"));
                    assertThat(stage.post(CHAT, "{\"model\":\"" + model + "\"}", KEY)
                                    .status())
                            .isEqualTo(status);
                }
            }
            List<CapturedLogs.Entry> hints = logs.entriesOf(HINT);
            assertThat(hints)
                    .hasSize(2)
                    .allSatisfy(hint -> assertThat(hint.text()).contains("passthrough_auth: true"));
            assertThat(hints.get(0).text()).contains("'ours'");
            assertThat(hints.get(1).text()).contains("'ours-too'");
            logs.assertNothingContains("CANARY");
        }
    }

    @Test
    void explainsNothingWhereNobodyMadeThatMistake() {
        try (CapturedLogs logs = CapturedLogs.startKeepingAtInfo(Containers.LOGGERS)) {
            stage.upstream()
                    .enqueue(Reply.json(401, "{}"))
                    .enqueue(Reply.json(403, "{}"))
                    .enqueue(Reply.json(400, "{}"))
                    .enqueue(Reply.json(500, "{}"));
            stage.post(CHAT, "{\"model\":\"ours-1\"}"); // no credential of the client's own
            stage.post(CHAT, "{\"model\":\"gpt-4o\"}", KEY); // it was the client's key
            stage.post(CHAT, "{\"model\":\"ours-1\"}", KEY);
            stage.post(CHAT, "{\"model\":\"ours-1\"}", KEY);
            assertThat(logs.entriesOf(HINT)).isEmpty();
        }
    }
}
