package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@LeakChecked
@DisplayName("A provider's head of any size")
class LargeAnswerHeadsIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    /** So many fields of a kilobyte each, in front of a small body. */
    private static Reply head(int kilobytes, boolean stream) {
        Reply reply = Reply.script().head(200);
        for (int i = 0; i < kilobytes; i++) {
            reply.header("X-Large-" + i, "v".repeat(1012));
        }
        return stream
                ? reply.header("Content-Type", "text/event-stream")
                        .header("Transfer-Encoding", "chunked")
                        .chunk("data: [DONE]\n\n")
                        .lastChunk()
                : reply.header("Content-Length", "2").bytes("{}");
    }

    private static RawResponse ask(RawClient client, String model, String id, String connection) {
        return client.request("POST", "/v1/chat/completions")
                .header("Authorization", "Bearer k")
                .header("X-Request-Id", id)
                .header("Connection", connection)
                .json("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .exchange();
    }

    @ParameterizedTest
    @CsvSource({
        "STANDALONE, 9, false",
        "STANDALONE, 9, true",
        "STANDALONE, 60, false",
        "STANDALONE, 200, true",
        "JETTY, 9, false",
        "JETTY, 9, true"
    })
    void staysAskedToCloseBehindALargeOne(Door door, int kilobytes, boolean stream) {
        try (FakeUpstream upstream = FakeUpstream.start().enqueue(head(kilobytes, stream));
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            RawResponse response = ask(client, "gpt-4o", "large", "close");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("X-Large-" + (kilobytes - 1))).hasSize(1012);
            assertThat(response.headers("Connection")).containsExactly("close");
            response.readBody();
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
            client.awaitPeerClosed(LONG);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STANDALONE, 300, gpt-4o", "STANDALONE, 300, claude-sonnet-4-5",
        "JETTY, 20, gpt-4o", "JETTY, 20, claude-sonnet-4-5",
        "TOMCAT, 9, gpt-4o", "TOMCAT, 9, claude-sonnet-4-5"
    })
    void isTheProvidersFaultWhereItCannotBePassedOn(Door door, int kilobytes, String model) {
        try (AccessLines log = new AccessLines();
                FakeUpstream upstream = FakeUpstream.start().onRequest(request -> head(kilobytes, false));
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            String id = door + "-" + model;
            RawResponse response = ask(client, model, id, "keep-alive");
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.header("X-Request-Id")).isEqualTo(id);
            assertThat(response.header("Proxy-Status")).isEqualTo("plano; error=http_protocol_error");
            assertThat(response.bodyText()).startsWith("{\"error\":{");
            assertThat(log.await(id)).contains(" status=502 ").contains(" end=upstream_protocol");
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheConnectionOpenWhereNobodyAskedToCloseIt(Door door) {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> head(6, false));
                Door.Open gateway = door.open(upstream.baseUrl());
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                RawResponse response = ask(client, "gpt-4o", "id" + i, "keep-alive");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.bodyText()).isEqualTo("{}");
            }
        }
    }
}
