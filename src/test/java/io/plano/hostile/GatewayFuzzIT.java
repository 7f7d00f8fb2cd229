package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.config.ConfigLoader;
import io.plano.hostile.BytesProvider.Ending;
import io.plano.hostile.BytesProvider.Script;
import io.plano.server.GatewayServer;
import io.plano.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever bytes a client sends to a running gateway, and whatever bytes the provider sends back: the client gets well-formed
 * answers or a closed connection, soon, and never a 500 of the gateway's own; and the next client is served.
 *
 * <p>An input is a request and an answer, with {@value #SEPARATOR} between them. A request that begins with {@code !} goes out
 * as it stands; in any other, lines end with LF, and {@code Host} and {@code Content-Length} are added where they are missing,
 * so that a search comes past the first parser. An answer that begins with {@code HTTP/} goes out as it stands; any other
 * begins with its status. If {@code +} stands before it, the provider leaves its connection open. Search:
 *
 * <pre>JAZZER_FUZZ=1 mvn surefire:test -Djazzer.hooks=true -Dtest=GatewayFuzzIT</pre>
 */
class GatewayFuzzIT {
    private static final char SEPARATOR = '\u001e';
    private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("io.plano.access");
    private static final boolean SEARCHES = System.getenv("JAZZER_FUZZ") != null;

    /** A search instruments classes when they are loaded, which takes seconds. */
    private static final int PATIENCE_MILLIS = SEARCHES ? 60_000 : 10_000;

    /** Jetty passes over colons in front of a method. */
    private static final Predicate<String> ASKS_FOR_HEAD =
            Pattern.compile("^:*HEAD ").asPredicate();

    /** From one look whether others are served to the next. */
    private static final int BETWEEN_LOOKS = SEARCHES ? 100 : 1;

    private static final String CHAT =
            "{\"model\":\"%s\",\"max_tokens\":9,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String DOCUMENT = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    private static final String CHUNKS = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n"
            + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final String MESSAGE = "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\","
            + "\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":"
            + "{\"input_tokens\":3,\"output_tokens\":1}}";

    private static final Complaints COMPLAINTS = new Complaints();
    private static BytesProvider provider;
    private static GatewayServer gateway;
    private static int inputs;

    /** What the gateway, or its server, logs as a defect. */
    private static final class Complaints extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            boolean defect = event.getLevel().isGreaterOrEqual(Level.ERROR)
                    || event.getFormattedMessage().contains("defect")
                    || event.getThrowableProxy() != null;
            if (defect && event.getLevel().isGreaterOrEqual(Level.WARN)) {
                IThrowableProxy thrown = event.getThrowableProxy();
                lines.add(event.getLoggerName() + ": " + event.getFormattedMessage() + "\n"
                        + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
            }
        }
    }

    /** With the first input: what is loaded before is not instrumented by a search. */
    private static void start() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAppender("console");
        COMPLAINTS.setContext(root.getLoggerContext());
        COMPLAINTS.start();
        root.addAppender(COMPLAINTS);
        ACCESS.setLevel(Level.OFF);
        provider = BytesProvider.start();
        gateway = GatewayServer.start(
                Objects.requireNonNull(ConfigLoader.parse("""
                        version: v0.4.0
                        listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                        overrides: {estimate_count_tokens: true}
                        model_providers:
                          - {model: openai/gpt-4o, base_url: "%1$s", passthrough_auth: true, default: true}
                          - {model: anthropic/claude-sonnet-4-5, base_url: "%1$s", passthrough_auth: true}
                          - {model: mistral/*, base_url: "%1$s", passthrough_auth: true}
                          - {model: azure_openai/*, base_url: "%1$s", passthrough_auth: true}
                          - {model: custom/m, base_url: "%1$s", provider_interface: openai, apis: [chat], access_key: our-own-key}
                          - {model: custom/r, base_url: "%1$s", provider_interface: openai, apis: [responses], passthrough_auth: true}
                        model_aliases: {nick: {target: m}}
                        """.formatted(provider.baseUrl()), "test", Map.of())
                        .snapshot()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAppender(COMPLAINTS);
        ACCESS.setLevel(Level.INFO); // as logback.xml has it
    }

    static Stream<byte[]> exchanges() {
        String json = "\nContent-Type: application/json\n\n";
        String keyed = "\nAuthorization: Bearer sk-abc\nContent-Type: application/json\n\n";
        String chat = "POST /v1/chat/completions" + keyed;
        String messages = "POST /v1/messages?beta=true\nx-api-key: k\nanthropic-version: 2023-06-01" + json;
        String responses = "POST /v1/responses" + keyed;
        String asked = CHAT.formatted("gpt-4o", "false");
        String raw = "!POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k\r\n";
        return Stream.of(
                        chat + asked + SEPARATOR + "200" + json + DOCUMENT,
                        chat + asked + SEPARATOR + "429\nretry-after: 1" + json + "{\"error\":{\"message\":\"slow\"}}",
                        chat + CHAT.formatted("gpt-4o", "true") + SEPARATOR + "200\nContent-Type: text/event-stream\n\n"
                                + CHUNKS,
                        chat + CHAT.formatted("claude-sonnet-4-5", "false") + SEPARATOR + "+200" + json + MESSAGE,
                        chat + CHAT.formatted("claude-sonnet-4-5", "true") + SEPARATOR
                                + "200\nContent-Type: text/event-stream\n\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n"
                                + "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}\n\n",
                        messages + CHAT.formatted("nick", "false") + SEPARATOR + "200" + json + DOCUMENT,
                        messages + CHAT.formatted("m", "true") + SEPARATOR + "200\nContent-Type: text/event-stream\n\n"
                                + CHUNKS,
                        messages + CHAT.formatted("m", "false") + SEPARATOR
                                + "401\nWWW-Authenticate: Bearer our-own-key" + json + "{\"error\":\"our-own-key\"}",
                        messages + CHAT.formatted("r", "false") + SEPARATOR + "200" + json
                                + "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":"
                                + "[{\"type\":\"output_text\",\"text\":\"Hi\"}]}]}",
                        responses + "{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}" + SEPARATOR + "200" + json
                                + DOCUMENT,
                        responses + "{\"model\":\"mistral/x\",\"input\":\"Hi\"}" + SEPARATOR + "529\n\noverloaded",
                        "POST /v1/messages/count_tokens" + keyed + asked + SEPARATOR,
                        "GET /v1/models\nAuthorization: Bearer k\n\n" + SEPARATOR + "200" + json
                                + "{\"data\":[{\"id\":\"x\"}]}",
                        "GET /v1/responses/r1?api_key=k\nConnection: close, x-api-key\n\n" + SEPARATOR + "204\n\n",
                        "HEAD /v1/files/f\nAuthorization: Bearer k\n\n" + SEPARATOR + "+200\nContent-Length: 5\n\n",
                        "POST /v1/audio/transcriptions\nAuthorization: Bearer k\nContent-Type: multipart/form-data; boundary=\"X\"\n\n"
                                + "--X\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--X--"
                                + SEPARATOR + "200\n\nx",
                        "POST /v1/embeddings\nContent-Encoding: deflate, gzip\nAuthorization: Digest a=b, c=d\n\nx"
                                + SEPARATOR,
                        "POST /v1/messagesX\nVia: 1.1 plano\nExpect: 100-continue\n\n{}" + SEPARATOR + "101\n\n",
                        "OPTIONS *\nOrigin: null\n\n" + SEPARATOR,
                        "POST //u@h:a/v1/messages\n\n{}" + SEPARATOR + "858\n\n",
                        raw + "Content-Length: 4\r\n\r\n{}" + SEPARATOR + "HTTP/1.1 200 OK\r\n\r\n",
                        raw + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n" + SEPARATOR
                                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                        raw + "Content-Length: " + asked.length() + "\r\n\r\n" + asked
                                + "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n" + SEPARATOR
                                + "+HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.0 200 \r\nContent-Length: +2\r\n\r\n{}",
                        ":HEAD /v1/x" + SEPARATOR,
                        "!GET / HTTP/1.0\r\n\r\n" + SEPARATOR + "HTTP/2 200\r\n\r\n",
                        "!PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SEPARATOR)
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("exchanges")
    @FuzzTest(maxDuration = "20m")
    void isAnsweredOrCutAndNeverADefect(byte[] input) throws IOException {
        if (gateway == null) {
            start();
        }
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(SEPARATOR);
        provider.answerWith(answer(end < 0 ? "" : text.substring(end + 1)));
        exchange(Request.of(end < 0 ? text : text.substring(0, end)));
        if (++inputs % BETWEEN_LOOKS == 0) {
            assertOthersAreServed();
        }
    }

    /** What is written on the client's connection. */
    private record Request(byte[] wire, boolean framed, boolean asksForHead) {
        static Request of(String text) {
            if (text.startsWith("!")) {
                return new Request(latin1(text.substring(1)), false, text.contains("HEAD"));
            }
            int end = text.indexOf("\n\n");
            String head = end < 0 ? text : text.substring(0, end);
            String body = end < 0 ? "" : text.substring(end + 2);
            int firstLine = head.indexOf('\n');
            String line = firstLine < 0 ? head : head.substring(0, firstLine);
            String fields = firstLine < 0 ? "" : head.substring(firstLine + 1).replace("\n", "\r\n") + "\r\n";
            String lower = "\r\n" + fields.toLowerCase(Locale.ROOT);
            boolean framed = !lower.contains("content-length") && !lower.contains("transfer-encoding");
            String added = (lower.contains("\r\nhost:") ? "" : "Host: h\r\n")
                    + (framed ? "Content-Length: " + body.length() + "\r\n" : "");
            return new Request(
                    latin1(line + " HTTP/1.1\r\n" + added + fields + "\r\n" + body), framed, ASKS_FOR_HEAD.test(line));
        }
    }

    private static Script answer(String text) {
        Ending ending = text.startsWith("+") ? Ending.KEPT : Ending.CLOSED;
        String script = text.startsWith("+") ? text.substring(1) : text;
        if (script.isEmpty() || script.startsWith("HTTP/")) {
            return new Script(latin1(script), ending);
        }
        int end = script.indexOf("\n\n");
        String head = end < 0 ? script : script.substring(0, end);
        String body = end < 0 ? "" : script.substring(end + 2);
        String lower = head.toLowerCase(Locale.ROOT);
        boolean framed = lower.contains("content-length") || lower.contains("transfer-encoding");
        int firstLine = head.indexOf('\n');
        String status = firstLine < 0 ? head : head.substring(0, firstLine);
        String fields = firstLine < 0 ? "" : head.substring(firstLine + 1).replace("\n", "\r\n") + "\r\n";
        return new Script(
                latin1("HTTP/1.1 " + status + " S\r\n" + fields
                        + (framed ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body),
                ending);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void exchange(Request request) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request.wire());
                if (!request.framed()) {
                    socket.shutdownOutput(); // nobody could tell whether more comes
                }
            } catch (SocketException refusedEarly) {
                // what it says about that may be there all the same
            }
            AnswerSyntax answers = new AnswerSyntax(socket.getInputStream());
            AnswerSyntax.Answer answer = answers.next(!request.asksForHead());
            while (answer != null) {
                assertNoDefect(answer);
                answer = request.framed() || request.asksForHead() ? null : answers.next(true);
            }
            socket.setSoLinger(true, 0); // a great many ports would wait for a minute
        }
        assertThat(COMPLAINTS.lines).isEmpty();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), gateway.addresses().get(0).getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A 500 may be the provider's. */
    private static void assertNoDefect(AnswerSyntax.Answer answer) {
        String reason = String.valueOf(answer.field("Proxy-Status"));
        assertThat(reason).doesNotContain("proxy_internal_error");
        assertThat(answer.body()).doesNotContain("{\"error\":{\"message\":\"Server Error\",\"type\":\"server_error\"");
    }

    private static void assertOthersAreServed() throws IOException {
        provider.answerWith(BytesProvider.json(DOCUMENT));
        String body = CHAT.formatted("gpt-4o", "false");
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(latin1("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer k\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
            AnswerSyntax.Answer answer =
                    Objects.requireNonNull(new AnswerSyntax(socket.getInputStream()).next(true), "an answer");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(DOCUMENT);
            socket.setSoLinger(true, 0);
        }
        Await.until(
                Duration.ofMillis(PATIENCE_MILLIS),
                () -> gateway.openExchanges() + " exchanges are open",
                () -> gateway.openExchanges() == 0);
        assertThat(gateway.lost()).isNotDone();
    }
}
