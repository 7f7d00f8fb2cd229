package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@LeakChecked
@DisplayName("A client that frames its request in a way of its own")
class ClientFramingIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String BODY = "{\"model\":\"gpt-4o\"}";

    private static Stream<Arguments> atEveryDoor(String... values) {
        return Stream.of(Door.values()).flatMap(door -> Stream.of(values).map(value -> Arguments.of(door, value)));
    }

    private static String head(String path, String lines) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k\r\n" + lines + "\r\n";
    }

    static Stream<Arguments> brokenChunks() {
        return atEveryDoor("xyz\r\n", "-12\r\n", "0x12\r\n", "12\r\n" + BODY + "XX0\r\n\r\n", "fffffffffffffffff\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void isToldSoAndHearsTheConnectionCloseWhereItsChunksAreBroken(Door door, String chunks) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send(head("/v1/chat/completions", "Transfer-Encoding: chunked\r\n") + chunks);
            assertRefused(door, client);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void isToldSoInAnUploadToo(Door door, String chunks) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send(head("/v1/files", "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n")
                    + "1\r\na\r\n" + chunks);
            assertRefused(door, client);
            upstream.awaitNoOpenConnections(LONG);
            assertThat(upstream.requests()).noneMatch(request -> request.isComplete());
        }
    }

    /** Tomcat closes the connection of an asynchronous request that it cannot read on, whatever the application says. */
    private static void assertRefused(Door door, RawClient client) {
        if (door != Door.TOMCAT) {
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
        client.awaitPeerClosed(LONG);
        assertThat(client.receivedText()).doesNotContain("HTTP/1.1 2");
    }

    static Stream<Arguments> otherCodings() {
        return atEveryDoor("gzip, chunked", "deflate, chunked", "identity, chunked", "br, chunked");
    }

    @ParameterizedTest
    @MethodSource("otherCodings")
    void isRefusedWhereItsTransferCodingIsNotServed(Door door, String coding) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send(head("/v1/chat/completions", "Transfer-Encoding: " + coding + "\r\n") + "12\r\n" + BODY
                    + "\r\n0\r\n\r\n");
            assertThat(client.readResponse().status()).isIn(400, 501);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    static Stream<Arguments> pathsThatLookLikeHosts() {
        return atEveryDoor("//h", "//[/v1/models", "//u@h:a/v1/models", "//h\"/v1/models", "http://h//[/v1/models");
    }

    /** Jetty reads the beginning of such a path as an authority when it starts asynchronous processing, and fails. */
    @ParameterizedTest
    @MethodSource("pathsThatLookLikeHosts")
    void isRefusedWhereItsPathBeginsWithTwoSlashes(Door door, String path) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send(head(path, "Content-Length: 0\r\n"));
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    static Stream<Arguments> gzip() {
        return atEveryDoor("gzip, chunked");
    }

    @ParameterizedTest
    @MethodSource("gzip")
    void hearsThatOnlyChunkedIsServed(Door door, String coding) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send(head("/v1/chat/completions", "Transfer-Encoding: " + coding + "\r\n") + "12\r\n" + BODY
                    + "\r\n0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(501);
        }
    }

    static Stream<Arguments> strayUpgrades() {
        return Stream.of(Door.STANDALONE, Door.TOMCAT)
                .flatMap(door ->
                        Stream.of("x", "h2c", "websocket", "TLS/1.0, x/2", "").map(value -> Arguments.of(door, value)));
    }

    /** Jetty's own connections answer 400 before the web application sees anything. */
    @ParameterizedTest
    @MethodSource("strayUpgrades")
    void isServedWhereItsUpgradeIsNoOptionOfItsConnection(Door door, String protocol) {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> Reply.json(200, "{}"));
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            for (String connection : new String[] {"", "Connection: keep-alive\r\n"}) {
                client.send(
                        head("/v1/chat/completions", connection + "Upgrade: " + protocol + "\r\nContent-Length: 18\r\n")
                                + BODY);
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                response.readBody();
            }
            assertThat(upstream.requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.header("Upgrade")).isNull());
        }
    }

    static Stream<Arguments> upgrades() {
        return atEveryDoor("Connection: Upgrade\r\n", "Connection: keep-alive, upgrade\r\n");
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void isStillToldThatThereIsNoWebSocket(Door door, String connection) {
        try (FakeUpstream upstream = FakeUpstream.start();
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            client.send("GET /v1/responses HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k\r\n" + connection
                    + "Upgrade: websocket\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(426);
        }
    }
}
