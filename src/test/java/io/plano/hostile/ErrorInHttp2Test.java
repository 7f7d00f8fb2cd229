package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.Window;
import io.plano.upstream.attempt.Carriers;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.http2.ConnectionListener;
import io.plano.upstream.http2.Http2Attempt;
import io.plano.upstream.http2.Http2Connection;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Stream;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
        "9.1: an error in the work of an HTTP/2 connection ends it and not its thread, and its attempts hear of it once")
class ErrorInHttp2Test {
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final byte[] PING = {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    private static final byte[] HEAD_OF_FIRST = {0, 0, 1, 1, 4, 0, 0, 0, 1, (byte) 0x88};
    private static final byte[] RESET_OF_FIRST = {0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2};
    private static final byte[] WHOLE_OF_SECOND = {0, 0, 1, 1, 5, 0, 0, 0, 3, (byte) 0x88};
    private static final byte[] GOAWAY = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final IOSession session = (IOSession) Proxy.newProxyInstance(
            IOSession.class.getClassLoader(), new Class<?>[] {IOSession.class}, (proxy, method, arguments) -> {
                fail(method.getName());
                return answer(method, arguments);
            });
    private final Http2Connection connection = new Http2Connection(session, Timeout.ofSeconds(50));
    private final List<Story> stories = new ArrayList<>();
    private @Nullable String faulty;
    private @Nullable Failings failing;
    private boolean thrown;
    private boolean closed;

    /** One that begins again has been refused. */
    private final Carriers carriers = new Carriers() {
        @Override
        public void begin(UpstreamAttempt attempt) {
            attempt.cancel();
        }

        @Override
        public void connect(UpstreamAttempt attempt) {
            attempt.cancel();
        }
    };

    private void fail(String place) {
        Failings error = failing;
        if (error != null && place.equals(faulty)) {
            thrown = true;
            throw error.get();
        }
    }

    private @Nullable Object answer(Method method, Object @Nullable [] arguments) {
        switch (method.getName()) {
            case "write" -> {
                ByteBuffer bytes = (ByteBuffer) arguments[0];
                int count = bytes.remaining();
                bytes.position(bytes.limit());
                return count;
            }
            case "read" -> {
                return 0;
            }
            case "close" -> {
                closed = true;
                return null;
            }
            default -> {
                return null;
            }
        }
    }

    @BeforeEach
    void open() {
        connection.tell(new ConnectionListener() {
            @Override
            public void ready() {
                fail("ready");
            }

            @Override
            public void ended() {
                fail("ended");
            }
        });
        connection.connected(session);
    }

    @AfterEach
    void stopTimers() {
        timers.shutdownNow();
    }

    private void begin() {
        Story story = new Story();
        stories.add(story);
        UpstreamRequest request = new UpstreamRequest(
                "GET",
                new Endpoint("https", "127.0.0.1", 443, ""),
                "/",
                Headers.of("Host", "x"),
                Timeouts.DEFAULT,
                Transport.DIRECT);
        assertThat(connection.reserve()).isTrue();
        new Http2Attempt(new UpstreamAttempt(request, null, story, carriers), timers).start(connection);
    }

    /** The reactor knows exceptions only, and would end. */
    private static void assertKeepsItsErrors(Runnable event) {
        Throwable escaped = null;
        try {
            event.run();
        } catch (Throwable e) { // an error as such would end the test's process, too
            escaped = e;
        }
        assertThat(escaped == null ? "none" : escaped.toString()).isEqualTo("none");
    }

    static Stream<Arguments> faults() {
        return Stream.of("write", "read", "setEvent", "clearEvent", "setSocketTimeout", "ended")
                .flatMap(place -> Failings.ALL.stream().map(error -> Arguments.of(place, error)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whileItServesSeveral(String place, Failings error) {
        connection.inputReady(session, ByteBuffer.wrap(SETTINGS));
        begin();
        begin();
        connection.outputReady(session);

        faulty = place;
        failing = error;
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(PING)));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(HEAD_OF_FIRST)));
        assertKeepsItsErrors(() -> connection.outputReady(session));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(RESET_OF_FIRST)));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(WHOLE_OF_SECOND)));
        assertKeepsItsErrors(() -> connection.timeout(session, Timeout.ofSeconds(50)));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(GOAWAY)));
        failing = null;
        connection.disconnected(session); // as the reactor says of one that is lost

        assertThat(stories).allSatisfy(story -> assertThat(story.ends).hasSize(1));
        assertThat(thrown).isTrue();
        assertThat(closed).isTrue();
    }

    static Stream<Arguments> faultsAtFirst() {
        return Stream.of("write", "read", "setSocketTimeout", "ready")
                .flatMap(place -> Failings.ALL.stream().map(error -> Arguments.of(place, error)));
    }

    @ParameterizedTest
    @MethodSource("faultsAtFirst")
    void whileItBeginsForTheFirst(String place, Failings error) {
        begin();
        faulty = place;
        failing = error;
        assertKeepsItsErrors(() -> connection.outputReady(session));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(SETTINGS)));
        failing = null;
        connection.disconnected(session);

        assertThat(thrown).isTrue();
        assertThat(closed).isTrue();
        assertThat(stories).allSatisfy(story -> assertThat(story.ends).hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void inTheLastWordOfOneItKeepsTheOthers(Failings error) {
        connection.inputReady(session, ByteBuffer.wrap(SETTINGS));
        begin();
        begin();
        stories.get(0).lastWord = error;
        connection.outputReady(session);
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(RESET_OF_FIRST)));
        assertKeepsItsErrors(() -> connection.inputReady(session, ByteBuffer.wrap(WHOLE_OF_SECOND)));

        assertThat(stories.get(0).ends).containsExactly("UPSTREAM_TRUNCATED");
        assertThat(stories.get(1).ends).containsExactly("end");
        assertThat(closed).isFalse();
    }

    /** How it ended. */
    private static final class Story implements UpstreamListener {
        private final List<String> ends = new ArrayList<>();
        private @Nullable Failings lastWord;

        @Override
        public void head(int status, Headers headers, Content content) {}

        @Override
        public void data(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void paused() {}

        @Override
        public void windowSpent(Window window) {}

        @Override
        public void end() {
            ends.add("end");
        }

        @Override
        public void failed(GatewayException failure) {
            ends.add(failure.kind().name());
            if (lastWord != null) {
                throw lastWord.get();
            }
        }
    }
}
