package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;
import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two connections to providers may be open at a time. */
class ConnectionLimitIT {
    private final UpstreamClient client =
            UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 2));
    private final FakeUpstream upstream = FakeUpstream.start();
    private final FakeUpstream other = FakeUpstream.start();

    @AfterEach
    void close() {
        client.close();
        upstream.close();
        other.close();
    }

    private Story send(FakeUpstream to) {
        return send(to.port());
    }

    private Story send(int port) {
        Story story = new Story();
        client.send(
                new UpstreamRequest(
                        "GET",
                        new Endpoint("http", "127.0.0.1", port, ""),
                        "/",
                        Headers.of("Host", "x"),
                        Timeouts.DEFAULT,
                        Transport.DIRECT),
                null,
                story);
        return story;
    }

    @Test
    void theThirdIsRefusedAsTheGatewaysOwnLimitAndIsServedWhenOneOfThemIsDone() throws Exception {
        Gate gate = new Gate();
        Reply slow = Reply.script().head(200, "Content-Length: 2").waitFor(gate).bytes("ok");
        upstream.enqueue(slow).enqueue(slow);
        Story first = send(upstream);
        Story second = send(upstream);
        assertThat(first.next()).isEqualTo("200");
        assertThat(second.next()).isEqualTo("200");

        assertThat(send(upstream).next()).isEqualTo(FailureKind.OVERLOADED.name());
        assertThat(upstream.connectionsAccepted()).isEqualTo(2);

        gate.open();
        assertThat(first.next()).isEqualTo("end");
        upstream.enqueue(Reply.script().head(204));
        assertServedSoon(upstream);
        assertThat(upstream.connectionsAccepted()).isEqualTo(2);
    }

    /** A listener hears of the end a moment before the connection is free again. */
    private void assertServedSoon(FakeUpstream to) {
        Await.until(Duration.ofSeconds(10), () -> "no connection is free", () -> {
            String answer = send(to).next();
            assertThat(answer).isIn("204", FailureKind.OVERLOADED.name());
            return answer.equals("204");
        });
    }

    @Test
    void aConnectionThatWaitsForAnExchangeMakesRoomForAnotherProviders() throws Exception {
        Gate gate = new Gate();
        Reply slow = Reply.script().waitFor(gate).head(204);
        upstream.enqueue(slow).enqueue(slow);
        Story first = send(upstream);
        Story second = send(upstream);
        gate.open();
        assertThat(first.next()).isEqualTo("204");
        assertThat(second.next()).isEqualTo("204");
        assertThat(first.next()).isEqualTo("end");
        assertThat(second.next()).isEqualTo("end");

        other.enqueue(Reply.script().head(204));
        assertServedSoon(other);
        assertThat(upstream.connectionsAccepted()).isEqualTo(2);
        Await.until(Duration.ofSeconds(10), () -> "two stay", () -> upstream.openConnections() == 1);
    }

    @Test
    void thoseThatFailedToConnectAreGivenBack() throws Exception {
        int closed = other.port();
        other.close();
        for (int i = 0; i < 5; i++) {
            assertThat(send(closed).next()).isEqualTo(FailureKind.UPSTREAM_UNREACHABLE.name());
        }
        upstream.enqueue(Reply.script().head(204));
        assertThat(send(upstream).next()).isEqualTo("204");
    }

    @Test
    void thoseThatWereCutOffAreGivenBack() throws Exception {
        upstream.onRequest(request -> Reply.script().reset());
        for (int i = 0; i < 5; i++) {
            assertThat(send(upstream).next()).isEqualTo(FailureKind.UPSTREAM_TRUNCATED.name());
        }
    }

    /** The status, then the end or the failure. */
    private static final class Story implements UpstreamListener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        String next() {
            try {
                return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void head(int status, Headers headers, Content content) {
            heard.add(String.valueOf(status));
        }

        @Override
        public void data(ByteBuffer bytes) {}

        @Override
        public void paused() {}

        @Override
        public void windowSpent(Window window) {}

        @Override
        public void end() {
            heard.add("end");
        }

        @Override
        public void failed(GatewayException failure) {
            heard.add(failure.kind().name());
        }
    }
}
