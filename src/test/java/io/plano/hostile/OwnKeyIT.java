package io.plano.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.CapturedLogs;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gateway's own keys: no client sees one, whatever an upstream answers, and none may present one. */
@LeakChecked
@ContainerTest
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class OwnKeyIT {
    private static final String KEY = "sk-own/Key+0123456789-abcdefghij";
    private static final String ROW = "row-Secret-0123456789";
    private static final String THEIRS = "sk-client-9876543210";

    private static final String FILE = """
            version: v0.4.0
            listeners: [{type: model, name: m, port: 12000}]
            model_providers:
              - {model: openai/ours, base_url: UPSTREAM, access_key: 'KEY', headers: {Helicone-Auth: Bearer ROW}}
              - {model: anthropic/ours2, base_url: UPSTREAM, access_key: 'KEY'}
              - {model: openai/theirs, base_url: UPSTREAM, passthrough_auth: true, default: true}
              - {model: anthropic/theirs2, base_url: UPSTREAM, passthrough_auth: true}
            """;

    private final GatewayContainer.Kind kind;
    private FakeUpstream upstream;
    private GatewayContainer gateway;

    OwnKeyIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
        upstream.onRequest(request -> Reply.json(200, "{}"));
        String file =
                FILE.replace("UPSTREAM", upstream.baseUrl()).replace("KEY", KEY).replace("ROW", ROW);
        gateway = GatewayContainer.start(kind, "/", file);
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private record Answer(RawResponse head, byte[] bytes) {
        String text() {
            return new String(bytes, ISO_8859_1);
        }

        String all() {
            return head + "\n" + head.headerLines() + "\n" + text();
        }
    }

    private Answer ask(String path, String model, String... lines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawRequest request = client.request("POST", path);
            for (String line : lines) {
                request.line(line);
            }
            RawResponse head = request.json("{\"model\":\"" + model
                            + "\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                    .exchange();
            return new Answer(head, head.readBody());
        }
    }

    private static Map<String, String> forms(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("as it is", secret);
        forms.put("percent", URLEncoder.encode(secret, UTF_8));
        forms.put("JSON", secret.replace("-", "\\u002d").replace("/", "\\/"));
        forms.put("base64", Base64.getEncoder().encodeToString(bytes));
        forms.put("base64 of a pair", Base64.getEncoder().encodeToString(("user:" + secret).getBytes(UTF_8)));
        forms.put("base64 of a header", Base64.getUrlEncoder().encodeToString(("Bearer " + secret).getBytes(UTF_8)));
        forms.put("hexadecimal", HexFormat.of().formatHex(bytes));
        forms.put(
                "all escaped",
                secret.chars().mapToObj(c -> String.format("%%%02x", c)).collect(Collectors.joining()));
        return forms;
    }

    /** What can be left of a secret in base64: a character that it shares with its neighbour. */
    private static void assertHidden(String form, String seen) {
        assertThat(seen).doesNotContain(form, form.substring(6, form.length() - 6), KEY, ROW);
    }

    @Test
    @DisplayName("R45, R49: an upstream's errors go on without our key, in every form and at every split")
    void masksItsKeyInErrors() {
        for (String secret : List.of(KEY, ROW)) {
            forms(secret).forEach((name, form) -> {
                String body = "{\"error\":{\"message\":\"Incorrect API key: " + form + "\",\"type\":\"t\"}}";
                for (int status : new int[] {401, 403, 404, 429, 500, 302}) {
                    upstream.enqueue(Reply.json(status, body).inPiecesOf(status == 401 ? 1 : 1000));
                    Answer answer = ask("/v1/chat/completions", "ours");
                    assertThat(answer.head().status()).isEqualTo(status);
                    assertHidden(form, answer.all());
                    assertThat(answer.text())
                            .as(name)
                            .hasSameSizeAs(body)
                            .startsWith("{\"error\":{\"message\":\"Incorrect");
                    assertThat(answer.text()).endsWith("\",\"type\":\"t\"}}");
                }
            });
        }
    }

    @Test
    void masksItsKeyInErrorsOfEveryFraming() {
        String text = "no such key: " + KEY + "!";
        String masked = "no such key: " + "*".repeat(KEY.length()) + "!";
        Reply chunked = Reply.script().head(401, "Content-Type: text/plain", "Transfer-Encoding: chunked");
        for (char c : text.toCharArray()) {
            chunked.chunk(String.valueOf(c));
        }
        upstream.enqueue(chunked.lastChunk());
        assertThat(ask("/v1/chat/completions", "ours").text()).isEqualTo(masked);
        upstream.enqueue(Reply.script()
                .head(503, "Content-Type: text/plain", "Connection: close")
                .bytes(text)
                .close());
        assertThat(ask("/v1/chat/completions", "ours").text()).isEqualTo(masked);
        upstream.enqueue(Reply.script()
                .head(500, "Content-Type: text/event-stream", "Transfer-Encoding: chunked")
                .chunk("data: " + text + "\n\n")
                .lastChunk());
        assertThat(ask("/v1/chat/completions", "ours").text()).isEqualTo("data: " + masked + "\n\n");
    }

    @Test
    void masksItsKeyInAnErrorOfManyMegabytes() {
        String text = ("x".repeat(50_000) + KEY).repeat(60);
        upstream.enqueue(Reply.of(500, "text/plain", text.getBytes(UTF_8)));

        String seen = ask("/v1/chat/completions", "ours").text();

        assertThat(seen).hasSameSizeAs(text).doesNotContain(KEY).isEqualTo(text.replace(KEY, "*".repeat(KEY.length())));
    }

    @Test
    void decodesACompressedErrorToLookIntoIt() {
        String text = "{\"error\":{\"message\":\"Incorrect API key: " + KEY + "\"}}";
        upstream.enqueue(Reply.of(401, "application/json", gzip(text)).header("Content-Encoding", "gzip"));

        Answer answer = ask("/v1/chat/completions", "ours", "Accept-Encoding: gzip");

        assertThat(answer.head().status()).isEqualTo(401);
        assertThat(answer.head().header("Content-Encoding")).isNull();
        assertThat(answer.text()).isEqualTo(text.replace(KEY, "*".repeat(KEY.length())));
    }

    @Test
    void replacesACompressedErrorThatItCannotReadWithinBounds() {
        for (Reply reply : List.of(
                Reply.of(401, "application/json", KEY.getBytes(UTF_8)).header("Content-Encoding", "br"),
                Reply.of(401, "application/json", KEY.getBytes(UTF_8)).header("Content-Encoding", "gzip"),
                Reply.of(401, "application/json", KEY.getBytes(UTF_8))
                        .header("Content-Encoding", "gzip, br, gzip, br, gzip"),
                Reply.of(401, "application/json", gzip("x".repeat(10 << 20) + KEY))
                        .header("Content-Encoding", "gzip"))) {
            upstream.enqueue(reply);
            Answer answer = ask("/v1/chat/completions", "ours", "Accept-Encoding: gzip, br");
            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.head().header("Content-Encoding")).isNull();
            assertThat(answer.text())
                    .contains("\"error\"")
                    .contains("status 401")
                    .doesNotContain(KEY);
        }
    }

    @Test
    @DisplayName("R45: no header of an answer shows our key, and no line of ours")
    void masksItsKeyInHeadersOfEveryAnswer() {
        try (CapturedLogs logs = CapturedLogs.startKeepingAtInfo("org.", "io.plano.testing")) {
            for (int status : new int[] {200, 301, 401}) {
                forms(KEY).forEach((name, form) -> {
                    upstream.enqueue(Reply.json(status, "{}")
                            .header("X-Dbg", "sent " + form + "; x")
                            .header("WWW-Authenticate", "Bearer error=\"" + form + "\"")
                            .header("x-request-id", form)
                            .header("Location", "https://x.example/?k=" + form));
                    Answer answer = ask("/v1/chat/completions", "ours");
                    assertThat(answer.head().header("X-Dbg"))
                            .as(name)
                            .contains("****")
                            .hasSize(("sent " + form + "; x").length());
                    assertHidden(form, answer.all());
                });
            }
            upstream.enqueue(Reply.json(200, "{}").header("sk-own", "x").header(ROW, "x"));
            assertThat(ask("/v1/chat/completions", "ours").all()).doesNotContain(ROW);
            logs.assertNothingContains(KEY, ROW);
        }
    }

    @Test
    @DisplayName("R49: a translated error hides our key, too, in an answer, in a document with 200 and in a stream")
    void masksItsKeyInTranslatedErrors() {
        for (String[] call : new String[][] {{"/v1/messages", "ours"}, {"/v1/chat/completions", "ours2"}}) {
            forms(KEY).forEach((name, form) -> {
                String body = "{\"error\":{\"message\":\"Incorrect API key: " + form + "\",\"type\":\"" + form
                        + "\",\"code\":\"x\",\"param\":\"" + form + "\"},\"request_id\":\"" + form + "\"}";
                for (int status : new int[] {401, 500, 200}) {
                    upstream.enqueue(Reply.json(status, body).header("x-request-id", form));
                    assertHidden(form, ask(call[0], call[1]).all());
                }
                upstream.enqueue(Reply.json(400, KEY + form));
                assertHidden(form, ask(call[0], call[1]).all());
                upstream.enqueue(Reply.sse("event: error\ndata: " + body + "\n\n"));
                assertHidden(form, ask(call[0], call[1]).all());
            });
        }
    }

    @Test
    void leavesSuccessesAndTheClientsOwnKeyAlone() {
        String body = "{\"choices\":[],\"echo\":\"" + KEY + "\"}";
        upstream.enqueue(Reply.json(200, body));
        assertThat(ask("/v1/chat/completions", "ours").text()).isEqualTo(body);
        String error = "{\"error\":{\"message\":\"Incorrect API key: " + THEIRS + "\"}}";
        upstream.enqueue(Reply.json(401, error).header("Content-Digest", "sha-256=:x:"));
        Answer answer = ask("/v1/chat/completions", "theirs", "Authorization: Bearer " + THEIRS);
        assertThat(answer.text()).isEqualTo(error);
        assertThat(answer.head().header("Content-Digest")).isNotNull();
    }

    @Test
    @DisplayName("R45: a client that presents a key of ours is refused, wherever it puts it, and nothing is sent")
    void refusesItsOwnKeysFromClients() {
        String pair = Base64.getEncoder().encodeToString(("user:" + KEY).getBytes(UTF_8));
        String user = Base64.getEncoder().encodeToString((KEY + ":").getBytes(UTF_8));
        for (String line : List.of(
                "Authorization: Bearer " + KEY,
                "Authorization: " + KEY,
                "Authorization: Token " + KEY,
                "Authorization: Basic " + pair,
                "Authorization: Basic " + user,
                "x-api-key: " + KEY,
                "api-key: " + KEY,
                "x-goog-api-key: " + KEY,
                "X-Api-Key: " + ROW,
                "Ocp-Apim-Subscription-Key: " + KEY,
                "X-Vault-Token: " + KEY,
                "X-Anything: " + KEY,
                "X-Anything: Bearer " + KEY)) {
            for (String[] call : new String[][] {
                {"/v1/chat/completions", "theirs"}, {"/v1/messages", "theirs2"}, {"/v1/chat/completions", "ours"}
            }) {
                Answer answer = ask(call[0], call[1], line);
                assertThat(answer.head().status()).as(line).isEqualTo(403);
                assertThat(answer.text()).contains("error").doesNotContain(KEY, ROW);
                assertThat(answer.text().contains("\"type\":\"error\"")).isEqualTo(call[0].endsWith("messages"));
            }
        }
        assertThat(ask("/v1/chat/completions?x=" + URLEncoder.encode(KEY, UTF_8), "theirs", "x-api-key: " + THEIRS)
                        .head()
                        .status())
                .isEqualTo(403);
        assertThat(upstream.connectionsAccepted()).isZero();
        assertThat(ask("/v1/chat/completions", "theirs", "x-api-key: " + KEY + "1")
                        .head()
                        .status())
                .isEqualTo(200);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
