package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.CapturedLogs;
import io.plano.testing.FakeProxy;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.Http2Upstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.TestKeys;
import io.plano.testing.TlsFront;
import io.plano.testing.TlsFront.ClientAuthentication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("HTTP/2 to a provider, from a configuration file to the wire")
class Http2IT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MANY = 128;

    @TempDir
    private static Path keys;

    private static TestKeys server;

    @BeforeAll
    static void makeKeys() {
        server = TestKeys.make(keys, "server", "EC", "ip:127.0.0.1,dns:provider.test");
    }

    private static String yaml(String baseUrl, String more) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true,
                     tls: {ca: %s}, %s}
                """.formatted(baseUrl, server.certificate(), more);
    }

    private static GatewayContainer gateway(String baseUrl, String more) {
        return GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", yaml(baseUrl, more));
    }

    private static Http2Upstream upstream(Http2Upstream.Answer answer) {
        return Http2Upstream.start(server.serverTrusting(), MANY, answer);
    }

    private static RawClient ask(GatewayContainer gateway, String key) {
        return RawClient.connect(gateway.port())
                .request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer " + key)
                .header("Connection", "close")
                .json("{\"model\":\"x\"}")
                .send();
    }

    private record Answer(RawResponse head, String body) {
        int status() {
            return head.status();
        }
    }

    private static Answer exchange(GatewayContainer gateway) {
        try (RawClient client = ask(gateway, "client-key")) {
            RawResponse response = client.readResponse();
            return new Answer(response, response.bodyText());
        }
    }

    private static void json(Response response, Callback callback, String body) {
        response.getHeaders().put("Content-Type", "application/json");
        Content.Sink.write(response, true, body, callback);
    }

    private static void write(Response response, String text) throws IOException {
        Content.Sink.write(response, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void head(Response response) throws IOException {
        response.getHeaders().put("Content-Type", "text/event-stream");
        Content.Sink.write(response, false, ByteBuffer.allocate(0));
    }

    @DisplayName(
            "A whole answer that is translated may be larger than the window, which nothing but the translation empties")
    @ParameterizedTest
    @ValueSource(ints = {200_000, 2_000_000})
    void translatesAnAnswerThatIsLargerThanTheWindow(int length) {
        String document = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + "a".repeat(length)
                + "\"},\"finish_reason\":\"stop\"}]}";
        try (Http2Upstream upstream = upstream((request, response, callback) -> json(response, callback, document));
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.request("POST", "/v1/messages")
                    .header("Authorization", "Bearer client-key")
                    .json("{\"model\":\"x\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                    .exchange();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).contains("a".repeat(length));
            assertThat(upstream.versions()).containsExactly("HTTP/2.0");
        }
    }

    @Test
    void speaksHttp2WhereTheProviderChoosesIt() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    seen.add(request.getMethod() + " " + request.getHttpURI().getPathQuery() + " "
                            + request.getHttpURI().getAuthority());
                    seen.add(String.valueOf(request.getHeaders().getFieldNamesCollection()));
                    seen.add(Content.Source.asString(request));
                    response.getHeaders().put("x-request-id", "their-id");
                    json(response, callback, "{\"answer\":1}");
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto")) {
            Answer response = exchange(gateway);
            exchange(gateway);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{\"answer\":1}");
            assertThat(response.head().header("x-request-id")).isEqualTo("their-id");
            assertThat(upstream.versions()).containsExactly("HTTP/2.0", "HTTP/2.0");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(seen)
                    .contains("POST /v1/chat/completions 127.0.0.1:" + upstream.port(), "{\"model\":\"x\"}")
                    .allSatisfy(text -> assertThat(text).doesNotContainIgnoringCase("connection", "transfer-encoding"));
        }
    }

    @Test
    void speaksHttp11WhereNothingElseIsOfferedOrChosen() {
        try (Http2Upstream offeredNothing = upstream((request, response, callback) -> json(response, callback, "{}"));
                FakeUpstream upstream = FakeUpstream.start().onRequest(request -> Reply.json(200, "{}"));
                TlsFront front = TlsFront.start(upstream, server.serverTrusting(), ClientAuthentication.NONE);
                GatewayContainer off = gateway(offeredNothing.baseUrl(), "http2: off");
                GatewayContainer auto = gateway("https://127.0.0.1:" + front.port(), "http2: auto")) {
            assertThat(exchange(off).status()).isEqualTo(200);
            assertThat(offeredNothing.versions()).containsExactly("HTTP/1.1");

            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(ask(auto, "key-" + i));
            }
            for (RawClient client : clients) {
                assertThat(client.readResponse().bodyText()).isEqualTo("{}");
                client.close();
            }
            // A client may have its answer a moment before the connection is free again.
            Await.until(SOON, () -> "no connection is used twice", () -> {
                assertThat(exchange(auto).status()).isEqualTo(200);
                return upstream.requests().stream().anyMatch(request -> request.index() > 0);
            });
        }
    }

    @Test
    void speaksHttp11ToPlainEndpointsAndSaysSo() {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> Reply.json(200, "{}"));
                CapturedLogs logs = CapturedLogs.start();
                GatewayContainer gateway = GatewayContainer.start(
                        GatewayContainer.Kind.JETTY,
                        "/",
                        yaml(upstream.baseUrl(), "http2: auto").replaceAll("tls: [{].*[}], ", ""))) {
            assertThat(exchange(gateway).status()).isEqualTo(200);

            assertThat(upstream.requests().get(0).requestLine()).endsWith(" HTTP/1.1");
            assertThat(logs.entries())
                    .anySatisfy(entry -> assertThat(entry.text()).contains("http2", "has no effect"));
        }
    }

    @Test
    void fiftyExchangesShareOneConnectionAndKeepTheirCredentials() throws Exception {
        int count = 50;
        CountDownLatch arrived = new CountDownLatch(count);
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    arrived.countDown();
                    boolean all = arrived.await(SOON.toSeconds(), TimeUnit.SECONDS);
                    json(response, callback, all + " " + request.getHeaders().get("Authorization"));
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(ask(gateway, "canary-" + i));
            }
            for (int i = 0; i < count; i++) {
                try (RawClient client = clients.get(i)) {
                    assertThat(client.readResponse().bodyText()).isEqualTo("true Bearer canary-" + i);
                }
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void opensAnotherConnectionWhereTheProviderAllowsNoMoreStreams() throws Exception {
        int count = 10;
        CountDownLatch arrived = new CountDownLatch(count);
        try (Http2Upstream upstream = Http2Upstream.start(server.serverTrusting(), 4, (request, response, callback) -> {
                    arrived.countDown();
                    json(response, callback, "" + arrived.await(SOON.toSeconds(), TimeUnit.SECONDS));
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(ask(gateway, "k"));
            }
            for (RawClient client : clients) {
                try (client) {
                    assertThat(client.readResponse().bodyText()).isEqualTo("true");
                }
            }
            assertThat(upstream.connections()).isEqualTo(3);
            assertThat(upstream.failures()).isEmpty();
        }
    }

    @Test
    void relaysEventsOneByOne() throws Exception {
        BlockingQueue<String> next = new LinkedBlockingQueue<>();
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    head(response);
                    for (int i = 0; i < 3; i++) {
                        write(response, "data: " + next.take() + "\n\n");
                    }
                    write(response, "data: [DONE]\n\n");
                    callback.succeeded();
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient client = ask(gateway, "k")) {
            RawResponse response = client.readResponse();
            for (String event : List.of("one", "two", "three")) {
                next.add(event);
                assertThat(response.readEvent().orElseThrow().raw()).contains(event);
            }
            assertThat(response.readEvent().orElseThrow().raw()).contains("[DONE]");
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    @Test
    void aClientThatLeavesEndsItsOwnStreamAndNoOther() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    head(response);
                    write(response, "data: 1\n\n");
                    if (request.getHeaders().get("Authorization").equals("Bearer leaves")) {
                        while (true) {
                            write(response, "data: more\n\n"); // until it fails
                        }
                    }
                    boolean other = left.await(SOON.toSeconds(), TimeUnit.SECONDS);
                    write(response, "data: " + other + "\n\ndata: [DONE]\n\n");
                    callback.succeeded();
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient stays = ask(gateway, "stays")) {
            RawClient leaves = ask(gateway, "leaves");
            assertThat(leaves.readResponse().readEvent().orElseThrow().raw()).contains("data: 1");
            leaves.reset();

            Await.until(
                    SOON,
                    () -> "the stream is not reset",
                    () -> upstream.failures().size() == 1);
            left.countDown();
            assertThat(stays.readResponse().bodyText()).endsWith("data: true\n\ndata: [DONE]\n\n");
            assertThat(upstream.failures()).hasSize(1);
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(upstream.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void aSlowClientHoldsBackItsOwnStreamAndNoOther() throws Exception {
        byte[] block = new byte[16 << 10];
        int blocks = 1024;
        AtomicLong written = new AtomicLong();
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    if (request.getHeaders().get("Authorization").equals("Bearer quick")) {
                        json(response, callback, "{}");
                        return;
                    }
                    response.getHeaders().put("Content-Type", "application/octet-stream");
                    for (int i = 0; i < blocks; i++) {
                        Content.Sink.write(response, false, ByteBuffer.wrap(block));
                        written.addAndGet(block.length);
                    }
                    callback.succeeded();
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient slow = RawClient.connectWithReceiveBuffer(gateway.port(), 4096)) {
            slow.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer slow")
                    .json("{\"model\":\"x\"}")
                    .send();
            AtomicLong before = new AtomicLong(-1);
            Await.until(SOON, () -> "it is never held back", () -> {
                exchangeQuickly(gateway);
                return written.get() > 0 && before.getAndSet(written.get()) == written.get();
            });
            assertThat(written.get()).isLessThan(8L << 20);

            slow.patience(Duration.ofSeconds(30));
            assertThat(slow.readResponse().discardBody()).isEqualTo((long) blocks * block.length);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    private static void exchangeQuickly(GatewayContainer gateway) {
        try (RawClient quick = ask(gateway, "quick")) {
            assertThat(quick.readResponse().bodyText()).isEqualTo("{}");
        }
    }

    @Test
    void sendsBodiesThatAreLargerThanEveryWindow() {
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    byte[] body = Content.Source.asByteArrayAsync(request, -1).get(30, TimeUnit.SECONDS);
                    json(response, callback, body.length + " " + new String(body, body.length - 3, 3));
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient json = RawClient.connect(gateway.port());
                RawClient streamed = RawClient.connect(gateway.port())) {
            String filler = "y".repeat(5 << 20);
            String body = "{\"model\":\"x\",\"a\":\"" + filler + "\"}";
            RawResponse held = json.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer k")
                    .json(body)
                    .exchange();
            RawResponse relayed = streamed.request("POST", "/v1/files")
                    .header("Authorization", "Bearer k")
                    .header("Content-Type", "application/octet-stream")
                    .body(filler + "end")
                    .exchange();

            assertThat(held.bodyText()).isEqualTo(body.length() + " y\"}");
            assertThat(relayed.bodyText()).isEqualTo(filler.length() + 3 + " end");
        }
    }

    @Test
    void goesThroughTheTunnelOfAnEgressProxy() {
        try (Http2Upstream upstream = upstream((request, response, callback) ->
                        json(response, callback, request.getHttpURI().getAuthority()));
                FakeProxy proxy = FakeProxy.start(upstream.port());
                GatewayContainer gateway = gateway(
                        "https://provider.test", "http2: auto, proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertThat(exchange(gateway).body()).isEqualTo("provider.test");
            assertThat(exchange(gateway).body()).isEqualTo("provider.test");

            assertThat(upstream.versions()).containsOnly("HTTP/2.0");
            assertThat(proxy.heads()).hasSize(1);
        }
    }

    @Test
    void refusesAProviderThatNobodyVouchesFor() {
        TestKeys stranger = TestKeys.make(keys, "stranger", "EC", "ip:127.0.0.1");
        try (Http2Upstream upstream = Http2Upstream.start(
                        stranger.serverTrusting(),
                        MANY,
                        (request, response, callback) -> json(response, callback, "{}"));
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto")) {
            Answer response = exchange(gateway);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.body()).contains("secure connection");
        }
    }

    @Test
    void aReloadDecidesForTheExchangesThatFollow() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    if (request.getHeaders().get("Authorization").equals("Bearer early")) {
                        arrived.countDown();
                        gate.await();
                    }
                    json(
                            response,
                            callback,
                            request.getConnectionMetaData().getHttpVersion().asString());
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient early = ask(gateway, "early")) {
            assertThat(arrived.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

            Files.writeString(gateway.configFile(), yaml(upstream.baseUrl(), "http2: off"));

            Await.until(
                    SOON, () -> "still HTTP/2", () -> exchange(gateway).body().equals("HTTP/1.1"));
            gate.countDown();
            assertThat(early.readResponse().bodyText()).isEqualTo("HTTP/2.0");
        }
    }

    @Test
    void endsStreamsThatFallSilentAndSparesTheOthers() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    String key = request.getHeaders().get("Authorization");
                    if (key.equals("Bearer silent-later")) {
                        head(response);
                        write(response, "data: 1\n\n");
                    }
                    if (key.equals("Bearer fine")) {
                        head(response);
                        for (int i = 0; !gate.await(100, TimeUnit.MILLISECONDS); i++) {
                            write(response, "data: " + i + "\n\n");
                        }
                        write(response, "data: [DONE]\n\n");
                        callback.succeeded();
                    }
                });
                GatewayContainer gateway =
                        gateway(upstream.baseUrl(), "http2: auto, timeouts: {first_byte: 1s, idle: 1s}");
                RawClient fine = ask(gateway, "fine");
                RawClient silent = ask(gateway, "silent");
                RawClient silentLater = ask(gateway, "silent-later")) {
            RawResponse timedOut = silent.readResponse();
            assertThat(timedOut.status()).isEqualTo(504);
            RawResponse cut = silentLater.readResponse();
            assertThat(cut.readEvent().orElseThrow().raw()).contains("data: 1");
            assertThat(cut.readEvent().orElseThrow().raw()).contains("error");
            assertThat(cut.end()).isEqualTo(ResponseEnd.TRUNCATED);
            gate.countDown();
            assertThat(fine.readResponse().bodyText()).endsWith("data: [DONE]\n\n");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void endsAnExchangeThatTakesTooLongInAll() {
        try (Http2Upstream upstream = upstream((request, response, callback) -> {});
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto, timeouts: {total: 300ms}")) {
            assertThat(exchange(gateway).status()).isEqualTo(504);
            Await.until(
                    SOON,
                    () -> "the stream is not reset",
                    () -> upstream.failures().size() == 1);
        }
    }

    @Test
    void theEndOfTheConnectionIsNoEndOfTheAnswer() throws Exception {
        try (Http2Upstream upstream = upstream((request, response, callback) -> {
                    head(response);
                    write(response, "data: 1\n\n");
                    request.getConnectionMetaData()
                            .getConnection()
                            .getEndPoint()
                            .close();
                });
                GatewayContainer gateway = gateway(upstream.baseUrl(), "http2: auto");
                RawClient client = ask(gateway, "k")) {
            RawResponse response = client.readResponse();
            assertThat(response.readEvent().orElseThrow().raw()).contains("data: 1");
            assertThat(response.readEvent().orElseThrow().raw()).contains("error");
            assertThat(response.end()).isEqualTo(ResponseEnd.TRUNCATED);
        }
    }
}
