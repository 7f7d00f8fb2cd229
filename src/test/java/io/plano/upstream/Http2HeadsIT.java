package io.plano.upstream;

import static io.plano.testing.Http2Script.CONTINUATION;
import static io.plano.testing.Http2Script.END_HEADERS;
import static io.plano.testing.Http2Script.GOAWAY;
import static io.plano.testing.Http2Script.HEADERS;
import static io.plano.testing.Http2Script.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Timeouts;
import io.plano.testing.Http2Script.Frame;
import io.plano.testing.Http2Script.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("HTTP/2 heads without an end, or without measure")
class Http2HeadsIT extends ScriptedHttp2 {
    private static final int PAYLOAD = 16_384;
    private static final int MAX_HEAD = 256 << 10;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    @Test
    void interimAnswersForEverGetNoMoreTimeThanFirstByteAndTheOthersGoOn() throws Exception {
        Story patient = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        Story waiting = new Story();
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(400), Duration.ofMinutes(1), null);
        client.send(request("/2", timeouts), null, waiting);
        peer.await(HEADERS);
        ScheduledThreadPoolExecutor dripping = new ScheduledThreadPoolExecutor(1);
        try {
            dripping.scheduleWithFixedDelay(() -> interim(peer, 3), 0, 20, TimeUnit.MILLISECONDS);

            assertThat(waiting.next()).isEqualTo("failed UPSTREAM_TIMEOUT");
            Frame reset = peer.await(RST_STREAM);
            assertThat(reset.stream()).isEqualTo(3);
            assertThat(reset.number()).isEqualTo(CANCEL);
        } finally {
            dripping.shutdownNow();
            assertThat(dripping.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        peer.answer(1, "ok");
        assertThat(patient.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
    }

    private static void interim(Peer peer, int stream) {
        try {
            peer.headers(stream, 0, ":status", "103", "link", "x");
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    @Test
    void aHeadThatTravelsInMoreThan256KilobytesIsRefusedBeforeItEnds() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        peer.frame(HEADERS, 0, 1, new byte[PAYLOAD]);
        for (int sent = PAYLOAD; sent <= MAX_HEAD; sent += PAYLOAD) {
            peer.frame(CONTINUATION, 0, 1, new byte[PAYLOAD]);
        }

        assertThat(story.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
        assertThat(peer.await(GOAWAY).number()).isEqualTo(ENHANCE_YOUR_CALM);
        peer.awaitEnd();
        assertServesAnother();
    }

    /** A field that the compression remembers costs a byte each time. */
    @Test
    void aHeadThatIsSmallOnTheWayAndLargerThanThatInMemoryIsRefused() throws Exception {
        Story story = send("/1");
        Peer peer = server.next();
        peer.await(HEADERS);
        String[] fields = new String[2 + 2 * 100];
        fields[0] = ":status";
        fields[1] = "200";
        for (int i = 2; i < fields.length; i += 2) {
            fields[i] = "x-large";
            fields[i + 1] = "v".repeat(3000);
        }
        byte[] block = peer.block(fields);
        assertThat(block.length).isLessThan(PAYLOAD);
        peer.frame(HEADERS, END_HEADERS, 1, block);

        assertThat(story.next()).isEqualTo("failed UPSTREAM_PROTOCOL");
        assertThat(peer.await(GOAWAY).number()).isEqualTo(COMPRESSION_ERROR);
        assertServesAnother();
    }

    private void assertServesAnother() throws Exception {
        Story next = send("/2");
        Peer fresh = server.next();
        fresh.await(HEADERS);
        fresh.answer(1, "ok");
        assertThat(next.next(3)).containsExactly("head 200 DELIMITED", "data 2", "end");
    }
}
