package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads slowly slows down whoever writes, and the gateway holds little in between (R69, trap 3). */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BackpressureIT {
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final int SMALL = 8 << 10;

    /** A flow-control window, and what the kernel grows its receive buffer to; whatever is queued beyond is too much. */
    private static final long HELD = 4L << 20;

    private final GatewayContainer.Kind kind;

    BackpressureIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    /** A body, and how an upstream sends it. */
    private record Framing(String name, Function<byte[], Reply> reply) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Framing> framings() {
        return Stream.of(
                new Framing("large chunks", body -> chunks(body, 64 << 10)),
                new Framing("small chunks", body -> chunks(body, 100)),
                new Framing("Content-Length", body -> Reply.of(200, "application/octet-stream", body)),
                new Framing(
                        "until close",
                        body -> Reply.script()
                                .head(200, "Content-Type: text/plain")
                                .bytes(body)
                                .close()));
    }

    private static Reply chunks(byte[] body, int size) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += size) {
            int length = Math.min(size, body.length - from);
            framed.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            framed.write(body, from, length);
            framed.writeBytes(new byte[] {'\r', '\n'});
        }
        return Reply.script()
                .head(200, "Transfer-Encoding: chunked")
                .bytes(framed.toByteArray())
                .lastChunk();
    }

    @ParameterizedTest
    @MethodSource("framings")
    void aClientThatDoesNotReadStopsTheUpstreamAndGetsEverythingLaterR69(Framing framing) {
        byte[] body = Bytes.random(12 << 20);
        try (Relay relay = Relay.start(kind);
                RawClient client = relay.connectWithReceiveBuffer(SMALL)) {
            relay.upstream().enqueue(framing.reply().apply(body).inPiecesOf(16 << 10));
            RawResponse response = Relay.download(client).exchange();
            long sent = relay.upstream().awaitWritesStalled(QUIET, Relay.SOON);
            assertThat(sent).isLessThan(HELD);

            response.awaitBytes(1 << 20); // and it stops again
            long more = relay.upstream().awaitWritesStalled(QUIET, Relay.SOON);
            assertThat(more).isGreaterThan(sent).isLessThan(HELD * 2);

            client.patience(Duration.ofSeconds(30));
            assertThat(Bytes.sha256(response.readBody())).isEqualTo(Bytes.sha256(body));
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 1000000000000"})
    void anUpstreamThatSendsWithoutEndIsStoppedAndStaysStoppedR69(String framing) throws Exception {
        try (Relay relay = Relay.start(kind);
                RawClient client = relay.connectWithReceiveBuffer(SMALL)) {
            Reply head = Reply.script().head(200, "Content-Type: text/event-stream", framing);
            byte[] event = ("data: " + "x".repeat(2000) + "\n\n").getBytes(StandardCharsets.US_ASCII);
            relay.upstream().enqueue(framing.startsWith("Transfer") ? head.endlessChunks(event) : head.endless(event));
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            long sent = relay.upstream().awaitWritesStalled(Duration.ofSeconds(2), Relay.SOON);
            assertThat(sent).isLessThan(HELD);
            for (int i = 0; i < 2000; i++) {
                assertThat(response.readEvent()).isPresent();
            }
            client.reset();
            assertThat(relay.upstream().awaitConnectionClosed(0, Relay.SOON).byPeer())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 20000000"})
    void anUpstreamThatDoesNotReadStopsTheClientsUpload(String framing) throws Exception {
        Gate reading = new Gate();
        try (Relay relay = Relay.start(kind, FakeUpstream.startWithReceiveBuffer(SMALL), "300s");
                RawClient client = relay.connect()) {
            relay.upstream().readBodiesAfter(reading).enqueue(Reply.json(200, "{}"));
            byte[] body = Bytes.random(20_000_000);
            AtomicLong sent = new AtomicLong();
            Relay.upload(client).line(framing).send();
            Thread sender = new Thread(() -> send(client, body, framing.startsWith("Transfer"), sent), "sender");
            sender.start();
            long stalled = awaitStalled(sent);
            assertThat(stalled).isLessThan(13_000_000); // two sockets' buffers of up to 6 MB, and what is held between

            reading.open();
            assertThat(client.patience(Duration.ofSeconds(30)).readResponse().bodyText())
                    .isEqualTo("{}");
            sender.join();
            assertThat(Bytes.sha256(relay.upstream().takeRequest(Relay.SOON).body()))
                    .isEqualTo(Bytes.sha256(body));
        }
    }

    private static void send(RawClient client, byte[] body, boolean chunked, AtomicLong sent) {
        int step = 50_000;
        try {
            for (int from = 0; from < body.length; from += step) {
                byte[] part = Arrays.copyOfRange(body, from, from + step);
                if (chunked) {
                    client.send(Integer.toHexString(step) + "\r\n").send(part).send("\r\n");
                } else {
                    client.send(part);
                }
                sent.addAndGet(step);
            }
            if (chunked) {
                client.sendLastChunk();
            }
        } catch (UncheckedIOException broken) {
            throw new AssertionError("after " + sent, broken);
        }
    }

    private static long awaitStalled(AtomicLong counter) {
        long[] last = {counter.get(), System.nanoTime()};
        Await.until(Relay.SOON, () -> "still growing: " + counter, () -> {
            if (counter.get() != last[0]) {
                last[0] = counter.get();
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > QUIET.toNanos();
        });
        return last[0];
    }
}
