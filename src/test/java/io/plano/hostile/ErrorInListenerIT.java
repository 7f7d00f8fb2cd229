package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Vitals;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Http2;
import io.plano.provider.Timeouts;
import io.plano.provider.TlsSettings;
import io.plano.provider.Transport;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Http2Upstream;
import io.plano.testing.Reply;
import io.plano.testing.TestKeys;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.UpstreamSettings;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("9.1: an error in what follows an upstream call ends that call, and the reactor goes on")
class ErrorInListenerIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Throws in one of its methods, once. */
    private static final class Faulty implements UpstreamListener {
        private final String method;
        private final Supplier<Error> error;
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        private volatile boolean thrown;

        private Faulty(String method, Supplier<Error> error) {
            this.method = method;
            this.error = error;
        }

        private void called(String name) {
            if (name.equals(method) && !thrown) {
                thrown = true;
                throw error.get();
            }
        }

        @Override
        public void head(int status, Headers headers, Content content) {
            assertThat(status).isEqualTo(200);
            called("head");
        }

        @Override
        public void data(ByteBuffer bytes) {
            called("data");
            bytes.position(bytes.limit());
        }

        @Override
        public void paused() {
            called("paused");
        }

        @Override
        public void windowSpent(Window window) throws IOException {
            called("windowSpent");
            window.update(Integer.MAX_VALUE);
        }

        @Override
        public void end() {
            ends.add("end");
            called("end");
        }

        @Override
        public void failed(GatewayException failure) {
            ends.add(failure.kind().name());
            called("failed");
        }

        private String ended() throws InterruptedException {
            return ends.poll(10, TimeUnit.SECONDS);
        }
    }

    /** A body that throws in one of its methods. */
    private record FaultyBody(String method, Supplier<Error> error) implements RequestBody {
        private void called(String name) {
            if (name.equals(method)) {
                throw error.get();
            }
        }

        @Override
        public boolean isReady() {
            called("isReady");
            return true;
        }

        @Override
        public void produce(RequestOutput output) throws IOException {
            called("produce");
            output.end();
        }

        @Override
        public void release() {
            called("release");
        }
    }

    private static UpstreamRequest request(int port) {
        return request("http", port, Transport.DIRECT);
    }

    private static UpstreamRequest request(String scheme, int port, Transport transport) {
        return new UpstreamRequest(
                "POST",
                new Endpoint(scheme, "127.0.0.1", port, ""),
                "/",
                Headers.of("Host", "127.0.0.1:" + port, "Content-Length", "0"),
                new Timeouts(LONG, LONG, LONG, null),
                transport);
    }

    private static void assertServes(UpstreamClient client, FakeUpstream provider, Vitals vitals) throws Exception {
        Faulty healthy = new Faulty("none", AssertionError::new);
        client.send(request(provider.port()), null, healthy);
        assertThat(healthy.ended()).isEqualTo("end");
        assertThat(vitals.complaint()).isNull();
    }

    @Test
    void inEveryCallbackOfAListener() throws Exception {
        try (FakeUpstream provider = FakeUpstream.start();
                Vitals vitals = Vitals.start();
                UpstreamClient client =
                        UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals)) {
            provider.onRequest(request -> Reply.json(200, "{\"a\":\"" + "b".repeat(200_000) + "\"}"));
            for (String method : List.of("head", "data", "paused", "windowSpent")) {
                for (Supplier<Error> error : Failings.ALL) {
                    Faulty faulty = new Faulty(method, error);
                    client.send(request(provider.port()), null, faulty);

                    assertThat(faulty.ended()).as("%s in %s", error, method).isEqualTo(FailureKind.INTERNAL.name());
                    assertServes(client, provider, vitals);
                }
            }
        }
    }

    @Test
    void inTheLastCallbackOfAListener() throws Exception {
        try (FakeUpstream provider = FakeUpstream.start();
                Vitals vitals = Vitals.start();
                UpstreamClient client =
                        UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals)) {
            provider.onRequest(request -> Reply.json(200, "{}"));
            for (Supplier<Error> error : Failings.ALL) {
                Faulty end = new Faulty("end", error);
                client.send(request(provider.port()), null, end);
                assertThat(end.ended()).isEqualTo("end");

                Faulty failed = new Faulty("failed", error);
                client.send(request(1), null, failed); // nobody listens there
                assertThat(failed.ended()).isEqualTo(FailureKind.UPSTREAM_UNREACHABLE.name());
                assertServes(client, provider, vitals);
            }
        }
    }

    @Test
    void inEveryCallToARequestsBody() throws Exception {
        try (FakeUpstream provider = FakeUpstream.start();
                Vitals vitals = Vitals.start();
                UpstreamClient client =
                        UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals)) {
            provider.onRequest(request -> Reply.json(200, "{}"));
            for (String method : List.of("isReady", "produce", "release")) {
                for (Supplier<Error> error : Failings.ALL) {
                    Faulty listener = new Faulty("none", error);
                    client.send(request(provider.port()), new FaultyBody(method, error), listener);

                    assertThat(listener.ended()).as("%s in %s", error, method).isNotNull();
                    assertServes(client, provider, vitals);
                }
            }
        }
    }

    @Test
    void onASharedConnectionItEndsOneStreamAndTheOthersGoOn(@TempDir Path folder) throws Exception {
        TestKeys keys = TestKeys.make(folder, "server", "EC", "ip:127.0.0.1");
        X509Certificate authority = (X509Certificate) keys.store().getCertificate("k");
        Transport transport = new Transport(TlsSettings.of(List.of(authority), null), null, Http2.AUTO);
        Http2Upstream.Answer answer =
                (request, response, callback) -> Content.Sink.write(response, true, "x".repeat(200_000), callback);
        try (Http2Upstream provider = Http2Upstream.start(keys.serverTrusting(), 100, answer);
                Vitals vitals = Vitals.start();
                UpstreamClient client =
                        UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals)) {
            UpstreamRequest request = request("https", provider.port(), transport);
            for (String method : List.of("head", "data", "paused", "windowSpent", "end")) {
                for (Supplier<Error> error : Failings.ALL) {
                    Faulty faulty = new Faulty(method, error);
                    List<Faulty> beside = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        beside.add(new Faulty("none", error));
                        client.send(request, null, i == 1 ? faulty : beside.get(i));
                    }
                    String end = faulty.ended();
                    // An answer that comes with its end in one piece is never paused.
                    boolean broken = faulty.thrown && !method.equals("end");
                    assertThat(end)
                            .as("%s in %s", error, method)
                            .isEqualTo(broken ? FailureKind.INTERNAL.name() : "end");
                    beside.remove(1);
                    for (Faulty healthy : beside) {
                        assertThat(healthy.ended())
                                .as("beside %s in %s", error, method)
                                .isEqualTo("end");
                    }
                }
            }
            assertThat(provider.connections()).isEqualTo(1);
            assertThat(vitals.complaint()).isNull();
        }
    }

    @Test
    void inEveryCallToARequestsBodyOnASharedConnectionItEndsOneStreamAndTheOthersGoOn(@TempDir Path folder)
            throws Exception {
        TestKeys keys = TestKeys.make(folder, "server", "EC", "ip:127.0.0.1");
        X509Certificate authority = (X509Certificate) keys.store().getCertificate("k");
        Transport transport = new Transport(TlsSettings.of(List.of(authority), null), null, Http2.AUTO);
        Http2Upstream.Answer answer =
                (request, response, callback) -> Content.Sink.write(response, true, "x".repeat(200_000), callback);
        try (Http2Upstream provider = Http2Upstream.start(keys.serverTrusting(), 100, answer);
                Vitals vitals = Vitals.start();
                UpstreamClient client =
                        UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofSeconds(50), 1000), vitals)) {
            UpstreamRequest request = request("https", provider.port(), transport);
            for (String method : List.of("isReady", "produce", "release")) {
                for (Supplier<Error> error : Failings.ALL) {
                    Faulty before = new Faulty("none", error);
                    Faulty faulty = new Faulty("none", error);
                    Faulty behind = new Faulty("none", error);
                    client.send(request, null, before);
                    client.send(request, new FaultyBody(method, error), faulty);
                    client.send(request, null, behind);

                    assertThat(faulty.ended())
                            .as("%s in %s", error, method)
                            .isEqualTo(method.equals("produce") ? FailureKind.INTERNAL.name() : "end");
                    assertThat(before.ended())
                            .as("before %s in %s", error, method)
                            .isEqualTo("end");
                    assertThat(behind.ended())
                            .as("behind %s in %s", error, method)
                            .isEqualTo("end");
                }
            }
            assertThat(provider.connections()).isEqualTo(1);
            assertThat(vitals.complaint()).isNull();
        }
    }
}
