package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("A provider whose answer two readers could read in two ways")
class UpstreamFramingIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final FakeUpstream upstream = FakeUpstream.start();
    private Door.Open gateway;
    private RawClient client;

    @BeforeEach
    void start() {
        gateway = Door.STANDALONE.open(upstream.baseUrl());
        client = gateway.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        upstream.close();
    }

    private RawResponse answer(String raw) {
        upstream.enqueue(Reply.garbage(raw));
        return client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer k")
                .json("{\"model\":\"gpt-4o\"}")
                .exchange();
    }

    private void assertRefused(String raw) {
        RawResponse response = answer(raw);
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=http_protocol_error");
        assertThat(response.bodyText()).startsWith("{\"error\":{");
        upstream.awaitNoOpenConnections(LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"+2", "-0", "0x2", "2,2", "2, 2", "2 2", "1_0", "2.0", "2e0", "\"2\"", "", "1234567890123456789"
            })
    void isRefusedWhereItsLengthIsNotDigits(String length) {
        assertRefused("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n{}");
    }

    @Test
    void isRefusedWhereItsLengthIsFolded() {
        assertRefused("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 2\r\n\r\n{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "002", " \t2\t "})
    void isReadWhereItsLengthIs(String length) {
        assertThat(answer("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n{}")
                        .bodyText())
                .isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X(Y): 1",
                "X Y: 1",
                "X\tY: 1",
                "X\"Y\": 1",
                "X/Y: 1",
                "X@Y: 1",
                "X\u0000Y: 1",
                "X\u007f: 1",
                ": 1",
                "\u00e9: 1",
                " X: 1",
                "\tX: 1",
                "X: a\rb",
                "X: a\u0000b",
                "no colon"
            })
    void isRefusedWhereALineOfItsHeadIsNoField(String line) {
        assertRefused("HTTP/1.1 200 OK\r\n" + line + "\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void losesTheBlanksBetweenANameAndItsColon() {
        RawResponse response = answer("HTTP/1.1 200 OK\r\nX-Name \t: 1\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("X-Name")).isEqualTo("1");
        assertThat(response.bodyText()).isEqualTo("{}");
    }

    @Test
    void isPassedOnInOneLineWhereItFoldsAField() {
        RawResponse response = answer("HTTP/1.1 200 OK\r\nX-Name: 1\r\n\t 2\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(response.header("X-Name")).isEqualTo("1 2");
        assertThat(response.bodyText()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"001", "099", "20", "600", "858", "999", "1000", "2OO", "-200"})
    void isRefusedWhereItsStatusIsNone(String status) {
        assertRefused("HTTP/1.1 " + status + " S\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void isRefusedWhereItChangesTheProtocolUnasked() {
        assertRefused("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+2",
                "-2",
                "-0",
                "0x2",
                " 2",
                "2 ",
                "\t2",
                "2,2",
                "2_",
                "0_2",
                "2.",
                "",
                "00000000000000002",
                "fffffffffffffffff",
                "\u0662",
                "2\u0000",
                "2\r",
                "2\n"
            })
    void isRefusedWhereTheSizeOfAChunkIsNotHexadecimalDigits(String size) {
        assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n{}\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2\n{}\r\n0\r\n\r\n",
                "2\r\n{}\n0\r\n\r\n",
                "2\r\n{}\r\n0\n\r\n",
                "2;a\n{}\r\n0\r\n\r\n",
                "2;a\rb\r\n{}\r\n0\r\n\r\n",
                "2;\u0001\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}\r0\r\n\r\n"
            })
    void isRefusedWhereALineOfAChunkedBodyDoesNotEndWithCrLf(String body) {
        assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    }

    @Test
    void isRefusedWhereWhatStandsBehindASizeHasNoEnd() {
        assertRefused(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=" + "x".repeat(2000) + "\r\n{}\r\n0\r\n\r\n");
        assertRefused(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2" + " ".repeat(2000) + ";a\r\n{}\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2\r\n{}\r\n0\r\n\r\n",
                "0002;a=b;c=\"d\"\r\n{}\r\n0;e\r\n\r\n",
                "2 \t;a\r\n{}\r\n00\r\nX: y\r\n\r\n",
                "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
            })
    void isReadWhereItsChunksAre(String body) {
        assertThat(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
                        .bodyText())
                .isEqualTo("{}");
    }
}
