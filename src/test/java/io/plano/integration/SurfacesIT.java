package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.airlift.compress.zstd.ZstdOutputStream;
import io.plano.integration.Stage.Answer;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.HeaderLine;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every path that clients use, and what becomes of the bytes of a body on its way. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SurfacesIT {
    private static final String CHAT = "/v1/chat/completions";
    private static final String KEY = "Authorization: Bearer sk-surface-test";
    private static final String[] OPENAI_POSTS = {
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses"
    };
    private static final String[] ANTHROPIC_POSTS = {"/v1/messages", "/v1/messages/count_tokens"};

    private final GatewayContainer.Kind kind;
    private Stage stage;

    SurfacesIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openStage() {
        stage = open("/");
    }

    private Stage open(String contextPath) {
        return Stage.openFile(kind, contextPath, """
                model_providers:
                  - {model: openai/gpt-4o, base_url: UPSTREAM, passthrough_auth: true, default: true}
                  - {model: anthropic/claude-x, base_url: UPSTREAM/v1, passthrough_auth: true}
                  - {model: openai/whisper-1, base_url: UPSTREAM/audio-host, passthrough_auth: true, name: ears}
                  - {model: 'groq/*', base_url: UPSTREAM, passthrough_auth: true}
                model_aliases:
                  fast: {target: gpt-4o}
                  smart: {target: claude-x}
                  listen: {target: whisper-1}
                overrides: {max_inspected_body_bytes: 8388608}
                """);
    }

    @AfterEach
    void closeStage() {
        stage.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Answer post(String path, String contentType, byte[] body, String... headerLines) {
        return stage.exchange("POST", path, request -> {
            request.line(KEY).header("Content-Type", contentType).body(body);
            for (String line : headerLines) {
                request.line(line);
            }
        });
    }

    private UpstreamRequest delivered(String path, String contentType, byte[] body, String... headerLines) {
        Answer answer = post(path, contentType, body, headerLines);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return stage.takeRequest();
    }

    @Test
    @DisplayName("R60: every POST surface reaches the provider on its own path, with identical bytes")
    void sendsEveryPostSurfaceOnWithIdenticalBytes() {
        for (String path : OPENAI_POSTS) {
            String body =
                    " { \"messages\":[1.0,1e2, \"\\u00e9\u00e9\" ],\r\n\t\"model\" : \"gpt-4o\" , \"stream\":false}\n";
            UpstreamRequest request = delivered(path, "application/json; charset=utf-8", utf8(body));
            assertThat(request.requestLine()).isEqualTo("POST " + path + " HTTP/1.1");
            assertThat(request.body()).isEqualTo(utf8(body));
        }
        for (String path : ANTHROPIC_POSTS) {
            String body = "{\"model\":\"claude-x\",\"thinking\":{\"signature\":\"Eo8BCkYI\\/\"},\"z\":1.10}";
            UpstreamRequest request = delivered(path, "application/json", utf8(body));
            assertThat(request.requestLine()).isEqualTo("POST " + path + " HTTP/1.1");
            assertThat(request.body()).isEqualTo(utf8(body));
        }
    }

    @Test
    @DisplayName("R59: an alias changes the bytes of the model's value and no other")
    void changesNothingButTheModelOfAnAlias() {
        String around =
                "{\"a\":\"\\u0000 \\\"model\\\":\\\"fast\\\"\",\"nested\":{\"model\":\"fast\"},\"model\" :\t\"%s\" ,\"n\":1E+2,\"m\":[\"fast\"]} ";
        for (String path : OPENAI_POSTS) {
            UpstreamRequest request = delivered(
                    path, "application/json", utf8(around.formatted("fast")), "Content-MD5: abc", "Digest: sha-256=x");
            assertThat(request.bodyText()).isEqualTo(around.formatted("gpt-4o"));
            assertThat(request.headers("Content-Length"))
                    .containsExactly(String.valueOf(around.formatted("gpt-4o").length()));
            assertThat(request.header("Content-MD5")).isNull();
            assertThat(request.header("Digest")).isNull();
        }
        assertThat(delivered("/v1/messages", "application/json", utf8(around.formatted("smart")))
                        .bodyText())
                .isEqualTo(around.formatted("claude-x"));
    }

    @Test
    void readsAModelThroughItsEscapes() {
        String escaped = "{\"mod\\u0065l\":\"f\\u0061st\",\"x\":1}";
        assertThat(delivered(CHAT, "application/json", utf8(escaped)).bodyText())
                .isEqualTo("{\"mod\\u0065l\":\"gpt-4o\",\"x\":1}");
    }

    @Test
    @DisplayName("R55: two models in one body are refused, however they are spelled")
    void refusesTwoModels() {
        for (String body : List.of(
                "{\"model\":\"gpt-4o\",\"model\":\"claude-x\"}",
                "{\"model\":\"gpt-4o\",\"x\":{},\"mod\\u0065l\":\"gpt-4o\"}",
                "{\"\\u006d\\u006F\\u0064\\u0065\\u006c\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"gpt-4o\",\"Model\":\"claude-x\"}",
                "{\"model\":[\"gpt-4o\"]}",
                "{\"model\":null}")) {
            for (String path : List.of("/v1/chat/completions", "/v1/responses", "/v1/messages")) {
                Answer answer = post(path, "application/json", utf8(body));
                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R56: the model is found behind 5 MB of messages")
    void findsAModelAtTheEndOfALargeBody() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\""
                + "lorem \\\"model\\\":\\\"x\\\" ".repeat(250_000) + "\"}],\"model\":\"fast\"}";
        assertThat(body.length()).isGreaterThan(5_000_000);
        UpstreamRequest request = delivered(CHAT, "application/json", utf8(body));
        assertThat(request.bodyText().equals(body.substring(0, body.length() - 7) + "\"gpt-4o\"}"))
                .isTrue();
    }

    @Test
    @DisplayName("R57: JSON under any content type has its model read")
    void readsTheModelUnderAnyContentType() {
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/octet-stream",
                "Application/JSON",
                "garbage")) {
            assertThat(delivered(CHAT, type, utf8("{\"model\":\"fast\"}")).bodyText())
                    .isEqualTo("{\"model\":\"gpt-4o\"}");
        }
        assertThat(post(CHAT, "text/plain", utf8("{\"model\":\"a\",\"model\":\"b\"}"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("R58: compressed bodies are decoded before their model is read")
    void decodesCompressedBodies() throws IOException {
        byte[] plain = utf8("{\"model\":\"fast\",\"x\":\"" + "y".repeat(100_000) + "\"}");
        for (String coding : List.of("gzip", "deflate", "zstd", "raw-deflate")) {
            byte[] encoded = encode(coding, plain);
            UpstreamRequest request =
                    delivered(CHAT, "application/json", encoded, "Content-Encoding: " + coding.replace("raw-", ""));
            assertThat(request.bodyText())
                    .isEqualTo(new String(plain, StandardCharsets.UTF_8).replace("fast", "gpt-4o"));
            assertThat(request.header("Content-Encoding")).isNull();
        }
    }

    private static byte[] encode(String coding, byte[] plain) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = switch (coding) {
            case "gzip" -> new GZIPOutputStream(encoded);
            case "zstd" -> new ZstdOutputStream(encoded);
            default -> new DeflaterOutputStream(encoded, new Deflater(6, coding.startsWith("raw")));
        }) {
            out.write(plain);
        }
        return encoded.toByteArray();
    }

    @Test
    @DisplayName("R58: bombs, unknown codings and lies about the coding go nowhere")
    void refusesWhatItCannotDecode() throws IOException {
        byte[] plain = utf8("{\"model\":\"gpt-4o\"}");
        assertThat(post(CHAT, "application/json", encode("gzip", new byte[9 << 20]), "Content-Encoding: gzip")
                        .status())
                .isEqualTo(413);
        assertThat(post(CHAT, "application/json", encode("zstd", new byte[9 << 20]), "Content-Encoding: zstd")
                        .status())
                .isEqualTo(413);
        assertThat(post(CHAT, "application/json", plain, "Content-Encoding: br").status())
                .isEqualTo(415);
        assertThat(post(CHAT, "application/json", plain, "Content-Encoding: gzip")
                        .status())
                .isEqualTo(400);
        assertThat(post(CHAT, "application/json", plain, "Content-Encoding: gzip, gzip, gzip, gzip")
                        .status())
                .isEqualTo(415);
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R61: malformed JSON is refused or passed on as it is, and hurts nobody")
    void survivesMalformedJson() {
        for (String body : List.of(
                "",
                "{",
                "{\"model\":\"gpt-4o\"",
                "{\"model\":\"gpt-4o\"}}",
                "\ufeff{\"model\":\"gpt-4o\"}",
                "[".repeat(100_000),
                "{\"a\":".repeat(10_000),
                "{\"model\":\"\\ud800\"}",
                "nonsense",
                "{\"model\":\"gpt-4o\",\"n\":1e9999}")) {
            Answer answer = post(CHAT, "application/json", utf8(body));
            assertThat(answer.status())
                    .as(body.substring(0, Math.min(40, body.length())))
                    .isIn(200, 400);
            assertThat(answer.body()).doesNotContain("Exception", "StackOverflow", "io.plano");
        }
        assertThat(post(CHAT, "application/json", new byte[] {
                            '{', '"', 'm', 'o', 'd', 'e', 'l', '"', ':', '"', (byte) 0xff, (byte) 0xc0, '"', '}'
                        })
                        .status())
                .isIn(200, 400, 404);
    }

    @Test
    @DisplayName("R62: a body over the limit is refused before it is read")
    void refusesALargeBodyBeforeReadingIt() {
        for (String path : List.of(CHAT, "/v1/messages", "/v1/batches")) {
            try (RawClient client = stage.connect()) {
                RawResponse response = client.request("POST", path)
                        .line(KEY)
                        .header("Content-Type", "application/json")
                        .header("Content-Length", "8388609")
                        .sendHead()
                        .readResponse();
                assertThat(response.status()).isEqualTo(413);
                assertThat(response.bodyText())
                        .contains(path.equals("/v1/messages") ? "\"request_too_large\"" : "invalid_request_error");
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R62: a body without a length is refused as soon as it exceeds the limit")
    void refusesAnEndlessBody() {
        try (RawClient client = stage.connect()) {
            client.request("POST", CHAT)
                    .line(KEY)
                    .header("Transfer-Encoding", "chunked")
                    .sendHead();
            String chunk = "x".repeat(1 << 20);
            for (int i = 0; i < 9; i++) {
                client.sendChunk(chunk);
            }
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
        stage.assertUntouched();
    }

    @Test
    void listsTheModelsInOpenAisShape() {
        JsonNode list = stage.exchange("GET", "/v1/models", request -> {}).json();
        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data").findValuesAsText("id"))
                .containsExactly("fast", "smart", "listen", "gpt-4o", "claude-x", "whisper-1");
        assertThat(list.path("data").findValuesAsText("object")).containsOnly("model");
        assertThat(list.path("data"))
                .allSatisfy(model ->
                        assertThat(model.path("created").isIntegralNumber()).isTrue());
        assertThat(list.path("data").get(3).path("owned_by").asText()).isEqualTo("OpenAI");
        stage.assertUntouched();
    }

    @Test
    void listsTheModelsInAnthropicsShape() {
        JsonNode list = stage.exchange(
                        "GET", "/v1/models?limit=1000", request -> request.header("anthropic-version", "2023-06-01"))
                .json();
        assertThat(list.path("data").findValuesAsText("id"))
                .containsExactly("fast", "smart", "listen", "gpt-4o", "claude-x", "whisper-1");
        assertThat(list.path("data").findValuesAsText("type")).containsOnly("model");
        assertThat(list.path("has_more").isBoolean()).isTrue();
        assertThat(list.path("first_id").asText()).isEqualTo("fast");
        assertThat(list.path("last_id").asText()).isEqualTo("whisper-1");
        stage.assertUntouched();
    }

    @Test
    void describesOneModelUnderEachOfItsNames() {
        for (String id : List.of("fast", "gpt-4o", "openai/gpt-4o", "ears", "claude-x")) {
            JsonNode openai =
                    stage.exchange("GET", "/v1/models/" + id, request -> {}).json();
            assertThat(openai.path("id").asText()).isEqualTo(id);
            assertThat(openai.path("object").asText()).isEqualTo("model");
            JsonNode anthropic = stage.exchange(
                            "GET", "/v1/models/" + id, request -> request.header("anthropic-version", "2023-06-01"))
                    .json();
            assertThat(anthropic.path("id").asText()).isEqualTo(id);
            assertThat(anthropic.path("type").asText()).isEqualTo("model");
        }
        assertThat(stage.exchange("HEAD", "/v1/models", request -> {}).status()).isEqualTo(200);
        stage.assertUntouched();
    }

    @Test
    void knowsNoModelThatNobodyServes() {
        Answer openai = stage.exchange("GET", "/v1/models/nobody", request -> {});
        assertThat(openai.status()).isEqualTo(404);
        assertThat(openai.json().at("/error/code").asText()).isEqualTo("model_not_found");
        Answer anthropic = stage.exchange(
                "GET", "/v1/models/nobody", request -> request.header("anthropic-version", "2023-06-01"));
        assertThat(anthropic.status()).isEqualTo(404);
        assertThat(anthropic.json().at("/error/type").asText()).isEqualTo("not_found_error");
        stage.assertUntouched();
    }

    @Test
    void findsTheModelOfAFormBehindALargeFile() {
        byte[] file = new byte[5 << 20];
        new Random(7).nextBytes(file);
        for (String model : List.of("listen", "whisper-1")) {
            byte[] body = form(file, "model", model);
            UpstreamRequest request =
                    delivered("/v1/audio/transcriptions", "multipart/form-data; boundary=b0undary", body);
            assertThat(request.target()).isEqualTo("/audio-host/audio/transcriptions");
            assertThat(Arrays.equals(request.body(), form(file, "model", "whisper-1")))
                    .isTrue();
        }
    }

    private static byte[] form(byte[] file, String field, String value) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(
                utf8(
                        "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n"));
        form.writeBytes(file);
        form.writeBytes(utf8("\r\n--b0undary\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value
                + "\r\n--b0undary--\r\n"));
        return form.toByteArray();
    }

    @Test
    void refusesAFormThatNamesTwoModels() {
        byte[] body = utf8(
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b\r\nContent-Disposition: form-data; name=model\r\n\r\ngpt-4o\r\n--b--\r\n");
        assertThat(post("/v1/audio/transcriptions", "multipart/form-data; boundary=b", body)
                        .status())
                .isEqualTo(400);
        stage.assertUntouched();
    }

    @Test
    void streamsAnUploadWhileItsClientStillSends() throws Exception {
        CompletableFuture<UpstreamRequest> arrived = new CompletableFuture<>();
        stage.upstream().onRequest(request -> {
            arrived.complete(request);
            return Stage.answer(request);
        });
        byte[] body = form(new byte[64 << 20 >> 2], "purpose", "batch"); // 16 MB: twice of what may be held
        int half = body.length / 2;
        try (RawClient client = stage.connect()) {
            client.request("POST", "/v1/files")
                    .line(KEY)
                    .header("Content-Type", "multipart/form-data; boundary=b0undary")
                    .header("Content-Length", String.valueOf(body.length))
                    .sendHead();
            client.send(Arrays.copyOf(body, 1000));
            UpstreamRequest request = arrived.get(10, TimeUnit.SECONDS);
            Await.until(
                    Stage.SOON, () -> request.bodyLengthSoFar() + " bytes", () -> request.bodyLengthSoFar() == 1000);
            client.send(Arrays.copyOfRange(body, 1000, half));
            Await.until(
                    Stage.SOON, () -> request.bodyLengthSoFar() + " bytes", () -> request.bodyLengthSoFar() == half);
            client.send(Arrays.copyOfRange(body, half, body.length));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo(Stage.JSON_ANSWER);
            assertThat(Arrays.equals(request.body(), body)).isTrue();
            assertThat(request.headers("Content-Length")).containsExactly(String.valueOf(body.length));
            Slots.assertOnly(request, "Authorization", "Bearer sk-surface-test");
        }
    }

    @Test
    void streamsAnUploadWithoutALength() {
        Answer answer = stage.exchange(
                "PUT",
                "/v1/uploads/u1/parts",
                request -> request.line(KEY)
                        .header("Content-Type", "application/octet-stream")
                        .chunkedBody("a".repeat(70_000), "b", "c".repeat(9_000)));
        assertThat(answer.status()).isEqualTo(200);
        UpstreamRequest request = stage.takeRequest();
        assertThat(request.bodyText()).isEqualTo("a".repeat(70_000) + "b" + "c".repeat(9_000));
        assertThat(request.headers("Transfer-Encoding")).containsExactly("chunked");
        assertThat(request.headers("Content-Length")).isEmpty();
    }

    @Test
    void routesEveryOtherPathAndMethodToTheDefaultProvider() {
        for (String path : List.of(
                "/v1/files/f-1/content",
                "/v1/batches",
                "/v1/responses/resp_1",
                "/v1/responses/resp_1/input_items",
                "/v1/images/generations/x",
                "/v1/fine_tuning/jobs",
                "/v1/some/future/thing",
                "/v1/threads/",
                "/v1/x%20y/caf%C3%A9%3Az".replace("%C3%A9", ""))) {
            for (String method : List.of("GET", "DELETE", "POST", "PUT", "PATCH", "HEAD", "QUERY")) {
                Answer answer = stage.exchange(method, path, request -> {
                    request.line(KEY);
                    if (!method.equals("HEAD")) {
                        request.json("{\"x\":1}");
                    }
                });
                assertThat(answer.status()).as(method + " " + path).isEqualTo(200);
                UpstreamRequest request = stage.takeRequest();
                assertThat(request.requestLine()).isEqualTo(method + " " + path + " HTTP/1.1");
                Slots.assertOnly(request, "Authorization", "Bearer sk-surface-test");
                assertThat(request.bodyText()).isEqualTo(method.equals("HEAD") ? "" : "{\"x\":1}");
            }
        }
    }

    @Test
    void routesOtherPathsByTheModelInTheirBody() {
        UpstreamRequest image = delivered(
                "/v1/images/generations", "application/json", utf8("{\"prompt\":\"x\",\"model\":\"listen\"}"));
        assertThat(image.target()).isEqualTo("/audio-host/images/generations");
        assertThat(image.bodyText()).isEqualTo("{\"prompt\":\"x\",\"model\":\"whisper-1\"}");
        UpstreamRequest groq = delivered("/v1/audio/speech", "application/json", utf8("{\"model\":\"groq/playai\"}"));
        assertThat(groq.bodyText()).isEqualTo("{\"model\":\"playai\"}");
        UpstreamRequest batch = delivered(
                "/v1/messages/batches",
                "application/json",
                utf8("{\"requests\":[{\"params\":{\"model\":\"smart\"}}]}"));
        assertThat(batch.target()).isEqualTo("/v1/messages/batches");
        Slots.assertOnly(batch, "x-api-key", "sk-surface-test");
    }

    @Test
    void answersBinaryBodiesByteForByte() {
        byte[] mp3 = new byte[200_000];
        new Random(3).nextBytes(mp3);
        stage.upstream().enqueue(Reply.of(200, "audio/mpeg", mp3));
        try (RawClient client = stage.connect()) {
            RawResponse response = client.request("POST", "/v1/audio/speech")
                    .line(KEY)
                    .json("{\"model\":\"gpt-4o\"}")
                    .exchange();
            assertThat(response.readBody()).isEqualTo(mp3);
            assertThat(response.header("Content-Type")).isEqualTo("audio/mpeg");
        }
    }

    @Test
    void answersTheProbesOfAgents() {
        for (String path : List.of("/", "/api/hello")) {
            for (String method : List.of("HEAD", "GET")) {
                Answer answer = stage.exchange(method, path, request -> {});
                assertThat(answer.status()).as(method + " " + path).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
            }
        }
        assertThat(stage.exchange("GET", "/healthz", request -> {})
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("ok");
        assertThat(stage.exchange("GET", "/readyz", request -> {}).status()).isEqualTo(200);
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R54: OPTIONS has no CORS headers")
    void answersOptionsWithoutCors() {
        for (String path : List.of("/", "/v1/models", CHAT)) {
            Answer answer =
                    stage.exchange("OPTIONS", path, request -> request.header("Origin", "https://evil.example"));
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.head().headerLines())
                    .extracting(HeaderLine::name)
                    .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
        }
        stage.assertUntouched();
    }

    @Test
    void servesNothingOutsideItsApi() {
        for (String path : List.of(
                "/v1",
                "/v1/",
                "/v2/chat/completions",
                "/V1/models",
                "/chat/completions",
                "/admin",
                "/WEB-INF/web.xml",
                "/metrics",
                "/v1beta/models/x:generateContent")) {
            for (String method : List.of("GET", "POST")) {
                Answer answer = stage.exchange(method, path, request -> {
                    if (method.equals("POST")) {
                        request.json("{\"model\":\"gpt-4o\"}").line(KEY);
                    }
                });
                assertThat(answer.status()).as(method + " " + path).isEqualTo(404);
                assertThat(answer.body()).doesNotContain("io.plano", "<web-app");
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R30: no spelling of a path leads to another path upstream")
    void refusesPathsThatCanBeReadInTwoWays() {
        for (String path : List.of(
                "/v1/%2e%2e/admin",
                "/v1/../admin",
                "/v1/./chat/completions",
                "/v1/..;/admin",
                "//v1/messages",
                "/v1//messages",
                "/v1/messages;x=1",
                "/v1;a=b/messages",
                "/v1/a%2Fb",
                "/v1/a%2fb",
                "/v1/a%5Cb",
                "/v1/a\\b",
                "/v1/a%00b",
                "/v1/a%0d%0ab",
                "/v1/%252e%252e/x",
                "/v1/a%zz",
                "/v1/files/%3Fkey=x",
                "/v1/chat/completions%23",
                "/v1/a b")) {
            for (String method : List.of("POST", "GET")) {
                Answer answer = stage.exchange(method, path, request -> {
                    request.line(KEY);
                    if (method.equals("POST")) {
                        request.json("{\"model\":\"gpt-4o\"}");
                    }
                });
                assertThat(answer.status()).as(method + " " + path).isIn(400, 404);
            }
        }
        stage.assertUntouched();
    }

    @Test
    void sendsAWebSocketClientBackToPost() {
        Answer answer = stage.exchange(
                "GET",
                "/v1/responses",
                request -> request.line(KEY)
                        .header("Connection", "Upgrade")
                        .header("Upgrade", "websocket")
                        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                        .header("Sec-WebSocket-Version", "13")
                        .header("openai-beta", "responses_websockets=2026-02-06"));
        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.json().at("/error/message").asText()).contains("POST");
        stage.assertUntouched();
    }

    @Test
    void ignoresAnOfferOfHttp2AsJavaClientsMakeIt() throws IOException {
        try (Stage both = Stage.open(kind, "{model: litellm/m, base_url: UPSTREAM, passthrough_auth: true}")) {
            assertHttp2OffersIgnored(both);
        }
    }

    private static void assertHttp2OffersIgnored(Stage stage) throws IOException {
        for (boolean stream : new boolean[] {false, true}) {
            for (String surface : List.of("openai", "anthropic")) {
                byte[] captured = capture("java-lc4j-" + surface + (stream ? "-stream" : "") + "-01.http");
                try (RawClient client = stage.connect()) {
                    client.send(captured);
                    RawResponse response = client.readResponse();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.bodyText()).isNotEmpty();
                }
                UpstreamRequest request = stage.takeRequest();
                assertThat(request.body()).isEqualTo(bodyOf(captured));
                assertThat(request.header("Upgrade")).isNull();
                assertThat(request.header("HTTP2-Settings")).isNull();
                Slots.assertOnly(
                        request,
                        surface.equals("openai") ? "Authorization" : "x-api-key",
                        surface.equals("openai") ? "Bearer sk-dummy" : "sk-ant-dummy");
            }
        }
    }

    private static byte[] capture(String name) throws IOException {
        try (var in = SurfacesIT.class.getResourceAsStream("/captures/" + name)) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static byte[] bodyOf(byte[] captured) {
        String text = new String(captured, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void forwardsTheQueryByteForByte() {
        List<String> queries =
                new ArrayList<>(List.of("?beta=true", "?beta=true&limit=5&x=%2F%20+a", "?", "?flag&empty="));
        if (kind == GatewayContainer.Kind.JETTY) { // Tomcat lets no brackets in unless it is told to
            queries.add("?a[]=1&a[]=2");
        }
        for (String query : queries) {
            UpstreamRequest request =
                    delivered("/v1/messages" + query, "application/json", utf8("{\"model\":\"claude-x\"}"));
            assertThat(request.target())
                    .isIn("/v1/messages" + query, ("/v1/messages" + query).replaceFirst("\\?$", ""));
        }
    }

    @Test
    @DisplayName("R31: a credential in the query is refused, and an address in it decides nothing")
    void refusesCredentialsInTheQuery() {
        List<String> queries = new ArrayList<>(List.of(
                "?key=sk-CANARY",
                "?KEY=sk-CANARY",
                "?beta=true&key=sk-CANARY",
                "?%6bey=sk-CANARY",
                "?key",
                "?api_key=sk-CANARY",
                "?api-key=sk-CANARY",
                "?access_token=sk-CANARY",
                "?a=1;key=sk-CANARY"));
        for (String query : queries) {
            for (String path : List.of(CHAT, "/v1/messages", "/v1/models", "/v1/files")) {
                Answer answer = path.equals("/v1/models")
                        ? stage.exchange("GET", path + query, request -> {})
                        : post(path + query, "application/json", utf8("{\"model\":\"gpt-4o\"}"));
                assertThat(answer.status()).as(path + query).isEqualTo(400);
                assertThat(answer.body()).doesNotContain("CANARY");
            }
        }
        stage.assertUntouched();
        UpstreamRequest request = delivered(
                CHAT + "?api_base=http://127.0.0.1:1&target=x&base_url=y",
                "application/json",
                utf8("{\"model\":\"gpt-4o\"}"));
        assertThat(request.headers("Host"))
                .containsExactly("127.0.0.1:" + stage.upstream().port());
    }

    @Test
    void worksUnderAContextPath() {
        try (Stage nested = open("/plano")) {
            UpstreamRequest request = nested.delivered("/plano/v1/chat/completions?a=b", "{\"model\":\"fast\"}", KEY);
            assertThat(request.target()).isEqualTo("/v1/chat/completions?a=b");
            assertThat(request.bodyText()).isEqualTo("{\"model\":\"gpt-4o\"}");
            assertThat(nested.exchange("GET", "/plano/v1/models/fast", it -> {})
                            .json()
                            .path("id")
                            .asText())
                    .isEqualTo("fast");
            assertThat(nested.exchange("HEAD", "/plano/", it -> {}).status()).isEqualTo(200);
            assertThat(nested.exchange("GET", "/plano/healthz", it -> {}).status())
                    .isEqualTo(200);
            assertThat(nested.post("/v1/chat/completions", "{\"model\":\"fast\"}", KEY)
                            .status())
                    .isEqualTo(404);
            for (String path : List.of(
                    "/plano/../v1/models",
                    "/plano;x/v1/models",
                    "/%70lano/v1/models",
                    "/plano%2fv1/models",
                    "/plano//v1/models")) {
                assertThat(nested.exchange("POST", path, it -> it.line(KEY).json("{\"model\":\"gpt-4o\"}"))
                                .status())
                        .as(path)
                        .isIn(200, 400, 404);
            }
            for (UpstreamRequest seen : nested.upstream().requests()) {
                assertThat(seen.target()).isIn("/v1/chat/completions?a=b", "/v1/models");
            }
        }
    }

    @Test
    void saysThatAProviderDoesNotSpeakTheApiOfThePath() {
        Answer answer = post("/v1/messages/batches", "application/json", utf8("{\"model\":\"gpt-4o\"}"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").asText()).contains("Anthropic");
        stage.assertUntouched();
    }
}
