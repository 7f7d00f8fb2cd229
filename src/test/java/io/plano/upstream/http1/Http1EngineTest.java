package io.plano.upstream.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine on a socket that delivers exactly what it is told to. */
class Http1EngineTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final ScriptedSocket socket = new ScriptedSocket();
    private final Answer answer = new Answer();

    @Test
    void readsChunksThatAreSplitAnywhere() throws Exception {
        String body = "5\r\nhello\r\n1;ext=\"a\"\r\n \r\n00a\r\n0123456789\r\n0\r\nDigest: x\r\n\r\n";
        String whole = HEAD + body;
        for (int split = 1; split < whole.length(); split++) {
            Http1EngineTest each = new Http1EngineTest();
            each.open();
            each.arrive(whole.substring(0, split));
            each.arrive(whole.substring(split));

            assertThat(each.answer.text()).as("split at %d", split).isEqualTo("hello 0123456789");
            assertThat(each.answer.ended).as("split at %d", split).isTrue();
        }
    }

    @Test
    void readsChunksByteByByte() throws Exception {
        open();
        for (char one : (HEAD + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n").toCharArray()) {
            arrive(String.valueOf(one));
        }

        assertThat(answer.text()).isEqualTo("hello world");
        assertThat(answer.ended).isTrue();
    }

    @Test
    void passesEveryByteOnBeforeItWaitsForMore() throws Exception {
        open();
        arrive(HEAD + "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r");

        assertThat(answer.text()).isEqualTo("data: 1\n\ndata: 2\n\n");
        arrive("\n9\r\ndata: ");
        assertThat(answer.text()).endsWith("data: 2\n\ndata: ");
    }

    @Test
    void doesNotReadTheSocketForEveryChunk() throws Exception {
        open();
        arrive(HEAD);
        int before = socket.reads;
        arrive("9\r\ndata: 1\n\n\r\n".repeat(200));

        assertThat(answer.text()).hasSize(9 * 200);
        assertThat(socket.reads - before).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "-1", "-10000000000", "-fffffffb", "xyz", "", "8000000000000000"})
    void refusesWhatIsNoChunkSize(String size) throws Exception {
        open();
        socket.arrived = bytes(HEAD + "2\r\nab\r\n" + size + "\r\nhello\r\n0\r\n\r\n");

        assertThatThrownBy(() -> handler().inputReady(socket.session, null)).isInstanceOf(IOException.class);
        assertThat(answer.ended).isFalse();
    }

    @Test
    void noticesAnEndWithinAChunkedBody() throws Exception {
        for (String part : List.of("", "5", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0")) {
            Http1EngineTest each = new Http1EngineTest();
            each.open();
            each.arrive(HEAD + part);
            each.socket.atEnd = true;
            IOEventHandler handler = each.handler();
            try {
                handler.inputReady(each.socket.session, null);
            } catch (IOException truncated) {
                handler.exception(each.socket.session, truncated);
            }

            assertThat(each.answer.ended).as(part).isFalse();
            assertThat(each.answer.failure).as(part).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesAHeadThatIsTooLargeAsAWhole() throws Exception {
        String lines = ("X-Line: " + "v".repeat(1000) + "\r\n").repeat(300);
        open();
        assertThatThrownBy(() -> arrive("HTTP/1.1 200 OK\r\n" + lines + "\r\n"))
                .isInstanceOf(MessageConstraintException.class);

        Http1EngineTest below = new Http1EngineTest();
        below.open();
        below.arrive("HTTP/1.1 200 OK\r\n" + lines.substring(0, 1010 * 255) + HEAD.substring(17));
        below.arrive("2\r\nab\r\n0\r\n\r\n");
        assertThat(below.answer.text()).isEqualTo("ab");
    }

    @Test
    void refusesTrailersThatAreTooLargeAsAWhole() throws Exception {
        open();
        arrive(HEAD + "2\r\nab\r\n0\r\n");
        assertThatThrownBy(() -> arrive(("X-Line: " + "v".repeat(1000) + "\r\n").repeat(300) + "\r\n"))
                .isInstanceOf(MalformedChunkCodingException.class);
        assertThat(answer.ended).isFalse();
    }

    private void open() throws Exception {
        IOEventHandler handler = new Http1Engine(Http1Config.custom()
                        .setBufferSize(8192)
                        .setMaxLineLength(64 << 10)
                        .setMaxHeaderCount(500)
                        .build())
                .on(socket.session);
        socket.handler = handler;
        socket.commands.add(new RequestExecutionCommand(answer, HttpCoreContext.create()));
        handler.connected(socket.session);
        handler.outputReady(socket.session);
    }

    private void arrive(String text) throws IOException {
        socket.arrived = bytes(text);
        do {
            handler().inputReady(socket.session, null);
        } while (socket.arrived.hasRemaining());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private IOEventHandler handler() {
        IOEventHandler handler = socket.handler;
        assertThat(handler).isNotNull();
        return handler;
    }

    /** Keeps what it is told. */
    private static final class Answer extends QuietExchange {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        String text() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            channel.sendRequest(new BasicHttpRequest("GET", null, null, "/"), null, context);
        }

        @Override
        public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
            assertThat(entity).isNotNull();
        }

        @Override
        public void consume(ByteBuffer source) {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            body.writeBytes(bytes);
        }

        @Override
        public void updateCapacity(CapacityChannel window) throws IOException {
            window.update(8192);
        }
    }
}
