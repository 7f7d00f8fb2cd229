package io.plano.upstream.http1;

import io.plano.http.Headers;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.Window;
import io.plano.upstream.attempt.Carrier;
import io.plano.upstream.attempt.UpstreamAttempt;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on an HTTP/1.1 connection of its own for the while, which goes to the pool when both the request and the
 * answer are complete. {@link #start} and {@link #cut} come from any thread, everything else from the connection's reactor
 * thread, or from that of {@link #start}, in turn.
 */
public final class Http1Attempt implements AsyncClientExchangeHandler, Carrier {
    private final UpstreamAttempt attempt;
    private final Http1Pool pool;
    private final Origin origin;

    /** Null when the attempt has left it. */
    private volatile @Nullable IOSession session;

    private volatile long sentNanos;
    private volatile boolean bodyEnded;
    private @Nullable Http1Connection connection;
    private @Nullable Output output;
    private @Nullable Window window;
    private boolean written;
    private boolean unsent;

    /** Where a connection comes from. */
    public enum Origin {
        /** Made for the attempt. */
        NEW,
        /** It has waited in the pool, and may turn out to be dead. */
        POOL
    }

    public Http1Attempt(UpstreamAttempt attempt, IOSession connection, Origin origin, Http1Pool pool) {
        this.attempt = attempt;
        this.session = connection;
        this.origin = origin;
        this.pool = pool;
    }

    /** Sends the request; on this thread, where that is possible. */
    public void start() {
        IOSession open = session;
        if (open == null) {
            return;
        }
        if (!attempt.startOn(this)) {
            open.close(CloseMode.IMMEDIATE);
            attempt.endUnsent();
            return;
        }
        sentNanos = System.nanoTime();
        open.setSocketTimeout(Timeout.of(attempt.request().timeouts().firstByte()));
        Command command = new RequestExecutionCommand(this, null, null, HttpCoreContext.create());
        if (!attempt.isBodyAtHand()
                || !(open.getHandler() instanceof Http1Connection http1)
                || !http1.execute(command)) {
            open.enqueue(command, Command.Priority.NORMAL);
        }
    }

    @Override
    public void cut() {
        IOSession open = session;
        if (open != null) {
            open.close(CloseMode.IMMEDIATE);
        }
    }

    /** A defect of what carries it: it ends, with its connection. Never fails. */
    void breakDown(Throwable defect) {
        attempt.breakDown(defect);
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        refuseSpoilt();
        written = true;
        if (session != null && session.getHandler() instanceof Http1Connection http1) {
            connection = http1;
            http1.serve(this);
        }
        UpstreamRequest request = attempt.request();
        // As it is: the shorter constructor takes the target apart and keeps the path alone.
        BasicHttpRequest message = new BasicHttpRequest(request.method(), null, null, request.target());
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            message.addHeader(headers.name(i), headers.value(i));
        }
        RequestBody body = attempt.body();
        // The headers decide the framing; whoever knew a length has put it there.
        if (body != null && !headers.contains("Content-Length")) {
            message.addHeader("Transfer-Encoding", "chunked");
        }
        channel.sendRequest(message, body == null ? null : new BasicEntityDetails(-1, null), context);
    }

    /**
     * What arrived on a connection that waited, and was not noticed before it was taken, would be read as the beginning of
     * this answer (R23). Looked for here, because only who has the connection's turn may read; a look costs a
     * microsecond. With TLS there is nothing to see before it is decrypted, so there a gap of that size remains.
     */
    private void refuseSpoilt() throws IOException {
        IOSession waiting = session;
        if (origin == Origin.POOL && waiting != null && waiting.read(ByteBuffer.allocate(1)) != 0) {
            throw new ConnectionClosedException("the connection brought something nobody asked for, or its end");
        }
    }

    @Override
    public int available() {
        RequestBody body = attempt.body();
        return body != null && body.isReady() ? 1 : 0;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        RequestBody body = attempt.body();
        if (body != null) {
            if (output == null) {
                output = new Output(channel);
            }
            body.produce(output);
        }
    }

    /** Whether the body has been declared complete by its owner. Any thread. */
    boolean isBodyEnded() {
        return bodyEnded;
    }

    /** Notes the end of the body, which HttpCore would also declare by itself. */
    private final class Output implements RequestOutput {
        private final DataStreamChannel channel;

        private Output(DataStreamChannel channel) {
            this.channel = channel;
        }

        @Override
        public void requestOutput() {
            channel.requestOutput();
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            sentNanos = System.nanoTime();
            return channel.write(source);
        }

        @Override
        public void end() throws IOException {
            bodyEnded = true;
            channel.endStream();
        }
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {
        // Interim answers speak to the sender of the request, which is this gateway (RFC 9110 §15.2, R14).
    }

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
        IOSession open = session;
        if (open != null) {
            open.setSocketTimeout(Timeout.of(attempt.request().timeouts().idle()));
        }
        attempt.head(response.getCode(), headers(response), content(entity));
        if (entity == null) {
            attempt.end();
        } else {
            pauseUnlessMoreMayFollow();
        }
    }

    private static Headers headers(HttpResponse response) {
        Header[] fields = response.getHeaders();
        Headers.Builder headers = Headers.builder();
        for (Header field : fields) {
            headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return headers.build();
    }

    private static Content content(@Nullable EntityDetails entity) {
        if (entity == null) {
            return Content.NONE;
        }
        // Not isChunked(): it says yes to a body without any framing.
        long length = entity.getContentLength();
        return length >= 0 || length == ContentLengthStrategy.CHUNKED ? Content.DELIMITED : Content.UNTIL_CLOSE;
    }

    /** Of a head that is larger than heads are. */
    void headGrew(int bytes) {
        attempt.headGrew(bytes);
    }

    /**
     * Something has arrived, and it may not have been the head: interim answers and single bytes of a head give a provider
     * no more time for it.
     *
     * @throws SocketTimeoutException where the time is over
     */
    void keptWaiting() throws SocketTimeoutException {
        IOSession waiting = session;
        if (!attempt.awaitsHead() || waiting == null) {
            return;
        }
        Duration left = attempt.request().timeouts().firstByte().minusNanos(System.nanoTime() - sentNanos);
        if (left.isNegative() || left.isZero()) {
            throw new SocketTimeoutException("no head in time");
        }
        waiting.setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, left.toMillis())));
    }

    /** The connection knows when it has nothing more; without one that does, it could be now. */
    private void pauseUnlessMoreMayFollow() {
        if (connection == null) {
            attempt.paused();
        }
    }

    /** Nothing more has arrived. */
    void paused() {
        attempt.paused();
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        if (window == null) {
            window = channel::update; // one answer, one channel
        }
        attempt.windowSpent(window);
    }

    @Override
    public void consume(ByteBuffer source) {
        if (connection != null) {
            connection.received(source.remaining());
        }
        attempt.data(source);
        pauseUnlessMoreMayFollow();
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        attempt.end();
    }

    @Override
    public void failed(Exception cause) {
        // The provider closed a waiting connection at the moment that it was taken, so it never saw the request:
        // sending it on a new one repeats nothing (RFC 9110 §9.2.2, R72).
        if (origin == Origin.POOL && !written && attempt.isRunning()) {
            unsent = true;
        } else {
            attempt.failed(cause);
        }
    }

    @Override
    public void cancel() {
        attempt.cancel();
    }

    /** Called once request and answer are complete, or the connection is lost. */
    @Override
    public void releaseResources() {
        IOSession used = session;
        session = null;
        if (connection != null) {
            connection.serve(null);
            connection = null;
        }
        if (used == null) {
            return;
        }
        if (unsent) {
            attempt.reconnect();
            return;
        }
        attempt.released();
        if (attempt.isComplete()) {
            pool.release(attempt.request(), used);
        } else {
            used.close(CloseMode.IMMEDIATE);
        }
    }
}
