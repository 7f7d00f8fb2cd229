package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes memory, against the built archive with a heap of 256 MB, beside a client who must not notice. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SmallHeapIT {
    static final String WORDS = "I am fine.";

    private static final String ANSWER =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + WORDS
                    + "\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MB = 1 << 20;

    @TempDir
    private static Path folder;

    private static FakeUpstream upstream;
    private static BuiltGateway gateway;

    private final ExecutorService attackers = Executors.newFixedThreadPool(30);
    private Bystander bystander;

    @BeforeAll
    static void start() throws IOException {
        upstream = FakeUpstream.start();
        upstream.onRequest(SmallHeapIT::answer);
        gateway = BuiltGateway.start(folder, """
                model_providers:
                  - {model: custom/plain, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true}
                  - {model: custom/heads, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true}
                  - {model: custom/flood, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true}
                  - {model: custom/tree, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true}
                """.replace("%s", upstream.baseUrl()), "-Xmx256m");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @BeforeEach
    void watch() {
        bystander = Bystander.start(gateway.port());
        Await.until(LONG, () -> "no answer at all", () -> bystander.answers() > 10);
    }

    @AfterEach
    void looksAsIfNothingHadBeen() throws Exception {
        attackers.shutdownNow();
        int before = bystander.answers();
        Await.until(LONG, () -> "no answer any more", () -> bystander.answers() > before + 10);
        bystander.assertServed();
        assertThat(gateway.isAlive()).isTrue();
        assertThat(gateway.printed())
                .doesNotContain("OutOfMemoryError", "StackOverflowError", "a defect of the gateway");
        Await.until(LONG, () -> "memory that did not come back", SmallHeapIT::servesALargeBody);
    }

    /** As large as one client may send: there is room for it only when all that was held has come back. */
    private static boolean servesALargeBody() {
        byte[] padding = "x".repeat(15 * MB).getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = RawClient.connect(gateway.port()).patience(LONG)) {
            client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer sk-somebody")
                    .header("Content-Type", "application/json")
                    .body(chat("plain", new String(padding, StandardCharsets.US_ASCII)))
                    .send();
            RawResponse response = client.readResponse();
            return response.status() == 200 && response.bodyText().contains(WORDS);
        }
    }

    private static String chat(String model, String text) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private static String messages(String model, String more) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                + more + "}";
    }

    private static Reply answer(UpstreamRequest request) {
        String body = request.bodyText();
        String start = body.substring(0, Math.min(200, body.length()));
        if (body.contains("\"model\":\"heads\"")) {
            Reply heads = Reply.script().bytes("HTTP/1.1 200 OK\r\n");
            byte[] line = ("X-Line: " + "v".repeat(62_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 480; i++) {
                heads.bytes(line);
            }
            return heads.bytes("Content-Length: 2\r\n\r\n{}");
        }
        if (body.contains("\"model\":\"flood\"")) {
            Reply flood = Reply.stream();
            byte[] chunk = CHUNK.formatted("w".repeat(60_000)).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1000; i++) {
                flood.chunk(chunk);
            }
            return flood.chunk("data: [DONE]\n\n").lastChunk();
        }
        if (body.contains("\"model\":\"tree\"")) {
            String tree = "{},".repeat(10 * MB);
            return Reply.json(200, ANSWER.replace("\"usage\":", "\"more\":[" + tree + "{}],\"usage\":"));
        }
        return start.contains("\"stream\":true") ? Reply.json(500, "{}") : Reply.json(200, ANSWER);
    }

    private record Refusal(int status, String body, RawResponse head) {}

    private static Refusal post(String address, String path, byte[] body, String... lines) {
        try (RawClient client = RawClient.connectFrom(address, gateway.port()).patience(LONG)) {
            var request = client.request("POST", path).header("Content-Type", "application/json");
            request.header("Authorization", "Bearer junk");
            for (String line : lines) {
                request.line(line);
            }
            RawResponse response = request.body(body).exchange();
            return new Refusal(response.status(), response.bodyText(), response);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private interface Attack {
        void lead(String address) throws Exception;
    }

    /** All at once, each from an address of its own. */
    private void attack(int count, Attack attack) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String address = "127.0.0." + (2 + i);
            all.add(attackers.submit(() -> {
                attack.lead(address);
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(200, TimeUnit.SECONDS);
        }
    }

    @Test
    void threeTinyRequestsThatInflateThreeTimesAreRefusedUnread() throws Exception {
        byte[] thrice = gzip(gzip(gzip(bytes(messages("plain", ",\"x\":[" + "{},".repeat(11_000_000) + "{}]")))));
        assertThat(thrice).hasSizeLessThan(1000);

        attack(3, address -> {
            Refusal refusal = post(address, "/v1/messages", thrice, "Content-Encoding: gzip, gzip, gzip");
            assertThat(refusal.status()).isEqualTo(415);
            assertThat(refusal.body()).startsWith("{\"type\":\"error\"").contains("more than one Content-Encoding");
        });
    }

    @Test
    void bodiesThatInflateBeyondAllReasonAreCutShort() throws Exception {
        byte[] once = gzip(bytes(messages("plain", ",\"x\":[" + "{},".repeat(11_000_000) + "{}]")));

        attack(
                10,
                address -> assertThat(post(address, "/v1/messages", once, "Content-Encoding: gzip")
                                .status())
                        .isEqualTo(413));
    }

    @Test
    void treesOfMillionsOfValuesAreCountedBeforeTheyGrow() throws Exception {
        byte[] tree = bytes(messages("plain", ",\"x\":[" + "{},".repeat(5 * MB) + "{}]"));
        String call = "{\"model\":\"plain\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\","
                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":["
                + "{},".repeat(3 * MB) + "{}]}\"}}]}]}";
        byte[] heavy = bytes(messages("plain", ",\"x\":[" + "{},".repeat(160_000) + "{}]"));

        attack(6, address -> {
            Refusal refusal = post(address, "/v1/messages", tree);
            assertThat(refusal.status()).isIn(400, 503);
            if (refusal.status() == 400) {
                assertThat(refusal.body()).contains("more than 500000 JSON values");
            }
            assertThat(post(address, "/v1/responses", bytes(call)).status()).isIn(400, 503);
            assertThat(post(address, "/v1/messages", heavy).status()).isIn(413, 503);
        });
    }

    @Test
    void uploadsThatNobodyFinishesDoNotKeepOthersOut() throws Exception {
        List<RawClient> unfinished = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        try {
            for (int i = 0; i < 17; i++) {
                RawClient client = upload("127.0.0.2", 33 * MB, "X-Nothing: here");
                assertThat(client.readResponse().status()).isEqualTo(401);
                unfinished.add(client);
            }
            for (int i = 0; i < 8; i++) {
                RawClient client = upload("127.0.0.2", 33 * MB, "Authorization: Bearer junk");
                assertThat(client.readResponse().status()).isEqualTo(413);
                unfinished.add(client);
            }
            for (int i = 0; i < 12; i++) {
                unfinished.add(upload("127.0.0." + (2 + i), 15 * MB, "Authorization: Bearer junk"));
            }
            for (RawClient client : unfinished.subList(25, 37)) {
                client.patience(Duration.ofSeconds(3));
                try {
                    RawResponse response = client.readResponse();
                    assertThat(response.status()).isEqualTo(503);
                    assertThat(response.header("Retry-After")).isEqualTo("1");
                    refused.incrementAndGet();
                } catch (AssertionError stillReading) {
                    assertThat(stillReading).hasMessageContaining("no response head");
                }
            }
            assertThat(refused).hasValueBetween(5, 11);
            int before = bystander.answers();
            Await.until(LONG, () -> "no answer", () -> bystander.answers() > before + 50);
        } finally {
            unfinished.forEach(RawClient::close);
        }
    }

    /** Sends the head and a part of the body. */
    private static RawClient upload(String address, int length, String line) {
        RawClient client = RawClient.connectFrom(address, gateway.port());
        client.request("POST", "/v1/chat/completions")
                .line(line)
                .header("Content-Type", "application/json")
                .header("Content-Length", Integer.toString(length))
                .send();
        try {
            client.send("{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"");
        } catch (RuntimeException closed) {
            // refused already
        }
        return client;
    }

    @Test
    void headsOfThirtyMegabytesAreNoAnswers() throws Exception {
        attack(12, address -> {
            assertThat(post(address, "/v1/chat/completions", bytes(chat("heads", "hi")))
                            .status())
                    .isEqualTo(502);
            assertThat(post(address, "/v1/messages", bytes(messages("heads", "")))
                            .status())
                    .isEqualTo(502);
        });
    }

    @Test
    void streamsOfSixtyMegabytesAreNotCollected() throws Exception {
        attack(4, address -> {
            Refusal refusal = post(address, "/v1/messages", bytes(messages("flood", "")));
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.body()).startsWith("{\"type\":\"error\"");
            assertThat(refusal.head().header("Retry-After")).isNotNull();
        });
    }

    @Test
    void answersThatAreTreesAreNotRead() throws Exception {
        attack(4, address -> {
            Refusal refusal = post(address, "/v1/messages", bytes(messages("tree", "")));
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.body()).startsWith("{\"type\":\"error\"");
        });
    }
}
