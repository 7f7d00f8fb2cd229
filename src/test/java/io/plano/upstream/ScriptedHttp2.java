package io.plano.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Http2;
import io.plano.provider.Timeouts;
import io.plano.provider.TlsSettings;
import io.plano.provider.Transport;
import io.plano.testing.Http2Script;
import io.plano.testing.TestKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that sends frame by frame what a test wants, and a client with requests to it. */
abstract class ScriptedHttp2 {
    @TempDir
    private static Path folder;

    private static TestKeys keys;

    Http2Script server;
    UpstreamClient client;

    @BeforeAll
    static void makeKeys() {
        keys = TestKeys.make(folder, "server", "EC", "ip:127.0.0.1");
    }

    @BeforeEach
    void start() {
        server = Http2Script.start(keys.serverTrusting());
        client = UpstreamClient.start(UpstreamSettings.defaults());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /** Says what it hears, in words. */
    static final class Story implements UpstreamListener {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final AtomicInteger pauses = new AtomicInteger();
        private volatile @Nullable Window window;

        @Override
        public void head(int status, Headers headers, Content content) {
            told.add("head " + status + " " + content);
        }

        @Override
        public void data(ByteBuffer bytes) {
            told.add("data " + bytes.remaining());
            bytes.position(bytes.limit());
        }

        @Override
        public void paused() {
            pauses.incrementAndGet();
        }

        @Override
        public void windowSpent(Window spent) {
            window = spent;
        }

        @Override
        public void end() {
            told.add("end");
        }

        @Override
        public void failed(GatewayException failure) {
            told.add("failed " + failure.kind());
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(10, TimeUnit.SECONDS));
        }

        List<String> next(int count) throws InterruptedException {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                words.add(next());
            }
            return words;
        }

        void credit(int bytes) throws IOException {
            Window open = window;
            assertThat(open).isNotNull();
            open.update(bytes);
        }
    }

    /** A body in memory. */
    static final class Text implements RepeatableBody {
        private final ByteBuffer bytes;
        int begun = 1;

        Text(String text) {
            bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void produce(RequestOutput output) throws IOException {
            output.write(bytes);
            if (bytes.hasRemaining()) {
                output.requestOutput();
            } else {
                output.end();
            }
        }

        @Override
        public void rewind() {
            begun++;
            bytes.rewind();
        }

        @Override
        public void release() {}
    }

    UpstreamRequest request(String path, Timeouts timeouts) {
        try {
            X509Certificate authority = (X509Certificate) keys.store().getCertificate("k");
            Transport transport = new Transport(TlsSettings.of(List.of(authority), null), null, Http2.AUTO);
            Headers headers = Headers.of("Host", "api.test", "Authorization", "Bearer canary", "Accept", "x/y");
            Endpoint endpoint = new Endpoint("https", "127.0.0.1", server.port(), "");
            return new UpstreamRequest("POST", endpoint, path, headers, timeouts, transport);
        } catch (java.security.KeyStoreException e) {
            throw new IllegalStateException(e);
        }
    }

    Story send(String path, @Nullable RepeatableBody body) {
        Story story = new Story();
        client.send(request(path, Timeouts.DEFAULT), body, story);
        return story;
    }

    Story send(String path) {
        return send(path, null);
    }
}
