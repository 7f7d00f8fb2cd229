package io.plano.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {
    private static final UpstreamHead BODILESS = new UpstreamHead(
            null, UpstreamHead.UNDECLARED, "plano-1", BodyChange.NONE, ResponseCoding.AS_CLIENT_ACCEPTS);
    private static final ClientHead PLAIN = new ClientHead("plano-1", BodyChange.NONE, null, false);

    private static Headers toUpstream(String... namesAndValues) {
        return toUpstream(BODILESS, namesAndValues);
    }

    private static Headers toUpstream(UpstreamHead head, String... namesAndValues) {
        return HeaderRules.toUpstream(Headers.of(namesAndValues), head).withoutCredential();
    }

    private static Headers toClient(String... namesAndValues) {
        return HeaderRules.toClient(Headers.of(namesAndValues), PLAIN);
    }

    @DisplayName("R3, R6, R15, R29, R42, R46: what never goes upstream")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Keep-Alive | timeout=99999",
                "Proxy-Connection | keep-alive",
                "TE | trailers, chunked",
                "Trailer | Authorization",
                "Transfer-Encoding | chunked, identity",
                "Upgrade | h2c",
                "HTTP2-Settings | AAMAAABkAARAAAAAAAIAAAAA",
                "Proxy-Authorization | Basic aW50ZXJuYWw6cHJveHk=",
                "Proxy-Authenticate | Basic realm=\"evil.example\"",
                "Authorization | Bearer sk-stolen",
                "x-api-key | sk-ant-stolen",
                "X-API-KEY | sk-ant-stolen",
                "api-key | azure-stolen",
                "x-goog-api-key | AIza-stolen",
                "ocp-apim-subscription-key | stolen",
                "cf-aig-authorization | Bearer stolen",
                "X-Amz-Security-Token | stolen",
                "x_api_key | sk-ant-smuggled",
                "X_Goog-Api_Key | AIza-smuggled",
                "transfer_encoding | chunked",
                "content_length | 0",
                "x_forwarded_for | 127.0.0.1",
                "Host | evil.example",
                "Content-Length | 999",
                "Expect | 100-continue",
                "Cookie | session=stolen",
                "Forwarded | for=127.0.0.1",
                "X-Forwarded-For | 127.0.0.1",
                "X-Forwarded-Host | evil.example",
                "X-Real-IP | 127.0.0.1",
                "x-arch-llm-provider | internal",
                "x-arch-upstream | http://169.254.169.254/",
                "x-plano-anything | x",
            })
    void keepsBackFromUpstream(String name, String value) {
        for (String spelling : new String[] {name, name.toUpperCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)}) {
            assertThat(toUpstream(spelling, value)).isEqualTo(Headers.of("Via", "1.1 plano-1"));
        }
    }

    @DisplayName("R2, R3, R7, R46: what never goes to the client")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Keep-Alive | timeout=5",
                "Proxy-Authenticate | Basic realm=\"give me your password\"",
                "Proxy-Authentication-Info | x",
                "Proxy-Connection | close",
                "Transfer-Encoding | chunked",
                "Trailer | Set-Cookie",
                "Upgrade | h2",
                "Set-Cookie | __cf_bm=tracking; Domain=.example.com",
                "set_cookie | a=b",
                "Authorization | Bearer echoed",
                "x-api-key | echoed",
                "Alt-Svc | h2=\"evil.example:443\"; ma=2592000",
                "Strict-Transport-Security | max-age=63072000; includeSubDomains",
                "Clear-Site-Data | \"*\"",
                "Server | cloudflare",
                "Access-Control-Allow-Origin | *",
                "X-Accel-Redirect | /etc/passwd",
                "X-Sendfile | /etc/passwd",
                "x-arch-anything | x",
                "X-Forwarded-For | 10.0.0.1",
            })
    void keepsBackFromTheClient(String name, String value) {
        assertThat(toClient(name, value)).isEqualTo(Headers.of("Via", "1.1 plano-1"));
    }

    @DisplayName("R1: drops what the request's Connection names")
    @ParameterizedTest
    @ValueSource(strings = {"x-foo", "X-FOO", "close, x-foo", ", x-foo ,,", "keep-alive,\tx-foo"})
    void dropsHeadersNamedByConnection(String connection) {
        Headers upstream = toUpstream("X-Foo", "1", "Connection", connection, "x-foo", "2", "X-Food", "3");

        assertThat(upstream).isEqualTo(Headers.of("X-Food", "3", "Via", "1.1 plano-1"));
    }

    @Test
    void collectsTheNamesOfEveryConnectionLine() {
        Headers upstream = toUpstream("X-Foo", "1", "Connection", "x-foo", "X-Bar", "2", "Connection", "x-bar");

        assertThat(upstream.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("R2: drops what the response's Connection names")
    void dropsHeadersNamedByTheResponsesConnection() {
        Headers client = toClient("X-Bar", "1", "Connection", "x-bar, via, content-length", "Content-Length", "3");

        assertThat(client).isEqualTo(Headers.of("Content-Length", "3", "Via", "1.1 plano-1"));
    }

    @Test
    @DisplayName("R5: ignores nominations of framing and control fields")
    void ignoresNominationsOfFramingAndControlFields() {
        UpstreamHead head =
                new UpstreamHead("api.example", 5, "plano-1", BodyChange.NONE, ResponseCoding.AS_CLIENT_ACCEPTS);

        Headers upstream = toUpstream(
                head,
                "Connection",
                "close, content-length, host, via, cache-control",
                "Via",
                "1.1 office",
                "Host",
                "gw",
                "Content-Length",
                "5",
                "Cache-Control",
                "no-transform");

        assertThat(upstream)
                .isEqualTo(Headers.of(
                        "Host",
                        "api.example",
                        "Via",
                        "1.1 office",
                        "Cache-Control",
                        "no-transform",
                        "Content-Length",
                        "5",
                        "Via",
                        "1.1 plano-1"));
    }

    @Test
    @DisplayName("Open contract: everything else keeps order, spelling and number")
    void forwardsUnknownHeadersAsTheyAre() {
        String[] fields = {
            "anthropic-beta", "a", "Anthropic-Version", "2023-06-01", "X-STAINLESS-OS", "Linux", "anthropic-beta", "b",
            "traceparent", "00-1-2-01", "OpenAI-Organization", "org", "x_custom_name", "kept", "Accept-Encoding", "br"
        };

        Headers upstream = toUpstream(fields);

        assertThat(upstream)
                .isEqualTo(
                        Headers.of(fields).toBuilder().add("Via", "1.1 plano-1").build());
    }

    @Test
    @DisplayName("R26: a body that nobody touched keeps what is said of it")
    void keepsCodingAndDigestsOfAnUntouchedBody() {
        assertThat(toUpstream("Content-Encoding", "gzip", "Content-MD5", "x", "Repr-Digest", "y")
                        .size())
                .isEqualTo(4);
    }

    @DisplayName("R26: a changed body loses its digests, a decoded one its coding too")
    @ParameterizedTest
    @EnumSource(
            value = BodyChange.class,
            names = {"REWRITTEN", "DECODED"})
    void dropsWhatNoLongerDescribesTheBody(BodyChange change) {
        UpstreamHead head = new UpstreamHead(null, 42, "plano-1", change, ResponseCoding.IDENTITY);

        Headers upstream = toUpstream(
                head,
                "Content-Length",
                "40",
                "Content-Encoding",
                "zstd",
                "Digest",
                "sha-256=x",
                "Content-Digest",
                "x",
                "Content-MD5",
                "x",
                "Repr-Digest",
                "x",
                "Accept-Encoding",
                "gzip");

        assertThat(upstream.all("content-length")).containsExactly("42");
        assertThat(upstream.all("accept-encoding")).containsExactly("identity");
        assertThat(upstream.contains("content-encoding")).isEqualTo(change == BodyChange.REWRITTEN);
        assertThat(upstream.size()).isEqualTo(change == BodyChange.REWRITTEN ? 4 : 3);
    }

    @Test
    @DisplayName("R8: adds its pseudonym behind those of others")
    void appendsVia() {
        assertThat(toUpstream("Via", "1.0 office, 1.1 other").all("via"))
                .containsExactly("1.0 office, 1.1 other", "1.1 plano-1");
        assertThat(toClient("Via", "1.1 google").all("via")).containsExactly("1.1 google", "1.1 plano-1");
    }

    @Test
    @DisplayName("R42: the credential comes last and alone")
    void placesOneCredential() {
        Headers upstream = HeaderRules.toUpstream(
                        Headers.of("x-api-key", "canary", "Authorization", "canary"), BODILESS)
                .withProviderRows(Headers.of("anthropic-version", "2023-06-01"))
                .withCredential("x-api-key", "expected");

        assertThat(upstream)
                .isEqualTo(
                        Headers.of("Via", "1.1 plano-1", "anthropic-version", "2023-06-01", "x-api-key", "expected"));
    }

    @Test
    @DisplayName("R53, R73: clients get limits, ids and challenges verbatim")
    void forwardsWhatClientsNeed() {
        String[] fields = {
            "retry-after", "7", "Retry-After-Ms", "7000", "x-ratelimit-remaining-requests", "0",
            "anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:00Z", "request-id", "req_1", "x-request-id", "2",
            "WWW-Authenticate", "Bearer realm=\"x\", error=\"invalid_token\"", "Vary", "Origin", "ETag", "\"1\"",
            "Content-Encoding", "br", "Content-Length", "12"
        };

        Headers client = toClient(fields);

        assertThat(client)
                .isEqualTo(
                        Headers.of(fields).toBuilder().add("Via", "1.1 plano-1").build());
    }

    @DisplayName("R71: an event stream is neither cached nor buffered and has no length")
    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "Text/Event-Stream; charset=utf-8"})
    void preparesEventStreams(String type) {
        Headers client = toClient(
                "Content-Type",
                type,
                "Content-Length",
                "5",
                "Cache-Control",
                "public, max-age=60",
                "X-Accel-Buffering",
                "yes");

        assertThat(client)
                .isEqualTo(Headers.of(
                        "Content-Type",
                        type,
                        "Cache-Control",
                        "no-cache",
                        "X-Accel-Buffering",
                        "no",
                        "Via",
                        "1.1 plano-1"));
    }

    @Test
    @DisplayName("R71: a stricter Cache-Control of the upstream stays")
    void keepsAStricterCacheControlOnEventStreams() {
        Headers client = toClient("Content-Type", "text/event-stream", "Cache-Control", "private, No-Store");

        assertThat(client.all("cache-control")).containsExactly("private, No-Store");
    }

    @Test
    void describesATranslatedBody() {
        ClientHead head = new ClientHead("plano-1", BodyChange.DECODED, "text/event-stream", true);
        Headers upstream = Headers.of(
                "Content-Type",
                "application/json",
                "Content-Length",
                "5",
                "Content-Encoding",
                "gzip",
                "ETag",
                "\"1\"",
                "Digest",
                "x",
                "x-request-id",
                "1");

        assertThat(HeaderRules.toClient(upstream, head))
                .isEqualTo(Headers.of(
                        "x-request-id",
                        "1",
                        "Content-Type",
                        "text/event-stream",
                        "Cache-Control",
                        "no-cache",
                        "X-Accel-Buffering",
                        "no",
                        "Via",
                        "1.1 plano-1"));
    }

    @Test
    @DisplayName("R75: no cache keeps the answer to a request with a credential, unless the upstream decides")
    void forbidsStoringCredentialedResponses() {
        ClientHead head = new ClientHead("plano-1", BodyChange.NONE, null, true);

        assertThat(HeaderRules.toClient(Headers.of("Vary", "a"), head))
                .isEqualTo(Headers.of("Vary", "a", "Cache-Control", "no-store", "Via", "1.1 plano-1"));
        assertThat(HeaderRules.toClient(Headers.of("cache-control", "private"), head)
                        .all("Cache-Control"))
                .containsExactly("private");
        assertThat(toClient().contains("cache-control")).isFalse();
    }

    @Test
    @DisplayName("R19: a response value that could end a line goes nowhere")
    void dropsSplitResponseValues() {
        assertThat(toClient("X-A", "1\r\nSet-Cookie: a=b", "X-B", "2").size()).isEqualTo(2);
    }

    @Test
    void findsEveryRowOfTheTableInAnyCase() {
        for (HeaderTable.Row row : HeaderTable.ROWS) {
            assertThat(HeaderTable.find(row.name())).isSameAs(row);
            assertThat(HeaderTable.find(row.name().toUpperCase(Locale.ROOT))).isSameAs(row);
            assertThat(HeaderTable.find(row.name() + "x")).isNotSameAs(row);
            assertThat(row.reason()).isNotBlank();
        }
        assertThat(HeaderTable.find("")).isNull();
        assertThat(HeaderTable.find("hoſt")).isNull();
    }
}
