package io.plano.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client's connection, while its request is served and behind that")
class ClientEndPointIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int LARGE = 40_000_000;
    private static final String REQUEST = "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n";

    private final BlockingQueue<AsyncContext> open = new LinkedBlockingQueue<>();
    private InlineServer<Connector> server;
    private Connector connector;

    @BeforeEach
    void start() throws Exception {
        server = InlineServer.start(new Held(), "/*", Connector::new);
        connector = server.connector();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void keepsTheSelectorLookingWhileARequestIsServed() throws Exception {
        try (Socket client = connect()) {
            send(client, "a");
            AsyncContext first = take();
            connector.awaitTurns(2);
            assertThat(connector.interest()).isEqualTo(SelectionKey.OP_READ);

            first.complete();
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
            send(client, "b");
            take().complete();
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void stopsLookingWhenSomethingComesThatNobodyWaitsFor() throws Exception {
        try (Socket client = connect()) {
            send(client, "a");
            AsyncContext first = take();
            send(client, "b");
            Await.until(LONG, () -> "still interested", () -> connector.interest() == 0);
            assertThat(open).isEmpty();

            first.complete();
            AsyncContext second = take();
            assertThat(((HttpServletRequest) second.getRequest()).getRequestURI())
                    .isEqualTo("/b");
            second.complete();
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void writesOnToAClientThatTakesItsTime() throws Exception {
        try (Socket client = connect()) {
            send(client, "large");
            AsyncContext exchange = take();
            connector.awaitTurns(2);
            writeLarge(exchange);
            Await.until(
                    LONG,
                    () -> "nothing waits to be written",
                    () -> (connector.interest() & SelectionKey.OP_WRITE) != 0);

            InputStream answer = client.getInputStream();
            assertThat(readHead(client)).contains("Content-Length: " + LARGE);
            assertThat(answer.readNBytes(LARGE)).hasSize(LARGE);
            send(client, "b");
            take().complete();
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void noticesAClientThatLeavesBehindItsAnswer() throws Exception {
        try (Socket client = connect()) {
            send(client, "a");
            take().complete();
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ");
        }
        Await.until(
                LONG,
                () -> "the connection is still open",
                () -> connector.getConnectedEndPoints().isEmpty());
    }

    private Socket connect() throws IOException {
        Socket client = new Socket("127.0.0.1", connector.getLocalPort());
        client.setSoTimeout((int) LONG.toMillis());
        return client;
    }

    private static void send(Socket client, String path) throws IOException {
        client.getOutputStream().write(REQUEST.formatted(path).getBytes(ISO_8859_1));
    }

    private AsyncContext take() throws InterruptedException {
        AsyncContext exchange = open.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(exchange).isNotNull();
        return exchange;
    }

    private static String readHead(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.getInputStream().read();
            assertThat(next).as("end of stream in: %s", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static void writeLarge(AsyncContext exchange) throws IOException {
        exchange.getResponse().setContentLengthLong(LARGE);
        ServletOutputStream out = exchange.getResponse().getOutputStream();
        out.setWriteListener(new WriteListener() {
            private boolean written;

            @Override
            public void onWritePossible() throws IOException {
                if (!written && out.isReady()) {
                    written = true;
                    out.write(new byte[LARGE]);
                }
                if (written && out.isReady()) {
                    exchange.complete();
                }
            }

            @Override
            public void onError(Throwable failure) {
                exchange.complete();
            }
        });
    }

    /** Starts exchanges and leaves their ends to the test. */
    private final class Held extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            open.add(request.startAsync());
        }
    }

    /** Shows what its only connection's key is registered for. */
    private static final class Connector extends LingeringConnector {
        private volatile ManagedSelector selector;
        private volatile SelectionKey key;

        Connector(Server server, InlineExecutor inline, ClientConnections clients, HttpConnectionFactory http) {
            super(server, inline, clients, http);
        }

        @Override
        protected SocketChannelEndPoint newEndPoint(
                SocketChannel channel, ManagedSelector itsSelector, SelectionKey itsKey) {
            selector = itsSelector;
            key = itsKey;
            return super.newEndPoint(channel, itsSelector, itsKey);
        }

        int interest() {
            return key.interestOps();
        }

        /** Returns when the selector has gone so many times through all that it does behind a selection. */
        void awaitTurns(int turns) throws InterruptedException {
            for (int i = 0; i < turns; i++) {
                BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
                selector.submit(selected -> done.add(true));
                assertThat(done.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
