package io.plano.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The tuned connector around an asynchronous servlet whose answers end on another thread, as the gateway's do. */
class InlineDispatchIT {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor(task -> new Thread(task, "reactor"));
    private InlineServer<WatchedConnector> server;

    @BeforeEach
    void start() throws Exception {
        server = InlineServer.start(new Probe(), "/probe/*", WatchedConnector::new);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        reactor.shutdownNow();
    }

    @Test
    void readsTheNextRequestOnTheThreadThatEndedTheAnswerBefore() throws Exception {
        try (Socket client = new Socket("127.0.0.1", server.connector().getLocalPort())) {
            String late = "GET /probe/late HTTP/1.1\r\nHost: x\r\n\r\n";
            String next = "GET /probe/x HTTP/1.1\r\nHost: x\r\n\r\n";
            client.getOutputStream().write((late + next).getBytes(ISO_8859_1));
            assertThat(seen.poll(5, TimeUnit.SECONDS)).startsWith("qtp");
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("/probe/late");
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("reactor");
        }
    }

    @Test
    void callsTheApplicationOnTheSelectorAndTellsWhereItBlocks() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(BlockingWatchdog.class);
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
        try {
            exchange("GET /probe/block HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains("Probe.service")
                .contains("plano.server.inline");
    }

    @Test
    void showsTheServletThePathAsItWasSent() throws Exception {
        for (String path :
                List.of("/probe/a%2Fb", "/probe/a%2fb", "/probe//b", "/probe/a;x=1/b", "/probe/%25", "/probe/a:b")) {
            seen.clear();
            assertThat(exchange("GET " + path + "?q={a}|b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 200 ");
            assertThat(seen.poll()).isNotNull();
            assertThat(seen.poll()).isEqualTo(path);
        }
    }

    @Test
    void answersFailuresOfTheApplicationWithoutATrace() throws Exception {
        String answer = exchange(
                "PUT /probe/fail HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 500 ")
                .contains("Content-Type: application/json")
                .contains("\"type\":\"server_error\"")
                .doesNotContain("secret", "Exception", "Probe")
                .doesNotContainIgnoringCase("jetty");
    }

    @Test
    void keepsAnsweringWhereTheApplicationRefusesARequestByStatus() throws Exception {
        assertThat(exchange("GET /probe/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 418 ")
                .doesNotContain("secret");
    }

    /** Returns when that thread has come out of the server's code. */
    private static void awaitIdle(Thread thread) {
        while (Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(".HttpConnection"))) {
            Thread.onSpinWait();
        }
    }

    private String exchange(String request) throws IOException {
        try (Socket client = new Socket("127.0.0.1", server.connector().getLocalPort())) {
            client.setSoTimeout(5_000);
            client.getOutputStream().write(request.getBytes(ISO_8859_1));
            InputStream answer = client.getInputStream();
            return new String(answer.readAllBytes(), ISO_8859_1);
        }
    }

    private final class Probe extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            seen.add(Thread.currentThread().getName());
            seen.add(request.getRequestURI());
            if (request.getRequestURI().endsWith("/block")) {
                LockSupport.parkNanos(Duration.ofMillis(1_700).toNanos());
            }
            if (request.getRequestURI().endsWith("/fail")) {
                throw new IllegalStateException("secret");
            }
            if (request.getRequestURI().endsWith("/status")) {
                response.sendError(418, "secret");
                return;
            }
            AsyncContext exchange = request.startAsync();
            if (request.getRequestURI().endsWith("/late")) {
                // Completed while the server is still inside, it would go on there by itself, on its own thread.
                Thread server = Thread.currentThread();
                reactor.execute(() -> {
                    awaitIdle(server);
                    exchange.complete();
                });
            } else {
                reactor.execute(exchange::complete);
            }
        }
    }
}
