package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that answer while the client still sends. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EarlyAnswerIT {
    private Relay relay;
    private RawClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        relay = Relay.start(kind);
        client = relay.connect();
    }

    @AfterEach
    void stop() {
        try {
            assertThat(relay.exchange().status()).as("afterwards").isEqualTo(200);
            relay.awaitIdle();
        } finally {
            client.close();
            relay.close();
        }
    }

    @Test
    void aRefusalReachesAClientThatHasNotSentAllOfItsDeclaredBody() {
        relay.upstream().enqueue(Reply.json(413, "{\"error\":\"too large\"}").beforeRequestBody());
        Relay.upload(client).header("Content-Length", "1000000").send();
        client.send(new byte[1000]);
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.bodyText()).isEqualTo("{\"error\":\"too large\"}");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        relay.awaitIdle();
    }

    @Test
    void aRefusalReachesAClientThatHasNotSentItsLastChunkWhichNobodySendsForIt() throws Exception {
        relay.upstream().enqueue(Reply.json(413, "{\"error\":\"too large\"}").beforeRequestBody());
        Relay.upload(client).header("Transfer-Encoding", "chunked").send();
        client.sendChunk("some");
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.bodyText()).isEqualTo("{\"error\":\"too large\"}");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                .isTrue();
        assertThat(relay.upstream().requests().get(0).isComplete()).isFalse();
    }

    /**
     * A container closes the connection of an unfinished upload as soon as it has written the answer, and what the client
     * has not been sent by then is lost to it; an application cannot change that. So all but the end arrives here before
     * the container has the whole. LingeringCloseIT has what the standalone server does better.
     */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000000", "Transfer-Encoding: chunked"})
    void aLongRefusalArrivesWholeWhileTheClientGoesOnSending(String framing) throws Exception {
        byte[] refusal = Bytes.random(300_000);
        Gate sending = new Gate();
        Gate rest = new Gate();
        relay.upstream()
                .enqueue(Reply.script()
                        .head(413, "Transfer-Encoding: chunked")
                        .chunk(Arrays.copyOf(refusal, 295_000))
                        .waitFor(rest)
                        .chunk(Arrays.copyOfRange(refusal, 295_000, refusal.length))
                        .lastChunk()
                        .waitFor(sending)
                        .beforeRequestBody());
        Relay.upload(client).line(framing).send();
        AtomicLong sent = new AtomicLong();
        Thread sender = new Thread(() -> send(framing.startsWith("Transfer"), sent), "sender");
        sender.start();
        Await.until(Relay.SOON, () -> "nothing sent", () -> sent.get() > 0);
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.awaitBytes(295_000)).hasSize(295_000);
        rest.open();
        assertThat(response.awaitBytes(refusal.length)).isEqualTo(refusal);
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        sending.open();
        client.close();
        sender.join();
    }

    private void send(boolean chunked, AtomicLong sent) {
        try {
            String data = "x".repeat(10_000);
            while (sent.get() < 100_000_000) {
                if (chunked) {
                    client.sendChunk(data);
                } else {
                    client.send(data);
                }
                sent.addAndGet(data.length());
            }
        } catch (UncheckedIOException closed) {
            // by the gateway, which reads no further, or by the test
        }
    }

    @Test
    void anEarlySuccessIsRelayedAndTheUnfinishedUploadEndsItsConnection() throws Exception {
        relay.upstream().enqueue(Reply.json(200, "{\"n\":1}").beforeRequestBody());
        Relay.upload(client).header("Content-Length", "1000000").send();
        client.send(new byte[1000]);
        RawResponse response = client.readResponse();
        assertThat(response.bodyText()).isEqualTo("{\"n\":1}");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                .isTrue();
    }

    @Test
    void anUploadGoesOnBesideItsStreamedAnswer() throws Exception {
        Gate more = new Gate();
        relay.upstream()
                .enqueue(Reply.stream()
                        .chunk("data: 1\n\n")
                        .waitFor(more)
                        .chunk("data: 2\n\n")
                        .lastChunk()
                        .beforeRequestBody());
        Relay.upload(client).header("Content-Length", "2000000").send();
        client.send(new byte[1_000_000]);
        RawResponse response = client.readResponse();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("1");
        client.send(new byte[1_000_000]);
        Await.until(
                Relay.SOON,
                () -> "the upload is not complete",
                () -> relay.upstream().requests().get(0).bodyLength() == 2_000_000);
        more.open();
        assertThat(response.readEvent().orElseThrow().data()).isEqualTo("2");
        assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        assertThat(relay.upstream().requests().get(0).isComplete()).isTrue();
    }
}
