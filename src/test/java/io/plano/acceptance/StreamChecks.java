package io.plano.acceptance;

import io.plano.acceptance.CheckedApi.Delivery;
import io.plano.testing.ConnectionEnd;
import io.plano.testing.FakeUpstream;
import io.plano.testing.Gate;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.SseEvent;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

/** Streams through one deployed application: event by event, broken off by either side. */
final class StreamChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ROUNDS = 10;

    private final Report report;
    private final FakeUpstream upstream;
    private final int port;
    private final String context;

    StreamChecks(Report report, FakeUpstream upstream, int port, String context) {
        this.report = report;
        this.upstream = upstream;
        this.port = port;
        this.context = context;
    }

    void run() {
        for (CheckedApi surface : CheckedApi.values()) {
            report.check("stream: event by event, " + surface, () -> eventByEvent(surface));
            report.check("stream: reset by the upstream is no clean end, " + surface, () -> cut(surface, Reply::reset));
            report.check(
                    "stream: closed by the upstream is no clean end, " + surface, () -> cut(surface, Reply::close));
            report.check(
                    "stream: unframed, without its last event, is no clean end, " + surface,
                    () -> cutUnframed(surface));
            report.check(
                    "stream: a client's end ends the upstream and nobody else, " + surface,
                    () -> clientLeaves(surface));
        }
    }

    /** A stream of which the client has read the first event, and which goes on when the gate opens. */
    record OpenStream(RawClient client, RawResponse response, int connection, Gate gate) implements AutoCloseable {
        @Override
        public void close() {
            gate.open();
            client.close();
        }
    }

    /** Opens a stream that plays this after its first event. */
    OpenStream open(CheckedApi surface, Ending ending) throws Exception {
        return open(surface, Reply.stream().chunk(surface.event("1")), ending);
    }

    private OpenStream open(CheckedApi surface, Reply start, Ending ending) throws Exception {
        Gate gate = new Gate();
        Future<UpstreamRequest> arrived = Arrival.answering(upstream, ending.add(start.waitFor(gate)));
        RawClient client = RawClient.connect(port).patience(PATIENCE);
        RawResponse response = surface.request(
                        client, context, List.of("Authorization: Bearer " + CredentialRow.CLIENT))
                .json(surface.body(surface.passthroughModel(), Delivery.STREAM))
                .exchange();
        OpenStream stream = new OpenStream(client, response, Arrival.of(arrived).connection(), gate);
        Checks.equal(200, response.status(), "status");
        Checks.equal(surface.event("1"), event(response), "first event");
        return stream;
    }

    /** Adds the rest of a stream. */
    @FunctionalInterface
    interface Ending {
        Reply add(Reply reply);
    }

    private void eventByEvent(CheckedApi surface) throws Exception {
        Gate third = new Gate();
        try (OpenStream stream = open(
                surface,
                reply -> reply.chunk(surface.event("2"))
                        .waitFor(third)
                        .chunk(surface.lastEvent())
                        .lastChunk())) {
            RawResponse response = stream.response();
            Checks.equal(true, response.isSilentFor(Duration.ofMillis(100)), "silence");
            stream.gate().open();
            Checks.equal(surface.event("2"), event(response), "second event");
            third.open();
            Checks.equal(surface.lastEvent(), event(response), "last event");
            Checks.equal(ResponseEnd.CLEAN, response.end(), "end");
        }
    }

    private void cut(CheckedApi surface, Ending ending) throws Exception {
        try (OpenStream stream = open(surface, ending)) {
            stream.gate().open();
            Checks.equal(ResponseEnd.TRUNCATED, stream.response().end(), "end");
        }
    }

    /** Only the end of the connection ends the body, so that an end looks like a cut. */
    private void cutUnframed(CheckedApi surface) throws Exception {
        Reply start = Reply.script()
                .head(200, "Content-Type: text/event-stream", "Connection: close")
                .bytes(surface.event("1"));
        try (OpenStream stream = open(surface, start, Reply::close)) {
            stream.gate().open();
            Checks.equal(ResponseEnd.TRUNCATED, stream.response().end(), "end");
        }
    }

    /** Again and again, because containers use the objects of a request for the next one. */
    private void clientLeaves(CheckedApi surface) throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            leave(surface);
            try (OpenStream next =
                    open(surface, reply -> reply.chunk(surface.lastEvent()).lastChunk())) {
                next.gate().open();
                Checks.equal(surface.lastEvent(), event(next.response()), "last event of the next client");
            } catch (AssertionError failure) {
                throw new AssertionError(
                        "the client after client " + round + " who left: " + failure.getMessage(), failure);
            }
        }
    }

    private void leave(CheckedApi surface) throws Exception {
        byte[] event = surface.event("more").getBytes(StandardCharsets.UTF_8);
        OpenStream stream = open(surface, reply -> reply.endlessChunks(event));
        stream.close();
        ConnectionEnd end = upstream.awaitConnectionClosed(stream.connection(), PATIENCE);
        Checks.equal(true, end.byPeer(), "ended by the gateway");
    }

    private static String event(RawResponse response) {
        return response.readEvent().map(SseEvent::raw).orElse("(none)");
    }
}
