package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.testing.Await;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("9.2b: who comes when there is no room gets 503, and the truth about the health of the process")
class SurplusClientsIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("test", true);
    private final LingeringClose lingering = new LingeringClose(scheduler);
    private final Vitals vitals = Vitals.start();
    private final SurplusClients surplus = new SurplusClients(scheduler, vitals, lingering);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private ServerSocketChannel port;

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
        surplus.tell(refused::incrementAndGet);
        lingering.tell(channel -> closed.incrementAndGet());
        port = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws Exception {
        surplus.close();
        lingering.close();
        vitals.close();
        scheduler.stop();
        port.close();
    }

    private RawClient connect() throws IOException {
        RawClient client = RawClient.connect(((InetSocketAddress) port.getLocalAddress()).getPort());
        surplus.answer(port.accept());
        return client;
    }

    private void assertClosed() {
        Await.until(LONG, () -> closed + " were closed", () -> closed.get() == 1);
    }

    @Test
    void aProbeHearsThatTheProcessIsAlive() throws IOException {
        try (RawClient client = connect()) {
            RawResponse response = client.request("GET", "/healthz").exchange();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("{\"status\":\"ok\"}");
            assertThat(response.header("Connection")).isEqualTo("close");
        }
        assertClosed();
        assertThat(refused).hasValue(0);
    }

    @Test
    void aProbeHearsThatItIsNot() throws IOException {
        Pulse pulse = vitals.pulse("plano-test");
        pulse.guard(() -> {}).run();
        try (RawClient client = connect()) {
            RawResponse response = client.request("GET", "/healthz?from=probe").exchange();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.bodyText()).contains("The thread plano-test has ended.");
        }
    }

    @Test
    void aProbeMayAskForTheHeadAlone() throws IOException {
        try (RawClient client = connect()) {
            RawResponse response = client.request("HEAD", "/healthz").exchange();
            assertThat(response.status()).isEqualTo(200);
            client.awaitPeerClosed(LONG);
            assertThat(client.receivedText()).endsWith("\r\n\r\n");
        }
    }

    @Test
    void aProbeMayArriveInPieces() throws IOException {
        try (RawClient client = connect()) {
            for (String piece : new String[] {"GE", "T /hea", "lthz", " HTTP/1.1\r\nHost: h\r\n\r\n"}) {
                client.send(piece);
            }
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/readyz", "/healthzy", "/", "/v1/models"})
    void everybodyElseIsRefused(String path) throws IOException {
        try (RawClient client = connect()) {
            RawResponse response = client.request("GET", path).exchange();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isEqualTo("1");
            assertThat(response.bodyText()).startsWith("{\"error\":");
        }
        assertClosed();
        assertThat(refused).hasValue(1);
    }

    @Test
    void whoSaysNothingIsRefusedSoon() throws IOException {
        try (RawClient client = connect().patience(Duration.ofSeconds(5))) {
            assertThat(client.readResponse().status()).isEqualTo(503);
        }
        assertClosed();
    }

    @Test
    void whoHasLeftIsClosed() throws IOException {
        connect().reset();
        assertClosed();
    }

    @Test
    void noneStaysOpenAtTheEnd() throws IOException {
        RawClient client = connect();
        surplus.close();
        client.awaitPeerClosed(LONG);
        client.close();
        assertClosed();
    }
}
