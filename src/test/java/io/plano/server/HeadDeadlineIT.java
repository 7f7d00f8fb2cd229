package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.Vitals;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The time for the head of a request")
class HeadDeadlineIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private InlineServer<LingeringConnector> server;
    private HeadDeadline deadline;

    @BeforeEach
    void start() throws Exception {
        server = InlineServer.start(new Echo(), "/*", LingeringConnector::new);
        deadline = new HeadDeadline(server.connector().getScheduler(), List.of(server.connector()), LIMIT);
        deadline.start(Vitals.UNWATCHED);
    }

    @AfterEach
    void stop() throws Exception {
        deadline.close();
        server.close();
    }

    private RawClient connect() {
        return RawClient.connect(server.connector().getLocalPort());
    }

    /** Sends a byte now and then for as long as somebody takes it. */
    private static Thread drip(RawClient client) {
        Thread dripping = new Thread(() -> {
            try {
                while (true) {
                    client.send("x");
                    Thread.sleep(20);
                }
            } catch (UncheckedIOException closed) {
                // as it should be
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        dripping.start();
        return dripping;
    }

    @Test
    void isOverForOneThatDrips() throws Exception {
        try (RawClient client = connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
            Thread dripping = drip(client);
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("Connection")).isEqualTo("close");
            response.readBody();
            client.awaitPeerClosed(LONG);
            client.close();
            dripping.join();
        }
    }

    @Test
    void isOverForOneThatFallsSilent() {
        try (RawClient client = connect()) {
            client.send("GET / HTTP/1.1\r\nHo");
            assertThat(client.readResponse().status()).isEqualTo(408);
            client.awaitPeerClosed(LONG);
        }
    }

    @Test
    void isOverForAConnectionThatBringsNothing() {
        try (RawClient client = connect()) {
            client.awaitPeerClosed(LONG);
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void beginsAnewWithTheNextRequest() {
        try (RawClient client = connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.request("GET", "/").exchange().readBody()).isEmpty();
            }
            client.send("G");
            assertThat(client.readResponse().status()).isEqualTo(408);
        }
    }

    @Test
    void doesNotConcernTheBodyAndTheWaitForANextRequest() throws Exception {
        try (RawClient client = connect();
                RawClient late = connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
            late.awaitPeerClosed(LONG); // two limits have passed at most
            client.send("b");
            assertThat(client.readResponse().bodyText()).isEqualTo("ab");
            try (RawClient later = connect()) {
                later.awaitPeerClosed(LONG);
            }
            assertThat(client.request("POST", "/").body("cd").exchange().bodyText())
                    .isEqualTo("cd");
        }
    }

    /** Answers with the body of the request, on the thread of the pool that reads it. */
    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            jakarta.servlet.AsyncContext exchange = request.startAsync();
            exchange.start(() -> {
                try {
                    byte[] body = exchange.getRequest().getInputStream().readAllBytes();
                    exchange.getResponse().setContentLength(body.length);
                    exchange.getResponse().getOutputStream().write(body);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    exchange.complete();
                }
            });
        }
    }
}
