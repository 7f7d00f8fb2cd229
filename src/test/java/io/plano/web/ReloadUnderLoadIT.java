package io.plano.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.plano.config.ConfigWatcher;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A hundred valid changes of the configuration, each followed by an invalid one, while clients send requests. Version
 * {@code n} of the file points the alias {@code fast} at {@code model-n}, at one of two upstreams in turn.
 */
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReloadUnderLoadIT {
    private static final int RELOADS = 100;
    private static final int CLIENTS = 3;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Pattern ANSWER = Pattern.compile("\\{\"upstream\":(\\d),\"model\":\"model-(\\d+)\"}");
    private static final Pattern ASKED = Pattern.compile("\"model\":\"(model-\\d+)\"");

    private final BlockingQueue<String> watcherSays = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            watcherSays.add(event.getFormattedMessage());
        }
    };
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    @BeforeEach
    void listen() {
        appender.start();
        ((Logger) LoggerFactory.getLogger(ConfigWatcher.class)).addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(ConfigWatcher.class)).detachAppender(appender);
    }

    @Test
    void aHundredReloadsFailNoRequestAndLeaveNothingBehind() throws Exception {
        Gate streamGoesOn = new Gate();
        try (FakeUpstream even = upstream(0);
                FakeUpstream odd = upstream(1);
                FakeUpstream streaming = FakeUpstream.start()
                        .enqueue(Reply.stream()
                                .chunk("data: 1\n\n")
                                .waitFor(streamGoesOn)
                                .chunk("data: [DONE]\n\n")
                                .lastChunk());
                GatewayContainer gateway = GatewayContainer.start(
                        GatewayContainer.Kind.JETTY,
                        "/",
                        yaml(0, even, streaming.baseUrl()),
                        Map.of(GatewayLifecycle.INTERVAL_PARAMETER, "20"));
                RawClient listener = RawClient.connect(gateway.port())) {
            RawResponse stream = listener.request("POST", "/v1/chat/completions")
                    .json("{\"model\":\"stream\",\"stream\":true}")
                    .exchange();
            assertThat(stream.readEvent()).isPresent();
            List<Thread> clients = startClients(gateway.port());

            ConfigFolder file = new ConfigFolder(gateway.configFile());
            for (int version = 1; version <= RELOADS; version++) {
                FakeUpstream upstream = version % 2 == 0 ? even : odd;
                // The stream's own provider moves away with the first change; its exchange keeps what it opened with.
                change(file, version, yaml(version, upstream, upstream.baseUrl()));
                breakIt(file, version);
            }
            stopping = true;
            for (Thread client : clients) {
                client.join(SOON.toMillis());
                assertThat(client.isAlive()).isFalse();
            }

            assertThat(failures).isEmpty();
            assertThat(answered.get()).isGreaterThan(RELOADS);
            streamGoesOn.open();
            assertThat(stream.bodyText()).isEqualTo("data: [DONE]\n\n");
            assertThat(stream.end()).isEqualTo(ResponseEnd.CLEAN);
            assertThat(even.busyConnections() + odd.busyConnections()).isZero();
            // A reload closes no connection and needs no new one.
            assertThat(even.connectionsAccepted()).isLessThanOrEqualTo(2 * CLIENTS);
            assertThat(odd.connectionsAccepted()).isLessThanOrEqualTo(2 * CLIENTS);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .filteredOn(name -> name.equals("plano-config-watcher"))
                    .hasSize(1);
        }
    }

    private static FakeUpstream upstream(int number) {
        return FakeUpstream.start()
                .onRequest(request ->
                        Reply.json(200, "{\"upstream\":%d,\"model\":\"%s\"}".formatted(number, asked(request))));
    }

    private static String asked(UpstreamRequest request) {
        Matcher model = ASKED.matcher(request.bodyText());
        assertThat(model.find()).as(request.bodyText()).isTrue();
        return model.group(1);
    }

    private static String yaml(int version, FakeUpstream upstream, String streamUrl) {
        return """
                version: v0.4.0
                listeners: []
                model_providers:
                  - {model: openai/model-%1$d, base_url: '%2$s', access_key: k}
                  - {model: openai/stream, base_url: '%3$s', access_key: k}
                model_aliases: {fast: {target: model-%1$d}}
                """.formatted(version, upstream.baseUrl(), streamUrl);
    }

    private void change(ConfigFolder file, int version, String yaml) throws Exception {
        written.set(version);
        file.write(yaml, version);
        assertThat(awaitWord("applied; "))
                .contains("added [openai/model-" + version + "]")
                .contains("removed [openai/model-" + (version - 1) + "]");
        applied.set(version);
    }

    private void breakIt(ConfigFolder file, int version) throws Exception {
        file.write("model_providers: [{model: openai/model-999999, access_key: $NOT_SET_" + version + "}]\n", version);
        awaitWord("NOT_SET_" + version + " is not set");
        awaitWord("the former one stays");
    }

    private String awaitWord(String part) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        String said = "";
        while (said != null && !said.contains(part)) {
            said = watcherSays.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        assertThat(said).as("what the watcher says of: " + part).isNotNull();
        return said;
    }

    private List<Thread> startClients(int port) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> sendUntilStopped(port), "client-" + i);
            client.start();
            clients.add(client);
        }
        return clients;
    }

    private void sendUntilStopped(int port) {
        try (RawClient client = RawClient.connect(port)) {
            while (!stopping) {
                send(client);
            }
        } catch (RuntimeException | AssertionError failed) {
            failures.add(failed);
        }
    }

    private void send(RawClient client) {
        int before = applied.get();
        RawResponse response = client.request("POST", "/v1/chat/completions")
                .json("{\"model\":\"fast\"}")
                .exchange();
        String body = response.bodyText();
        Matcher answer = ANSWER.matcher(body);
        assertThat(response.status()).as(body).isEqualTo(200);
        assertThat(answer.matches()).as(body).isTrue();
        int version = Integer.parseInt(answer.group(2));
        assertThat(version).isBetween(before, written.get());
        assertThat(Integer.parseInt(answer.group(1))).isEqualTo(version % 2);
        answered.incrementAndGet();
    }

    /** Changes the file in the ways of editors, and of Kubernetes, in which the content is never half written. */
    private static final class ConfigFolder {
        private final Path file;
        private int links;

        ConfigFolder(Path file) {
            this.file = file;
        }

        void write(String yaml, int version) throws IOException {
            if (version % 2 == 0) {
                Path draft = Files.writeString(file.resolveSibling("draft"), yaml);
                move(draft, file);
            } else {
                swapLink(yaml);
            }
        }

        /** {@code plano.yaml → ..data/plano.yaml}, {@code ..data → ..n}: only the second link changes. */
        private void swapLink(String yaml) throws IOException {
            Path volume = Files.createDirectory(file.resolveSibling(".." + ++links));
            Files.writeString(volume.resolve(file.getFileName()), yaml);
            Path next = Files.createSymbolicLink(file.resolveSibling("..next"), volume.getFileName());
            move(next, file.resolveSibling("..data"));
            if (!Files.isSymbolicLink(file)) {
                Path link = Files.createSymbolicLink(
                        file.resolveSibling("link"), Path.of("..data").resolve(file.getFileName()));
                move(link, file);
            }
        }

        private static void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
