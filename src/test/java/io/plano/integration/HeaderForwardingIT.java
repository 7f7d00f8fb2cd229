package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.integration.Stage.Answer;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.HeaderLine;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a request's head reaches the upstream, and what of an answer's head reaches the client. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HeaderForwardingIT {
    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-4o\",\"messages\":[]}";
    private static final String KEY = "Authorization: Bearer sk-header-test";

    private final GatewayContainer.Kind kind;
    private Stage stage;

    HeaderForwardingIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openStage() {
        stage = Stage.openFile(kind, "/", """
                model_providers:
                  - {model: openai/gpt-4o, base_url: UPSTREAM, passthrough_auth: true, default: true}
                  - {model: openai/fixed, base_url: UPSTREAM, passthrough_auth: true, http_host: provider.example,
                     headers: {X-Team: blue, anthropic-beta: ours}}
                overrides: {max_header_count: 60, max_header_bytes: 20000}
                """);
    }

    @AfterEach
    void closeStage() {
        stage.close();
    }

    private UpstreamRequest delivered(String... headerLines) {
        return stage.delivered(CHAT, BODY, with(KEY, headerLines));
    }

    private static String[] with(String first, String... others) {
        String[] all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    private Answer answeredBy(Reply reply, String... headerLines) {
        stage.upstream().enqueue(reply);
        return stage.post(CHAT, BODY, with(KEY, headerLines));
    }

    private void assertRefused(int status, String... headerLines) {
        assertThat(stage.post(CHAT, BODY, with(KEY, headerLines)).status()).isEqualTo(status);
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R1: headers that Connection names stay here")
    void dropsHeadersNamedByTheClientsConnection() {
        UpstreamRequest request = delivered(
                "Connection: x-foo, X-BAR", "X-Foo: 1", "x-bar: 2", "Connection: x-third", "X-Third: 3", "X-Kept: 4");
        assertThat(request.header("X-Foo")).isNull();
        assertThat(request.header("X-Bar")).isNull();
        assertThat(request.header("X-Third")).isNull();
        assertThat(request.header("X-Kept")).isEqualTo("4");
        assertThat(request.headers("Connection"))
                .noneMatch(value -> value.toLowerCase().contains("x-"));
    }

    @Test
    @DisplayName("R2: headers that the upstream's Connection names do not reach the client")
    void dropsHeadersNamedByTheUpstreamsConnection() {
        Answer answer = answeredBy(Reply.json(200, "{}")
                .header("Connection", "x-secret, X-Other")
                .header("X-Secret", "1")
                .header("x-other", "2")
                .header("X-Kept", "3"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head().header("X-Secret")).isNull();
        assertThat(answer.head().header("X-Other")).isNull();
        assertThat(answer.head().header("X-Kept")).isEqualTo("3");
    }

    @Test
    @DisplayName("R3: hop-by-hop headers of the client stay here, and framing is ours")
    void dropsHopByHopHeadersOfTheClient() {
        UpstreamRequest request = delivered(
                "Keep-Alive: timeout=99",
                "Proxy-Connection: keep-alive",
                "TE: trailers",
                "Trailer: X-Sum",
                "Upgrade: h2c",
                "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA",
                "Connection: Upgrade, HTTP2-Settings");
        for (String name : List.of(
                "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade", "HTTP2-Settings", "Transfer-Encoding")) {
            assertThat(request.header(name)).as(name).isNull();
        }
        assertThat(request.headers("Content-Length")).containsExactly(String.valueOf(BODY.length()));
    }

    @Test
    @DisplayName("R3: a chunked body goes on with one framing header and its exact bytes")
    void framesAChunkedBodyAnew() {
        Answer answer = stage.exchange(
                "POST",
                CHAT,
                request -> request.line(KEY)
                        .header("Content-Type", "application/json")
                        .chunkedBody("{\"model\":", "\"gpt-4o\"", ",\"messages\":[]}"));
        assertThat(answer.status()).isEqualTo(200);
        UpstreamRequest request = stage.takeRequest();
        assertThat(request.headers("Content-Length").size()
                        + request.headers("Transfer-Encoding").size())
                .isEqualTo(1);
        assertThat(request.bodyText()).isEqualTo(BODY);
    }

    @Test
    @DisplayName("R3, R7: hop-by-hop headers and proxy challenges of the upstream do not reach the client")
    void dropsHopByHopHeadersOfTheUpstream() {
        Answer answer = answeredBy(Reply.script()
                .head(
                        200,
                        "Content-Type: application/json",
                        "Transfer-Encoding: chunked",
                        "Keep-Alive: timeout=77",
                        "Proxy-Connection: keep-alive",
                        "Upgrade: h2c",
                        "Trailer: X-Sum",
                        "Proxy-Authenticate: Basic realm=x",
                        "Proxy-Authentication-Info: y",
                        "Proxy-Status: other; error=dns_error")
                .chunk("{}")
                .lastChunk("X-Sum: 9"));
        assertThat(answer.body()).isEqualTo("{}");
        for (String name : List.of(
                "Proxy-Connection",
                "Upgrade",
                "Trailer",
                "Proxy-Authenticate",
                "Proxy-Authentication-Info",
                "Proxy-Status",
                "X-Sum")) {
            assertThat(answer.head().header(name)).as(name).isNull();
        }
        assertThat(answer.head().headers("Keep-Alive")).doesNotContain("timeout=77");
    }

    @Test
    @DisplayName("R5: Connection cannot take framing and control fields out")
    void ignoresNominationsOfFramingAndControlFields() {
        UpstreamRequest request = delivered(
                "Connection: close, content-length, host, via, cache-control, content-type",
                "Via: 1.1 edge",
                "Cache-Control: no-transform");
        assertThat(request.headers("Host")).hasSize(1);
        assertThat(request.headers("Content-Length")).containsExactly(String.valueOf(BODY.length()));
        assertThat(request.headers("Content-Type")).containsExactly("application/json");
        assertThat(request.headers("Cache-Control")).containsExactly("no-transform");
        assertThat(String.join(", ", request.headers("Via"))).startsWith("1.1 edge, 1.1 plano-");
    }

    @Test
    @DisplayName("R6, R15, R46: who the client is, and what it told a proxy, stays here")
    void doesNotDescribeTheClientToProviders() {
        UpstreamRequest request = delivered(
                "Cookie: session=secret",
                "Proxy-Authorization: Basic c2VjcmV0",
                "X-Forwarded-For: 1.2.3.4",
                "X-Forwarded-Host: inner.example",
                "x-forwarded-proto: https",
                "Forwarded: for=1.2.3.4",
                "X-Real-IP: 1.2.3.4",
                "True-Client-IP: 1.2.3.4",
                "X-Arch-Upstream: a",
                "x-plano-anything: b");
        assertThat(request.rawHead())
                .doesNotContain("secret", "c2VjcmV0", "1.2.3.4", "inner.example")
                .doesNotContainIgnoringCase("x-arch", "x-plano", "x-forwarded");
    }

    @Test
    @DisplayName("R46: what the upstream says for its own origin does not reach the client")
    void dropsWhatSpeaksForAnotherOrigin() {
        Answer answer = answeredBy(Reply.json(200, "{}")
                .header("Set-Cookie", "__cf_bm=secret; path=/")
                .header("Strict-Transport-Security", "max-age=1")
                .header("Alt-Svc", "h3=\":443\"")
                .header("Server", "cloudflare")
                .header("X-Accel-Redirect", "/internal")
                .header("Access-Control-Allow-Origin", "*"));
        for (String name : List.of(
                "Set-Cookie",
                "Strict-Transport-Security",
                "Alt-Svc",
                "X-Accel-Redirect",
                "Access-Control-Allow-Origin")) {
            assertThat(answer.head().header(name)).as(name).isNull();
        }
        assertThat(answer.head().headers("Server")).doesNotContain("cloudflare");
    }

    @Test
    void forwardsEverythingElseAsItCame() {
        List<String> lines = List.of(
                "anthropic-beta: a,b",
                "anthropic-beta: c",
                "OpenAI-Organization: org-1",
                "openai-beta: assistants=v2",
                "X-Stainless-Lang: java",
                "User-Agent: Some/1.0 (x; y)",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "Accept: */*",
                "Accept-Encoding: zstd, br;q=0.5",
                "Idempotency-Key: \u00e4-1",
                "X-Empty:",
                "X-Odd-CASE: kept");
        UpstreamRequest request = delivered(lines.toArray(new String[0]));
        for (String line : lines) {
            String name = line.substring(0, line.indexOf(':'));
            String value = line.substring(line.indexOf(':') + 1).strip();
            assertThat(request.headers(name)).as(name).contains(value);
        }
        assertThat(request.headers("anthropic-beta")).containsExactly("a,b", "c");
        assertThat(request.headers("User-Agent")).hasSize(1);
    }

    @Test
    @DisplayName("R8: every forwarded request and answer says Via, and no host name")
    void addsViaWithoutAHostName() throws Exception {
        UpstreamRequest request = delivered();
        assertThat(request.headers("Via")).singleElement().asString().matches("1\\.1 plano-[0-9a-f]+");
        assertThat(request.headers("Via").get(0))
                .doesNotContain(java.net.InetAddress.getLocalHost().getHostName());
        Answer answer = answeredBy(Reply.json(200, "{}").header("Via", "1.1 google"));
        assertThat(String.join(", ", answer.head().headers("Via"))).matches("1\\.1 google, 1\\.1 plano-[0-9a-f]+");
    }

    @Test
    @DisplayName("R9: a request that comes back is a loop")
    void refusesALoop() {
        String via = String.valueOf(delivered().header("Via"));
        assertThat(stage.post(CHAT, BODY, KEY, "Via: 1.0 fred, 1.1 other (comment)", "Via: " + via)
                        .status())
                .isEqualTo(508);
        assertThat(stage.post(
                                CHAT,
                                BODY,
                                KEY,
                                "Via: 1.0 fred, " + via.toUpperCase().replace("1.1 ", "1.1   ") + ", 1.1 x")
                        .status())
                .isEqualTo(508);
        assertThat(stage.upstream().requests()).hasSize(1);
    }

    @Test
    @DisplayName("R9: another gateway of the same kind in front is no loop")
    void takesNoOtherGatewayForALoop() {
        assertThat(delivered("Via: 1.1 plano-0, 1.1 plano").headers("Via")).hasSizeBetween(1, 2);
    }

    @Test
    @DisplayName("R11, R54: OPTIONS is answered here, without CORS headers")
    void answersOptionsItself() {
        for (String path : List.of(CHAT, "/v1/messages", "/v1/files/x")) {
            Answer answer = stage.exchange(
                    "OPTIONS",
                    path,
                    request -> request.header("Max-Forwards", "0")
                            .header("Origin", "https://evil.example")
                            .header("Access-Control-Request-Method", "POST")
                            .header("Access-Control-Request-Headers", "authorization"));
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.head().header("Allow")).contains("POST");
            assertThat(answer.head().headerLines())
                    .extracting(HeaderLine::name)
                    .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R12: TRACE and CONNECT are not served")
    void refusesTraceAndConnect() {
        // Jetty's own defaults for web applications forbid TRACE before the application is asked.
        int trace = kind == GatewayContainer.Kind.JETTY ? 403 : 405;
        assertThat(stage.exchange("TRACE", CHAT, request -> request.line(KEY)).status())
                .isEqualTo(trace);
        assertThat(stage.exchange("CONNECT", CHAT, request -> request.line(KEY)).status())
                .isIn(400, 405, 501);
        assertThat(stage.exchange("CONNECT", "provider.example:443", request -> request.line(KEY))
                        .status())
                .isIn(400, 405, 501);
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R13: a client that waits for 100 gets one, and the upstream sees no Expect")
    void answersExpectItself() {
        try (RawClient client = stage.connect()) {
            client.request("POST", CHAT)
                    .line(KEY)
                    .header("Content-Type", "application/json")
                    .header("Expect", "100-continue")
                    .header("Content-Length", String.valueOf(BODY.length()))
                    .sendHead();
            CompletableFuture<RawResponse> reading = CompletableFuture.supplyAsync(client::readResponse);
            Await.until(
                    Stage.SOON,
                    client::receivedText,
                    () -> client.receivedText().startsWith("HTTP/1.1 100"));
            client.send(BODY);
            RawResponse response = reading.join();
            assertThat(response.interimStatuses()).containsExactly(100);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo(Stage.JSON_ANSWER);
        }
        assertThat(stage.takeRequest().header("Expect")).isNull();
    }

    @Test
    @DisplayName("R13: a client that waits for 100 and is refused never sends its body")
    void refusesBeforeItAsksForTheBody() {
        try (RawClient client = stage.connect()) {
            RawResponse response = client.request("POST", CHAT)
                    .line(KEY)
                    .header("Expect", "100-continue")
                    .header("Connection", "authorization")
                    .header("Content-Length", "5000000")
                    .sendHead()
                    .readResponse();
            assertThat(response.status()).isEqualTo(400);
            if (kind == GatewayContainer.Kind.JETTY) { // Tomcat says 100 before it asks the application
                assertThat(response.interimStatuses()).isEmpty();
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R14: interim answers of the upstream are not the final one")
    void ignoresInterimAnswers() {
        Answer answer = answeredBy(Reply.script()
                .interim(100)
                .interim(103, "Link: </x>; rel=preload", "Set-Cookie: a=b")
                .interim(102)
                .head(200, "Content-Type: application/json", "Content-Length: 2")
                .bytes("{}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(answer.head().header("Link")).isNull();
        assertThat(answer.head().interimStatuses()).isEmpty();
    }

    @Test
    @DisplayName("R19: a value with NUL, CR or LF in it is refused")
    void refusesValuesThatEndALine() {
        for (String value : List.of("a\0b", "a\rb", "a\r\rX-Injected: 1")) {
            try (RawClient client = stage.connect()) {
                RawResponse response = client.request("POST", CHAT)
                        .line(KEY)
                        .header("X-Bad", value)
                        .json(BODY)
                        .exchange();
                assertThat(response.status()).as(value).isEqualTo(400);
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R20: a blank before the colon is refused")
    void refusesABlankBeforeTheColon() {
        assertRefused(400, "Authorization : Bearer sk-2");
        assertRefused(400, "X-Api-Key\t: sk-2");
    }

    @Test
    @DisplayName("R20: a folded line is refused or unfolded (RFC 9112 §5.2), and never becomes a header of its own")
    void makesNoHeaderOfAFoldedLine() {
        for (String line : List.of("X-Folded: a\r\n b", "X-Folded: a\r\n\tAuthorization: Bearer sk-2")) {
            assertThat(stage.post(CHAT, BODY, KEY, line).status()).isIn(200, 400);
        }
        for (UpstreamRequest request : stage.upstream().requests()) {
            Slots.assertOnly(request, "Authorization", "Bearer sk-header-test");
            assertThat(request.headers("X-Folded")).hasSize(1);
            assertThat(request.rawHead()).doesNotContain("\n ", "\n\t");
        }
    }

    @Test
    @DisplayName("R20: a line without a colon and an empty name are refused or ignored, never forwarded")
    void doesNotForwardWhatIsNoHeader() {
        for (String line : List.of("nonsense", ": empty", "X Y: 1")) {
            Answer answer = stage.post(CHAT, BODY, KEY, line);
            assertThat(answer.status()).isIn(200, 400);
        }
        for (UpstreamRequest request : stage.upstream().requests()) {
            assertThat(request.rawHead()).doesNotContain("nonsense", "empty", "X Y");
        }
    }

    @Test
    @DisplayName("R16, R17, R18: contradictory or malformed lengths never reach the upstream twice")
    void refusesAmbiguousLengths() {
        for (String[] lines : new String[][] {
            {"Content-Length: 33", "Content-Length: 34"},
            {"Content-Length: +33"},
            {"Content-Length: 33, 34"},
            {"Content-Length: -1"},
            {"Content-Length: 0x21"},
            {"Content-Length: 33a"}
        }) {
            assertRefused(400, lines);
        }
    }

    @Test
    @DisplayName("R16: of length and chunks one framing goes on at most")
    void neverForwardsTwoFramings() {
        try (RawClient client = stage.connect()) {
            client.request("POST", CHAT)
                    .line(KEY)
                    .header("Content-Type", "application/json")
                    .header("Content-Length", "4")
                    .chunkedBody(BODY)
                    .send();
            assertThat(client.readResponse().status()).isIn(200, 400);
        }
        for (UpstreamRequest request : stage.upstream().requests()) {
            assertThat(request.headers("Content-Length").size()
                            + request.headers("Transfer-Encoding").size())
                    .isEqualTo(1);
            assertThat(request.bodyText()).isEqualTo(BODY);
        }
    }

    @Test
    @DisplayName("R21: no Host, or two, is refused")
    void refusesAMissingOrDoubleHost() {
        for (boolean two : new boolean[] {false, true}) {
            Answer answer = stage.exchange("POST", CHAT, request -> {
                request.withoutHost().line(KEY).json(BODY);
                if (two) {
                    request.header("Host", "a.example").header("Host", "b.example");
                }
            });
            assertThat(answer.status()).isEqualTo(400);
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R22: the host of the request decides nothing")
    void takesTheHostFromTheConfigurationAlone() {
        UpstreamRequest request = delivered("Host: evil.example");
        assertThat(request.headers("Host"))
                .containsExactly("127.0.0.1:" + stage.upstream().port());
        Answer absolute = stage.exchange(
                "POST",
                "http://evil.example/v1/chat/completions",
                it -> it.header("Host", "evil.example").line(KEY).json(BODY));
        assertThat(absolute.status()).isIn(200, 400);
        for (UpstreamRequest seen : stage.upstream().requests()) {
            assertThat(seen.target()).isEqualTo(CHAT);
            assertThat(seen.rawHead()).doesNotContain("evil.example");
        }
    }

    @Test
    @DisplayName("R28: too many or too large headers get 431")
    void limitsTheHead() {
        String[] many = new String[61];
        for (int i = 0; i < many.length; i++) {
            many[i] = "X-H" + i + ": v";
        }
        assertRefused(431, many);
        assertRefused(431, "X-Long: " + "x".repeat(20_000));
        assertThat(delivered("X-Long: " + "x".repeat(10_000)).header("X-Long")).hasSize(10_000);
    }

    @Test
    @DisplayName("R29: a known name spelled with an underscore is not that name, and does not go on")
    void dropsKnownNamesSpelledWithAnUnderscore() {
        UpstreamRequest request = delivered(
                "x_api_key: sk-under",
                "X_Forwarded_For: 1.2.3.4",
                "content_length: 1",
                "transfer_encoding: chunked",
                "Proxy_Authorization: sk-under",
                "x_harmless: kept");
        Slots.assertOnly(request, "Authorization", "Bearer sk-header-test");
        assertThat(request.rawHead())
                .doesNotContain("sk-under", "1.2.3.4")
                .doesNotContainIgnoringCase("content_length", "transfer_encoding");
    }

    @Test
    @DisplayName("R71: an event stream is neither buffered nor cached nor given a length")
    void marksEventStreams() {
        Answer answer = answeredBy(Reply.sse(Stage.EVENT, Stage.LAST_EVENT), "Accept-Encoding: gzip");
        assertThat(answer.head().headers("Cache-Control")).containsExactly("no-cache");
        assertThat(answer.head().headers("X-Accel-Buffering")).containsExactly("no");
        assertThat(answer.head().header("Content-Length")).isNull();
        assertThat(answer.head().header("Content-Encoding")).isNull();
        assertThat(answer.head().headers("Content-Type")).containsExactly("text/event-stream");
        assertThat(answer.body()).isEqualTo(Stage.EVENT + Stage.LAST_EVENT);
        Answer lasting = answeredBy(Reply.sse(Stage.EVENT).header("X-Ignored", "1"));
        assertThat(lasting.head().end()).isEqualTo(ResponseEnd.CLEAN);
    }

    @Test
    @DisplayName("R71: a caching that the upstream allowed is not allowed for a stream")
    void forbidsTheCachingOfStreams() {
        Reply cacheable = Reply.script()
                .head(
                        200,
                        "Content-Type: text/event-stream; charset=utf-8",
                        "Cache-Control: public, max-age=600",
                        "Content-Length: " + Stage.EVENT.length())
                .bytes(Stage.EVENT);
        Answer answer = answeredBy(cacheable);
        assertThat(answer.head().headers("Cache-Control")).containsExactly("no-cache");
        // Tomcat writes its parameters without the blank.
        assertThat(answer.head().headers("Content-Type"))
                .singleElement()
                .isIn("text/event-stream; charset=utf-8", "text/event-stream;charset=utf-8");
        assertThat(answer.head().header("Content-Length")).isNull();
    }

    @Test
    @DisplayName("R73: 429 and its limits reach the client as they are")
    void relaysRateLimits() {
        String body = "{\"error\":{\"message\":\"slow down\",\"type\":\"tokens\"}}";
        Answer answer = answeredBy(Reply.json(429, body)
                .header("Retry-After", "17")
                .header("retry-after-ms", "17000")
                .header("x-ratelimit-remaining-tokens", "0")
                .header("x-ratelimit-reset-tokens", "6m0s")
                .header("anthropic-ratelimit-tokens-reset", "2026-10-21T00:00:00Z")
                .header("x-should-retry", "true"));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.head().headers("Retry-After")).containsExactly("17");
        assertThat(answer.head().headers("retry-after-ms")).containsExactly("17000");
        assertThat(answer.head().headers("x-ratelimit-remaining-tokens")).containsExactly("0");
        assertThat(answer.head().headers("x-ratelimit-reset-tokens")).containsExactly("6m0s");
        assertThat(answer.head().headers("anthropic-ratelimit-tokens-reset")).containsExactly("2026-10-21T00:00:00Z");
        assertThat(answer.head().headers("x-should-retry")).containsExactly("true");
        assertThat(stage.upstream().requests()).hasSize(1);
    }

    @Test
    @DisplayName("R75: answers to a request with a credential are not to be stored; Vary stays")
    void forbidsStoringAnswers() {
        Answer silent = answeredBy(Reply.json(200, "{}").header("Vary", "Origin, Accept"));
        assertThat(silent.head().headers("Cache-Control")).containsExactly("no-store");
        assertThat(silent.head().headers("Vary")).containsExactly("Origin, Accept");
        Answer spoken = answeredBy(Reply.json(200, "{}").header("Cache-Control", "private, max-age=5"));
        assertThat(spoken.head().headers("Cache-Control")).containsExactly("private, max-age=5");
    }

    @Test
    @DisplayName("R33: a redirect is relayed, not followed")
    void relaysRedirects() {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            Answer answer = answeredBy(Reply.json(status, "{}")
                    .header("Location", "http://127.0.0.1:" + stage.gateway().port() + "/v1/models"));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.head().header("Location")).endsWith("/v1/models");
        }
        assertThat(stage.upstream().requests()).hasSize(5);
    }

    @Test
    void setsTheProvidersOwnHeaders() {
        UpstreamRequest request = stage.delivered(
                CHAT, BODY.replace("gpt-4o", "fixed"), KEY, "X-Team: red", "x-team: green", "Anthropic-Beta: theirs");
        assertThat(request.headers("X-Team")).containsExactly("blue");
        assertThat(request.headers("anthropic-beta")).containsExactly("ours");
        assertThat(request.headers("Host")).containsExactly("provider.example");
    }

    @Test
    void returnsTheClientsRequestIdWithTheProvidersBesideIt() {
        Answer both = answeredBy(Reply.json(200, "{}").header("x-request-id", "req_theirs"), "X-Request-ID: mine-1");
        assertThat(both.head().headers("x-request-id")).containsExactly("mine-1");
        assertThat(both.head().headers("x-upstream-request-id")).containsExactly("req_theirs");
        Answer mine = answeredBy(Reply.json(200, "{}"), "x-request-id: mine-2");
        assertThat(mine.head().headers("x-request-id")).containsExactly("mine-2");
        assertThat(stage.takeRequest().headers("x-request-id")).containsExactly("mine-1");
        assertThat(stage.takeRequest().headers("x-request-id")).containsExactly("mine-2");
    }

    @Test
    void returnsTheProvidersRequestIdToAClientThatNamedNone() {
        Answer theirs = answeredBy(Reply.json(200, "{}").header("X-Request-Id", "req_theirs"));
        assertThat(theirs.head().headers("x-request-id")).containsExactly("req_theirs");
        Answer ours = answeredBy(Reply.json(200, "{}").header("request-id", "req_anthropic"));
        assertThat(ours.head().headers("x-request-id"))
                .singleElement()
                .asString()
                .matches("req_[0-9a-f]{32}");
        assertThat(ours.head().headers("request-id")).containsExactly("req_anthropic");
    }

    @Test
    void makesAnIdOfItsOwnWhereTheClientsIsNotHarmless() {
        for (String id : List.of(
                "has space", "x".repeat(129), "a\"b", "a\u00e9", "%0d%0aX: 1", "${jndi:ldap://x}", "<script>")) {
            Answer answer = stage.exchange("GET", "/v1/models", request -> request.header("x-request-id", id));
            assertThat(answer.head().headers("x-request-id"))
                    .as(id)
                    .singleElement()
                    .asString()
                    .matches("req_[0-9a-f]{32}");
        }
    }

    @Test
    @DisplayName("R74: every answer of the gateway itself has an id and no inner detail")
    void identifiesItsOwnAnswers() {
        try (Stage unreachable = Stage.open(
                kind,
                "{model: openai/gpt-4o, base_url: 'http://127.0.0.1:1', passthrough_auth: true, default: true}")) {
            Answer answer = unreachable.post(CHAT, BODY, KEY, "x-request-id: mine-3");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.head().headers("x-request-id")).containsExactly("mine-3");
            assertThat(answer.head().headers("Proxy-Status")).containsExactly("plano; error=connection_refused");
            assertThat(answer.body()).doesNotContain("127.0.0.1", "Exception", "io.plano", "sk-header-test");
            assertThat(answer.json().at("/error/type").asText()).isEqualTo("server_error");
        }
    }
}
