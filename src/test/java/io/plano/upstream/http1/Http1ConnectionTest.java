package io.plano.upstream.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection that waits and gets a request")
class Http1ConnectionTest {
    private static final int BODY = 10_000;
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedSocket socket = new ScriptedSocket();
    private final Exchange exchange = new Exchange();
    private Http1Connection connection;

    @BeforeEach
    void open() throws IOException {
        connection = (Http1Connection)
                new Http1Engine(Http1Config.custom().setBufferSize(8192).build()).on(socket.session);
        socket.handler = connection;
        connection.connected(socket.session);
    }

    @Test
    void sendsItOnTheCallersThreadAndAsksTheSelectorForNothing() throws Exception {
        assertThat(connection.execute(command())).isTrue();

        assertThat(socket.written).isGreaterThan(BODY);
        assertThat(exchange.sent).isTrue();
        assertThat(socket.registrations).isZero();
        answer();
        assertThat(exchange.ended).isTrue();
        assertThat(socket.registrations).isZero();
    }

    @Test
    void asksToBeToldWhenTheSocketTakesTheRest() throws Exception {
        socket.room = 3_000;
        assertThat(connection.execute(command())).isTrue();

        assertThat(socket.written).isEqualTo(3_000);
        assertThat(socket.interest).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        socket.room = Integer.MAX_VALUE;
        connection.outputReady(socket.session);
        assertThat(exchange.sent).isTrue();
        assertThat(socket.interest).isEqualTo(SelectionKey.OP_READ);
        answer();
        assertThat(exchange.ended).isTrue();
    }

    @Test
    void leavesItToTheReactorWhereThatIsAtWorkOnTheConnection() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        exchange.onAnswer = () -> {
            inside.countDown();
            await(done);
        };
        assertThat(connection.execute(command())).isTrue();
        int before = socket.written;
        Thread reactor = new Thread(this::answer, "reactor");
        reactor.start();
        await(inside);
        RequestExecutionCommand next = command();

        assertThat(connection.execute(next)).isFalse();
        assertThat(socket.written).isEqualTo(before);
        done.countDown();
        reactor.join();
        socket.commands.add(next); // as whoever was told no does, who then waits for an event
        connection.outputReady(socket.session);
        assertThat(socket.written).isEqualTo(2 * before);
    }

    @Test
    void leavesItToTheReactorWhereTheConnectionIsSecured() {
        socket.tls = new TlsDetails(null, null);

        assertThat(connection.execute(command())).isFalse();
        assertThat(socket.written).isZero();
    }

    @Test
    void leavesItToWhoAskedWhereTheConnectionIsNotReadyYet() throws Exception {
        ScriptedSocket fresh = new ScriptedSocket();
        Http1Connection unconnected = (Http1Connection) new Http1Engine(Http1Config.DEFAULT).on(fresh.session);
        RequestExecutionCommand command = command();

        assertThat(unconnected.execute(command)).isFalse();
        fresh.commands.add(command);
        unconnected.connected(fresh.session);
        assertThat(fresh.written).isGreaterThan(BODY);
    }

    @Test
    void failsItAndClosesWhereItsFirstBytesCannotBeSent() {
        exchange.obstacle = new IOException("reset");

        assertThat(connection.execute(command())).isTrue();
        assertThat(exchange.failure).hasMessage("reset");
        assertThat(socket.closed).isTrue();
    }

    @Test
    void registersAtOnceWhatAnotherThreadAsksForInTheMeantime() throws Exception {
        Http1Session session = new Http1Session(socket.session);
        session.turn().lock();
        try {
            session.setEvent(SelectionKey.OP_WRITE);
            assertThat(session.wants(SelectionKey.OP_WRITE)).isTrue();
            session.clearEvent(SelectionKey.OP_WRITE);
            assertThat(socket.registrations).isZero();

            Thread other = new Thread(() -> session.setEvent(SelectionKey.OP_WRITE), "other");
            other.start();
            other.join();
            assertThat(socket.interest).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            assertThat(session.wants(SelectionKey.OP_WRITE)).isFalse();
            session.register();
        } finally {
            session.turn().unlock();
        }
        assertThat(socket.interest).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(socket.registrations).isEqualTo(1);
    }

    private RequestExecutionCommand command() {
        return new RequestExecutionCommand(exchange, HttpCoreContext.create());
    }

    private void answer() {
        socket.arrived = ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.ISO_8859_1));
        try {
            connection.inputReady(socket.session, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Exchange extends QuietExchange {
        private ByteBuffer body = ByteBuffer.allocate(BODY);
        private boolean sent;
        private Runnable onAnswer = () -> {};
        private @Nullable IOException obstacle;

        @Override
        public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            body = ByteBuffer.allocate(BODY);
            BasicHttpRequest head = new BasicHttpRequest("POST", null, null, "/");
            head.addHeader("Content-Length", String.valueOf(BODY));
            channel.sendRequest(head, new BasicEntityDetails(BODY, null), context);
        }

        @Override
        public int available() {
            return body.remaining();
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            if (obstacle != null) {
                throw obstacle;
            }
            channel.write(body);
            if (body.hasRemaining()) {
                channel.requestOutput();
            } else {
                sent = true;
                channel.endStream();
            }
        }

        @Override
        public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
            onAnswer.run();
        }
    }
}
