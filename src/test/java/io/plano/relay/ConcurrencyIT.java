package io.plano.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.CapturedLogs;
import io.plano.testing.ContainerTest;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many exchanges at once, over shared connections: none of them meets another (R50), and all of them end (R70). */
@ContainerTest
@LeakChecked
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConcurrencyIT {
    private static final int THREADS = 32;
    private static final int REQUESTS = 2000;
    private static final int ABORTED = 500;
    private static final Pattern ID = Pattern.compile(" id=\\S+");

    private CapturedLogs logs;
    private Relay relay;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        logs = CapturedLogs.startKeepingAtInfo("org", "io");
        relay = Relay.start(kind);
    }

    @AfterEach
    void stop() {
        relay.close();
        logs.close();
    }

    /** The upstream's answer repeats the question and the key, in one of four forms. */
    private static Reply echo(UpstreamRequest request) {
        String key =
                request.header("Authorization") != null ? request.header("Authorization") : request.header("x-api-key");
        String answer = "[" + request.bodyText() + "][" + key + "]";
        return switch (Math.floorMod(answer.hashCode(), 4)) {
            case 0 -> Reply.json(200, answer);
            case 1 -> Reply.json(200, answer).inPiecesOf(1000);
            case 2 -> Reply.sse("data: ", answer, "\n\n");
            default ->
                Reply.stream()
                        .chunk("data: ")
                        .chunk(answer)
                        .chunk("\n\n")
                        .lastChunk()
                        .inPiecesOf(3000);
        };
    }

    private void askAndCompare(RawClient client, int number) {
        boolean chat = number % 2 == 0;
        String filler = number % 8 == 0 ? "y".repeat(100_000) : "z".repeat(number % 50);
        String body = "{\"model\":\"" + (chat ? "gpt-4o" : "claude-sonnet-4-5") + "\",\"n\":" + number + ",\"f\":\""
                + filler + "\"}";
        String key = (chat ? "sk-caller-" : "sk-ant-caller-") + number;
        RawResponse response = client.request("POST", chat ? "/v1/chat/completions" : "/v1/messages")
                .header(chat ? "Authorization" : "x-api-key", chat ? "Bearer " + key : key)
                .json(body)
                .exchange();
        String answer = response.bodyText();
        String expected = "[" + body + "][" + (chat ? "Bearer " + key : key) + "]";
        if (response.status() != 200
                || response.end() != ResponseEnd.CLEAN
                || !(answer.equals(expected) || answer.equals("data: " + expected + "\n\n"))) {
            throw new AssertionError(number + " got " + response.status() + " " + response.end() + " "
                    + answer.substring(0, Math.min(300, answer.length())));
        }
    }

    @Test
    void everyAnswerBelongsToItsOwnRequestAndItsOwnKeyR50() throws Exception {
        relay.upstream().onRequest(ConcurrencyIT::echo);
        AtomicInteger next = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(
                    () -> {
                        try (RawClient client = relay.connect().patience(Duration.ofSeconds(60))) {
                            for (int number = next.getAndIncrement();
                                    number < REQUESTS && failures.isEmpty();
                                    number = next.getAndIncrement()) {
                                askAndCompare(client, number);
                            }
                        } catch (RuntimeException | Error failure) {
                            failures.add(failure);
                        }
                    },
                    "caller-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(relay.upstream().requests()).hasSize(REQUESTS);
        assertThat(relay.upstream().connectionsAccepted())
                .as("upstream connections")
                .isLessThanOrEqualTo(2 * THREADS);
        awaitEnded(REQUESTS);
    }

    /** The access log has one line for each exchange, at its end. */
    private void awaitEnded(int count) {
        Await.until(
                Duration.ofSeconds(30), () -> ended() + " of " + count + " exchanges ended", () -> ended() == count);
    }

    private long ended() {
        return logs.entriesOf("io.plano.access").stream()
                .flatMap(entry -> ID.matcher(entry.text()).results())
                .map(MatchResult::group)
                .distinct()
                .count();
    }

    @Test
    void theLastExchangesAreLoggedWhenTheApplicationStopsRightBehindThem() {
        for (int i = 0; i < 3; i++) {
            assertThat(relay.exchange().status()).isEqualTo(200);
        }
        relay.close();
        assertThat(ended()).isEqualTo(3);
    }

    @Test
    void fiveHundredStreamsAbortedAtOnceAllEndR70() throws Exception {
        Gate left = new Gate();
        byte[] event = "data: 1\n\n".getBytes(StandardCharsets.US_ASCII);
        relay.upstream()
                .onRequest(request -> Reply.stream().chunk(event).waitFor(left).endlessChunks(event));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < ABORTED; i++) {
            clients.add(relay.connect().patience(Duration.ofSeconds(60)));
        }
        for (RawClient client : clients) {
            StreamingApi.CHAT.ask(client).send();
        }
        for (RawClient client : clients) {
            assertThat(client.readResponse().readEvent()).isPresent();
        }
        assertThat(relay.upstream().busyConnections()).isEqualTo(ABORTED);
        clients.forEach(RawClient::reset);
        left.open();
        relay.upstream().awaitNoOpenConnections(Duration.ofSeconds(30));
        awaitEnded(ABORTED);

        relay.upstream().onRequest(ConcurrencyIT::echo);
        for (int number = 0; number < 200; number++) { // each may get the container's objects of an aborted one
            try (RawClient client = relay.connect()) {
                askAndCompare(client, number);
            }
        }
    }
}
