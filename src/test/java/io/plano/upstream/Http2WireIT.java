package io.plano.upstream;

import static io.plano.testing.Http2Script.CONTINUATION;
import static io.plano.testing.Http2Script.DATA;
import static io.plano.testing.Http2Script.END_HEADERS;
import static io.plano.testing.Http2Script.END_STREAM;
import static io.plano.testing.Http2Script.GOAWAY;
import static io.plano.testing.Http2Script.HEADERS;
import static io.plano.testing.Http2Script.PADDED;
import static io.plano.testing.Http2Script.PING;
import static io.plano.testing.Http2Script.PUSH_PROMISE;
import static io.plano.testing.Http2Script.RST_STREAM;
import static io.plano.testing.Http2Script.SETTINGS;
import static io.plano.testing.Http2Script.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Timeouts;
import io.plano.testing.Await;
import io.plano.testing.Http2Script.Frame;
import io.plano.testing.Http2Script.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("HTTP/2 frame by frame, with servers that keep its rules and servers that do not")
class Http2WireIT extends ScriptedHttp2 {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int NO_ERROR = 0;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int WINDOW = 65_535;

    private static String path(Frame head) {
        return head.fields().stream().filter(field -> field.startsWith(":path")).collect(Collectors.joining());
    }

    @Test
    void sendsTheHeadAsTheProtocolWantsItAndKeepsSecretsOutOfTheCompression() throws Exception {
        Story story = send("/a?b=c", new Text("body"));
        Peer peer = server.next();
        Frame settings = peer.await(SETTINGS);
        Frame head = peer.await(HEADERS);
        Frame body = peer.await(DATA);
        peer.answer(1, "ok");

        assertThat(peer.protocol()).isEqualTo("h2");
        assertThat(settings.payload()).startsWith(0, 2, 0, 0, 0, 0); // no push
        assertThat(head.fields())
                .containsExactly(
                        ":method: POST",
                        ":scheme: https",
                        ":authority: api.test",
                        ":path: /a?b=c",
                        "authorization: Bearer canary",
                        "accept: x/y");
        assertThat(head.text()).contains("\u001f\u0008"); // authorization, 23rd of the static table, never indexed
        assertThat(body.text()).isEqualTo("body");
        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
    }

    @Test
    void anAbortResetsItsStreamAtOnceAndWhatComesLateIsIgnored() throws Exception {
        Story aborted = new Story();
        UpstreamCall call = client.send(request("/1", Timeouts.DEFAULT), null, aborted);
        Peer peer = server.next();
        peer.await(HEADERS);
        Story other = send("/2");
        assertThat(peer.await(HEADERS).stream()).isEqualTo(3);

        call.abort();
        call.abort();
        Frame reset = peer.await(RST_STREAM);
        assertThat(reset.stream()).isEqualTo(1);
        assertThat(reset.number()).isEqualTo(CANCEL);
        peer.headers(1, 0, ":status", "200", "x-late", "1"); // it must be read all the same, for the compression
        peer.data(1, 0, "late");
        peer.reset(1, NO_ERROR);
        peer.headers(3, END_STREAM, ":status", "200", "x-late", "1");

        assertThat(other.next(2)).containsExactly("head 200 NONE", "end");
        assertThat(aborted.told).isEmpty();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aRefusedRequestIsSentAgainWithItsBody() throws Exception {
        Text body = new Text("body");
        Story story = send("/1", body);
        Peer peer = server.next();
        assertThat(peer.await(DATA).text()).isEqualTo("body");

        peer.reset(1, REFUSED_STREAM);

        assertThat(path(peer.await(HEADERS))).endsWith("/1");
        assertThat(peer.await(DATA).text()).isEqualTo("body");
        peer.answer(3, "ok");
        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
        assertThat(body.begun).isEqualTo(2);
    }

    @Test
    void aServerThatRefusesForEverIsGivenUp() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        for (int stream = 1; stream <= 11; stream += 2) {
            assertThat(peer.await(HEADERS).stream()).isEqualTo(stream);
            peer.reset(stream, REFUSED_STREAM);
        }
        assertThat(story.next()).isEqualTo("failed UPSTREAM_UNREACHABLE");
    }

    @Test
    void theServersFarewellMovesWhatItHasNotProcessed() throws Exception {
        Story covered = send("/1");
        Peer old = server.next();
        old.await(HEADERS);
        Story moved = send("/2", new Text("body"));
        old.await(DATA);
        old.goAway(1, NO_ERROR);

        Peer fresh = server.next();
        assertThat(path(fresh.await(HEADERS))).endsWith("/2");
        assertThat(fresh.await(DATA).text()).isEqualTo("body");
        old.answer(1, "one");
        fresh.answer(1, "two!");

        assertThat(covered.next(3)).containsExactly("head 200 DELIMITED", "data 3", "end");
        assertThat(moved.next(3)).containsExactly("head 200 DELIMITED", "data 4", "end");
        assertThat(old.await(GOAWAY).number()).isEqualTo(NO_ERROR);
        old.awaitEnd();
    }

    @Test
    void aConnectionThatIsLostTakesItsRequestsWithIt() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.close();

        assertThat(story.next()).isEqualTo("failed UPSTREAM_TRUNCATED"); // it may have been processed
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_ERROR, PROTOCOL_ERROR, CANCEL, REFUSED_STREAM})
    void aResetWithinAnAnswerIsATruncation(int code) throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, 0, ":status", "200");
        peer.data(1, 0, "half");
        peer.reset(1, code);

        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 4", "failed UPSTREAM_TRUNCATED");
        assertThat(story.told).isEmpty();
    }

    @Test
    void anAnswerShorterThanAnnouncedIsATruncation() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, 0, ":status", "200", "content-length", "5");
        peer.data(1, END_STREAM, "half");

        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 4", "failed UPSTREAM_TRUNCATED");
    }

    @Test
    void interimAnswersAndTrailersAreNotShown() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, 0, ":status", "103", "link", "x");
        peer.headers(1, 0, ":status", "200");
        peer.data(1, 0, "body");
        peer.headers(1, END_STREAM, "x-trailer", "1");

        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 4", "end");
    }

    @Test
    void readsHeadsInPiecesAndFramesByteByByte() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.byteByByte();
        byte[] block = peer.block(":status", "200", "x-long", "v".repeat(300));
        peer.frame(HEADERS, 0, 1, Arrays.copyOf(block, 7));
        peer.frame(CONTINUATION, 0, 1, Arrays.copyOfRange(block, 7, 50));
        peer.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 50, block.length));
        peer.data(1, 0, "a");
        peer.frame(DATA, PADDED | END_STREAM, 1, (byte) 3, (byte) 'b', (byte) 0, (byte) 0, (byte) 0);

        assertThat(story.next(4)).containsExactly("head 200 DELIMITED", "data 1", "data 1", "end");
    }

    @Test
    void theWindowGrowsByWhatIsCreditedAndByPaddingAlone() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, 0, ":status", "200");
        assertThat(story.next()).startsWith("head");
        Await.until(Duration.ofSeconds(10), () -> "no pause", () -> story.pauses.get() == 1);
        String quarter = "x".repeat(16_383);
        for (int i = 0; i < 4; i++) {
            peer.data(1, 0, quarter);
        }
        peer.data(1, 0, "xxx");
        assertThat(story.next(5)).endsWith("data 3");
        peer.frame(PING, 0, 0, new byte[8]);
        peer.await(PING); // whatever was to be said before has been said
        assertThat(peer.pending()).isEmpty();

        story.credit(WINDOW);

        Frame update = peer.await(WINDOW_UPDATE);
        assertThat(update.stream()).isEqualTo(1);
        assertThat(update.number()).isEqualTo(WINDOW);
        byte[] padded = new byte[256]; // 255 bytes of padding, no data
        padded[0] = (byte) 255;
        for (int i = 0; i < 300; i++) {
            peer.frame(DATA, PADDED, 1, padded); // more than a window
            if (i % 64 == 63) {
                assertThat(peer.await(WINDOW_UPDATE).number()).isGreaterThanOrEqualTo(WINDOW / 4);
            }
        }
        peer.data(1, END_STREAM, "");
        assertThat(story.next()).isEqualTo("end");
    }

    @Test
    void moreThanTheWindowAllowsIsTakenFromNobody() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, 0, ":status", "200");
        for (int i = 0; i < 4; i++) {
            peer.data(1, 0, "x".repeat(16_384));
        }
        assertThat(story.next(5))
                .containsExactly(
                        "head 200 DELIMITED", "data 16384", "data 16384", "data 16384", "failed UPSTREAM_PROTOCOL");
        assertThat(peer.await(RST_STREAM).number()).isEqualTo(FLOW_CONTROL_ERROR);
    }

    @Test
    void bodiesWaitForTheServersWindows() throws Exception {
        Story story = new Story();
        send("/0");
        Peer peer = server.next(INITIAL_WINDOW_SIZE, 0);
        peer.await(HEADERS);
        peer.answer(1, "");
        peer.await(SETTINGS);
        client.send(request("/1", Timeouts.DEFAULT), new Text("0123456789"), story);
        peer.await(HEADERS);
        peer.windowUpdate(3, 4);
        assertThat(peer.await(DATA).text()).isEqualTo("0123");
        peer.settings(INITIAL_WINDOW_SIZE, 3);
        assertThat(peer.await(DATA).text()).isEqualTo("456");
        peer.windowUpdate(3, 100);
        Frame rest = peer.await(DATA);
        assertThat(rest.text()).isEqualTo("789");
        assertThat(rest.isLast() || peer.await(DATA).isLast()).isTrue();
        peer.answer(3, "ok");

        assertThat(story.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
    }

    @Test
    void anEarlyAnswerEndsTheUpload() throws Exception {
        Story story = send("/1", new Text("x".repeat(1 << 20)));
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.headers(1, END_STREAM, ":status", "413");

        assertThat(story.next(2)).containsExactly("head 413 NONE", "end");
        assertThat(peer.await(RST_STREAM).number()).isEqualTo(CANCEL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":status=200 :status=200",
                ":status=20",
                ":status=abc",
                ":status=600",
                ":status=101",
                "x=1 :status=200",
                ":path=/ :status=200",
                ":status=200 X-Upper=1",
                ":status=200 connection=close",
                ":status=200 transfer-encoding=chunked",
                ":status=200 content-length=1 content-length=2",
                ":status=200 content-length=-1",
                ":status=200 x=a\nb"
            })
    void aMalformedHeadFailsItsOwnStreamAlone(String fields) throws Exception {
        Story bad = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        Story good = send("/2");
        peer.await(HEADERS);
        String[] namesAndValues = fields.isEmpty()
                ? new String[] {"x", "1"}
                : Arrays.stream(fields.split(" "))
                        .flatMap(field -> Arrays.stream(field.split("=")))
                        .toArray(String[]::new);
        peer.headers(1, 0, namesAndValues);
        assertThat(bad.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
        Frame reset = peer.await(RST_STREAM);
        assertThat(reset.stream()).isEqualTo(1);
        assertThat(reset.number()).isEqualTo(PROTOCOL_ERROR);

        peer.answer(3, "ok");
        assertThat(good.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
    }

    @ParameterizedTest
    @ValueSource(ints = {PUSH_PROMISE, CONTINUATION, SETTINGS, WINDOW_UPDATE, PING, RST_STREAM, GOAWAY, HEADERS, DATA})
    void whatConcernsTheConnectionEndsIt(int type) throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        int stream = type == HEADERS || type == DATA || type == RST_STREAM ? 5 : 1; // nobody opened the fifth
        peer.frame(type, END_HEADERS, stream, new byte[type == HEADERS || type == DATA ? 0 : 3]);

        assertThat(story.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
        assertThat(peer.await(GOAWAY).number()).isPositive();
        peer.awaitEnd();
    }

    @Test
    void aFrameLargerThanAllowedEndsTheConnection() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.frame(DATA, 0, 1, new byte[16_385]);

        assertThat(story.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
        assertThat(peer.await(GOAWAY).number()).isEqualTo(6);
    }

    @Test
    void unknownFramesAreIgnoredAndPingsAnswered() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.frame(0xfe, 0xff, 77, new byte[100]);
        peer.frame(PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(peer.await(PING).payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        peer.answer(1, "ok");
        assertThat(story.next(3)).endsWith("end");
    }

    @Test
    void aServerThatMakesUsAnswerMoreThanItReadsIsCutOff() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.readNoMore();
        byte[] flood = new byte[8];
        try {
            while (story.told.isEmpty()) {
                peer.frame(PING, 0, 0, flood);
            }
        } catch (IOException e) {
            assertThat(e).isNotNull(); // it was cut off in the middle of one
        }
        assertThat(story.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
    }

    @Test
    void theSecondWaitsForWhatTheServerAllowsAndGoesElsewhere() throws Exception {
        Story first = send("/1");
        Peer one = server.silent();
        one.await(HEADERS);
        Story second = send("/2");
        one.settings(MAX_CONCURRENT_STREAMS, 1);
        Peer two = server.next(MAX_CONCURRENT_STREAMS, 1);
        assertThat(path(two.await(HEADERS))).endsWith("/2");
        one.answer(1, "1");
        two.answer(1, "2");

        assertThat(first.next(3)).endsWith("end");
        assertThat(second.next(3)).endsWith("end");
    }

    @Test
    void aServerThatNeverSaysWhatItAllowsIsNotWaitedFor() throws Exception {
        Timeouts timeouts = new Timeouts(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(1), null);
        Story first = new Story();
        client.send(request("/1", timeouts), null, first);
        Peer peer = server.silent();
        peer.await(HEADERS);

        assertThat(first.next()).isEqualTo("failed UPSTREAM_TIMEOUT");
        peer.awaitEnd();
    }

    @Test
    void aConnectionThatFellSilentTakesNoMoreExchanges() throws Exception {
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofMinutes(1), null);
        Story first = new Story();
        client.send(request("/1", timeouts), null, first);
        Peer silent = server.next();
        silent.await(HEADERS);
        assertThat(first.next()).isEqualTo("failed UPSTREAM_TIMEOUT");
        assertThat(silent.await(RST_STREAM).number()).isEqualTo(CANCEL);

        Story second = send("/2");
        Peer fresh = server.next();
        fresh.await(HEADERS);
        fresh.answer(1, "ok");
        assertThat(second.next(3)).endsWith("end");
    }

    @Test
    void anUnusedConnectionIsClosedWithAFarewell() throws Exception {
        client.close();
        client = UpstreamClient.start(new UpstreamSettings(1, 8192, Duration.ofMillis(300), 1000));
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.answer(1, "ok");
        assertThat(story.next(3)).endsWith("end");

        assertThat(peer.await(GOAWAY).number()).isEqualTo(NO_ERROR);
        peer.awaitEnd();
    }

    @Test
    void exchangesThatBeginTogetherWaitForOneConnection() throws Exception {
        List<Story> stories =
                IntStream.range(0, 30).mapToObj(i -> send("/" + i)).collect(Collectors.toList());
        Peer peer = server.next();
        Function<Story, List<String>> told = story -> {
            try {
                return story.next(2);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        for (int i = 0; i < stories.size(); i++) {
            peer.headers(peer.await(HEADERS).stream(), END_STREAM, ":status", "200");
        }
        assertThat(stories).extracting(told).containsOnly(List.of("head 200 NONE", "end"));
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void theShutdownEndsWhatIsUnderWay() throws Exception {
        Story running = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        client.close();

        assertThat(running.next()).startsWith("failed");
    }
}
