package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.CapturedLogs;
import io.plano.testing.FakeProxy;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.TestKeys;
import io.plano.testing.TlsFront;
import io.plano.testing.TlsFront.ClientAuthentication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("TLS and egress proxies, from a configuration file to the wire")
class TransportIT {
    private static final String PASSWORD = "pr0xy-hunter2";
    private static final String BASIC =
            Base64.getEncoder().encodeToString(("egress:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private static Path keys;

    private static TestKeys server;
    private static TestKeys stranger;
    private static TestKeys client;

    @BeforeAll
    static void makeKeys() {
        server = TestKeys.make(keys, "server", "RSA", "ip:127.0.0.1,dns:provider.test");
        stranger = TestKeys.make(keys, "stranger", "EC", "dns:other.test");
        client = TestKeys.make(keys, "client", "EC", "dns:client.test");
    }

    private static GatewayContainer gateway(String baseUrl, String keys) {
        return GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", yaml(baseUrl, keys));
    }

    private static String yaml(String baseUrl, String keys) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: m, port: 12000}]
                model_providers:
                  - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true%s}
                """.formatted(baseUrl, keys.isEmpty() ? "" : ", " + keys);
    }

    private static String ca(TestKeys authority) {
        return "ca: " + authority.certificate();
    }

    private static String url(TlsFront front) {
        return "https://127.0.0.1:" + front.port();
    }

    private static RawResponse ask(GatewayContainer gateway) {
        RawClient connection = RawClient.connect(gateway.port());
        return connection
                .request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer client-key")
                .header("Connection", "close")
                .json("{\"model\":\"x\"}")
                .exchange();
    }

    private static void assertAnswers(GatewayContainer gateway) {
        RawResponse response = ask(gateway);

        assertThat(response.bodyText()).isEqualTo("{}");
        assertThat(response.status()).isEqualTo(200);
    }

    private static void assertFails(GatewayContainer gateway, int status, String token, String message) {
        RawResponse response = ask(gateway);

        assertThat(response.bodyText()).contains(message).doesNotContain("127.0.0.1", "provider.test");
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Proxy-Status")).contains(token);
    }

    private static FakeUpstream upstream() {
        return FakeUpstream.start().onRequest(request -> Reply.json(200, "{}"));
    }

    private static TlsFront front(FakeUpstream upstream) {
        return TlsFront.start(upstream, server.serverTrusting(), ClientAuthentication.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void trustsTheGivenAuthorityAndKeepsTheConnection(String protocol) {
        try (FakeUpstream upstream = upstream();
                TlsFront front =
                        TlsFront.start(upstream, server.serverTrusting(), ClientAuthentication.NONE, protocol);
                GatewayContainer gateway = gateway(url(front), "tls: {" + ca(server) + "}")) {
            // A client may have its answer a moment before the connection is free again.
            Await.until(SOON, () -> "no connection is used twice", () -> {
                assertAnswers(gateway);
                return upstream.requests().stream().anyMatch(request -> request.index() > 0);
            });

            assertThat(front.protocols()).containsOnly(protocol);
        }
    }

    @Test
    void trustsTheCommonBundle() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                GatewayContainer gateway = GatewayContainer.start(
                        GatewayContainer.Kind.JETTY,
                        "/",
                        yaml(url(front), "") + "overrides: {upstream_tls_ca_path: " + server.certificate() + "}\n")) {
            assertAnswers(gateway);
        }
    }

    @Test
    void refusesAProviderThatTheJdkOrTheGivenAuthorityDoesNotVouchFor() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                GatewayContainer byJdk = gateway(url(front), "");
                GatewayContainer byStranger = gateway(url(front), "tls: {" + ca(stranger) + "}")) {
            assertFails(byJdk, 502, "tls_protocol_error", "secure connection");
            assertFails(byStranger, 502, "tls_protocol_error", "secure connection");

            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void refusesACertificateForAnotherHostName() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = TlsFront.start(upstream, stranger.serverTrusting(), ClientAuthentication.NONE);
                GatewayContainer gateway = gateway(url(front), "tls: {" + ca(stranger) + "}")) {
            assertFails(gateway, 502, "tls_protocol_error", "secure connection");

            assertThat(upstream.requests()).isEmpty();
        }
    }

    /** The common name is the host's, and the authority is trusted. */
    @ParameterizedTest
    @ValueSource(strings = {"", "email:host@localhost", "uri:https://localhost"})
    void refusesACertificateThatNamesItsHostInTheCommonNameAlone(String alternativeName, @TempDir Path folder) {
        TestKeys named = TestKeys.make(folder, "localhost", "EC", alternativeName);
        try (FakeUpstream upstream = upstream();
                TlsFront front = TlsFront.start(upstream, named.serverTrusting(), ClientAuthentication.NONE);
                GatewayContainer gateway = gateway("https://localhost:" + front.port(), "tls: {" + ca(named) + "}")) {
            assertFails(gateway, 502, "tls_protocol_error", "secure connection");

            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void refusesProtocolsOlderThanTls12() {
        try (FakeUpstream upstream = upstream();
                TlsFront front =
                        TlsFront.start(upstream, server.serverTrusting(), ClientAuthentication.NONE, "TLSv1.1");
                GatewayContainer gateway = gateway(url(front), "tls: {" + ca(server) + "}")) {
            assertFails(gateway, 502, "tls_protocol_error", "secure connection");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void showsTheClientCertificate(String protocol) {
        String identity = ", client_certificate: " + client.certificate() + ", client_key: " + client.key();
        try (FakeUpstream upstream = upstream();
                TlsFront front = TlsFront.start(
                        upstream, server.serverTrusting(client), ClientAuthentication.REQUIRED, protocol);
                GatewayContainer with = gateway(url(front), "tls: {" + ca(server) + identity + "}");
                GatewayContainer without = gateway(url(front), "tls: {" + ca(server) + "}")) {
            assertAnswers(with);
            assertThat(ask(without).status()).isEqualTo(502);

            assertThat(front.clients()).containsExactly("CN=client");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void usesNoConnectionThatWasMadeUnderFormerSettings() throws IOException {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                GatewayContainer gateway = gateway(url(front), "tls: {" + ca(server) + "}")) {
            assertAnswers(gateway);

            Files.writeString(gateway.configFile(), yaml(url(front), "tls: {" + ca(stranger) + "}"));

            Await.until(
                    SOON,
                    () -> "the former authority still counts",
                    () -> ask(gateway).status() == 502);
            // Perhaps two: a client may have its answer a moment before the connection is free again.
            int former = upstream.connectionsAccepted();
            assertThat(upstream.openConnections()).isEqualTo(former);

            Files.writeString(gateway.configFile(), yaml(url(front), "tls: {" + ca(server) + "}"));
            Await.until(
                    SOON, () -> "the file is not followed", () -> ask(gateway).status() == 200);
            assertThat(upstream.connectionsAccepted()).isEqualTo(former); // the same settings again
        }
    }

    @Test
    void tunnelsToHttpsProvidersAndGivesTheProxyAloneItsCredential() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                FakeProxy proxy = FakeProxy.start(front.port());
                CapturedLogs logs = CapturedLogs.start();
                GatewayContainer gateway = gateway(
                        "https://provider.test/v1",
                        "tls: {" + ca(server) + "}, proxy: 'http://egress:" + PASSWORD + "@127.0.0.1:" + proxy.port()
                                + "'")) {
            assertAnswers(gateway);
            assertAnswers(gateway);

            assertThat(proxy.heads())
                    .containsOnly("CONNECT provider.test:443 HTTP/1.1\r\nHost: provider.test:443\r\n"
                            + "Proxy-Authorization: Basic " + BASIC + "\r\n\r\n");
            assertThat(upstream.requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.rawHead()).doesNotContainIgnoringCase("proxy-authorization");
                assertThat(request.requestLine()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
                assertThat(request.header("Host")).isEqualTo("provider.test");
            });
            logs.assertNothingContains(PASSWORD, BASIC);
        }
    }

    @Test
    void verifiesTheHostNameBehindTheTunnel() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                FakeProxy proxy = FakeProxy.start(front.port());
                GatewayContainer gateway = gateway(
                        "https://elsewhere.test",
                        "tls: {" + ca(server) + "}, proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertFails(gateway, 502, "tls_protocol_error", "secure connection");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n', it answered 407",
        "'HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnope!', it answered 403",
        "'HTTP/1.0 502 Bad Gateway\r\n\r\n', it answered 502",
        "'SSH-2.0-x\r\n\r\n', did not open",
        "'HTTP/1.1 2', did not open"
    })
    void saysThatTheEgressProxyRefused(String answer, String message) {
        try (FakeProxy proxy = FakeProxy.start(1).answering(answer);
                GatewayContainer gateway =
                        gateway("https://provider.test", "proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertFails(gateway, 502, "destination_unavailable", message);
        }
    }

    @Test
    void acceptsInterimAnswersBeforeTheTunnelOpens() {
        try (FakeUpstream upstream = upstream();
                TlsFront front = front(upstream);
                FakeProxy proxy = FakeProxy.start(front.port())
                        .answering("HTTP/1.1 103 Early Hints\r\n\r\n" + FakeProxy.ESTABLISHED);
                GatewayContainer gateway = gateway(
                        "https://provider.test",
                        "tls: {" + ca(server) + "}, proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertAnswers(gateway);
        }
    }

    @Test
    void saysThatTheEgressProxyCannotBeReached() throws IOException {
        int closed;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        try (GatewayContainer gateway = gateway("https://provider.test", "proxy: 'http://127.0.0.1:" + closed + "'")) {
            assertFails(gateway, 502, "connection_refused", "egress proxy could not be reached");
        }
    }

    @Test
    void asksTheProxyInAbsoluteFormForHttpProviders() {
        try (FakeUpstream proxy = upstream();
                CapturedLogs logs = CapturedLogs.start();
                GatewayContainer gateway = gateway(
                        "http://provider.test:8080",
                        "proxy: 'http://egress:" + PASSWORD + "@127.0.0.1:" + proxy.port() + "'")) {
            assertAnswers(gateway);

            assertThat(proxy.requests()).singleElement().satisfies(request -> {
                assertThat(request.requestLine())
                        .isEqualTo("POST http://provider.test:8080/v1/chat/completions HTTP/1.1");
                assertThat(request.header("Host")).isEqualTo("provider.test:8080");
                assertThat(request.headers("Proxy-Authorization")).isEqualTo(List.of("Basic " + BASIC));
            });
            logs.assertNothingContains(PASSWORD, BASIC);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {407, 511})
    void saysThatTheEgressProxyRefusedAnHttpProvider(int status) {
        try (FakeUpstream proxy = FakeUpstream.start()
                        .onRequest(request -> Reply.json(status, "{}").header("Proxy-Authenticate", "Basic realm=x"));
                GatewayContainer gateway =
                        gateway("http://provider.test", "proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertFails(gateway, 502, "destination_unavailable", "it answered " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 502, 503, 504})
    void passesOnARefusalThatMayBeTheProviders(int status) {
        try (FakeUpstream proxy = FakeUpstream.start()
                        .onRequest(request -> Reply.json(status, "{\"why\":1}")
                                .header("Proxy-Status", "cdn.test; error=destination_unavailable")
                                .header("Retry-After", "7"));
                GatewayContainer gateway =
                        gateway("http://provider.test", "proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            RawResponse response = ask(gateway);

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("Retry-After")).isEqualTo("7");
            assertThat(response.bodyText()).isEqualTo("{\"why\":1}");
        }
    }

    @Test
    void endsAHandshakeOrATunnelThatTakesTooLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                FakeProxy proxy = FakeProxy.start(1).answering("");
                GatewayContainer handshake =
                        gateway("https://127.0.0.1:" + silent.getLocalPort(), "timeouts: {connect: 100ms}");
                GatewayContainer tunnel = gateway(
                        "https://provider.test",
                        "timeouts: {connect: 100ms}, proxy: 'http://127.0.0.1:" + proxy.port() + "'")) {
            assertFails(handshake, 504, "connection_timeout", "did not accept a connection in time");
            assertFails(tunnel, 504, "connection_timeout", "did not accept a connection in time");
        }
    }
}
