package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangeDrainIT {
    private final BlockingQueue<Callback> open = new LinkedBlockingQueue<>();
    private final ExchangeDrain drain = new ExchangeDrain(new Handler.Abstract.NonBlocking() {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return open.add(callback);
        }
    });
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(drain);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void waitsForOpenExchanges() throws Exception {
        try (Socket client = request()) {
            Callback exchange = open.poll(5, TimeUnit.SECONDS);
            assertThat(exchange).isNotNull();
            assertThat(drain.open()).isEqualTo(1);
            Thread waiter = new Thread(() -> drain.await(Duration.ofSeconds(30)));
            waiter.start();
            waiter.join(200);
            assertThat(waiter.isAlive()).isTrue();
            exchange.succeeded();
            exchange.succeeded();
            waiter.join(5_000);
            assertThat(waiter.isAlive()).isFalse();
            assertThat(drain.open()).isZero();
        }
    }

    @Test
    void givesUpInTheEnd() throws Exception {
        try (Socket client = request()) {
            Callback exchange = open.poll(5, TimeUnit.SECONDS);
            drain.await(Duration.ofMillis(50));
            assertThat(drain.open()).isEqualTo(1);
            exchange.succeeded();
        }
    }

    @Test
    void closesTheConnectionsOfLateRequests() throws Exception {
        drain.await(Duration.ofSeconds(1));
        try (Socket client = request()) {
            open.poll(5, TimeUnit.SECONDS).succeeded();
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Connection: close");
        }
    }

    private Socket request() throws Exception {
        Socket socket = new Socket("127.0.0.1", connector.getLocalPort());
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
