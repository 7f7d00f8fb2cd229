package io.plano.upstream.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.GatewayException;
import io.plano.failure.Vitals;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;
import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.Reply;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.UpstreamSettings;
import io.plano.upstream.Window;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.connect.Connections;
import io.plano.upstream.http1.Http1Attempt.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("A waiting connection that turns out to be spoilt in the moment that it is taken")
class ReuseIT {
    private final ScriptedSocket socket = new ScriptedSocket();
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void stopTimers() {
        timers.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL", "\r\n", "x"})
    void isNotUsedWhereBytesHaveArrivedThatNobodyAskedForR23(String late) throws Exception {
        socket.arrived = ByteBuffer.wrap(late.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answerOverWaitingConnection()).isEqualTo("204");
        assertThat(socket.written).isZero();
        assertThat(socket.closed).isTrue();
    }

    @Test
    void isNotUsedWhereItsProviderHasClosedItR72() throws Exception {
        socket.atEnd = true;
        assertThat(answerOverWaitingConnection()).isEqualTo("204");
        assertThat(socket.written).isZero();
    }

    /** Begins an exchange on the scripted connection; the answer is the one of a provider that answers on a new one. */
    private String answerOverWaitingConnection() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                Connections connections = Connections.start(UpstreamSettings.defaults(), Vitals.UNWATCHED, timers)) {
            upstream.enqueue(Reply.script().head(204));
            IOEventHandler engine = new Http1Engine(Http1Config.DEFAULT).on(socket.session);
            socket.handler = engine;
            engine.connected(socket.session);
            Outcomes outcomes = new Outcomes();
            UpstreamRequest request = new UpstreamRequest(
                    "GET",
                    new Endpoint("http", "127.0.0.1", upstream.port(), ""),
                    "/",
                    Headers.of("Host", "x"),
                    Timeouts.DEFAULT,
                    Transport.DIRECT);
            UpstreamAttempt attempt = new UpstreamAttempt(request, null, outcomes, connections);
            new Http1Attempt(attempt, socket.session, Origin.POOL, (served, connection) -> {}).start();
            try {
                engine.outputReady(socket.session);
            } catch (IOException spoilt) {
                engine.exception(socket.session, spoilt); // as the reactor does
                engine.disconnected(socket.session);
            }
            return String.valueOf(outcomes.heard.poll(10, TimeUnit.SECONDS));
        }
    }

    /** The status, or the failure. */
    private static final class Outcomes implements UpstreamListener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

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
        public void end() {}

        @Override
        public void failed(GatewayException failure) {
            heard.add(failure.toString());
        }
    }
}
