package io.plano.upstream;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.http.Headers;
import io.plano.upstream.UpstreamFailures.Phase;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.http2.Http2Connection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
 * One attempt, on a connection of its own for the while, which it gives back when both the request and the answer are
 * complete, or on a stream of a shared one ({@link Http2Attempt}). {@code start…} and {@link #abort} come from any
 * thread, everything else from the connection's reactor thread, or from that of {@code start…}, in turn. It tells its
 * listener of the end exactly once.
 */
final class UpstreamExchange implements AsyncClientExchangeHandler, UpstreamCall, DialOwner {
    /** So many servers may refuse to look at it; what none of them takes has to be said to fail. */
    private static final int MAX_REFUSALS = 5;

    private final UpstreamRequest request;
    private final @Nullable RequestBody body;
    private final UpstreamListener listener;
    private final UpstreamClient client;

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private volatile @Nullable IOSession session;
    private volatile @Nullable Http2Attempt stream;
    private volatile Phase phase = Phase.CONNECTING;
    private volatile boolean reused;
    private volatile long sentNanos;
    private @Nullable Http1Connection connection;
    private @Nullable Output output;
    private @Nullable Window window;
    private volatile boolean bodyEnded;
    private int refusals;
    private boolean written;
    private boolean restart;

    /** Where the attempt stands for its listener. */
    private enum State {
        RUNNING,
        /** The answer is complete. Only then may the connection serve another exchange. */
        COMPLETE,
        /** Its time is up; the listener has not heard of it. */
        EXPIRED,
        /** The listener knows of a failure. */
        FAILED,
        /** Nobody listens any more. */
        ABORTED
    }

    /** What a server that refused a request has been sent of it, apart from the head. */
    enum Sent {
        NO_BODY,
        SOME_OF_THE_BODY
    }

    UpstreamExchange(
            UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener, UpstreamClient client) {
        this.request = request;
        this.body = body;
        this.listener = listener;
        this.client = client;
    }

    @Override
    public UpstreamRequest request() {
        return request;
    }

    @Nullable
    RequestBody body() {
        return body;
    }

    boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    /** Sends the request on a connection that waited in the pool: it may turn out to be dead. */
    void startOnReused(IOSession connection) {
        reused = true;
        start(connection);
    }

    /** Sends the request on a connection made for it. */
    @Override
    public void startOnNew(IOSession connection) {
        reused = false;
        start(connection);
    }

    /** Sends the request on a connection where a place is reserved for it. */
    void startOn(Http2Connection connection) {
        Http2Attempt attempt = new Http2Attempt(this, client.timers());
        stream = attempt;
        phase = Phase.AWAITING_HEAD;
        // In the same order as in start().
        State now = state.get();
        if (now == State.RUNNING) {
            attempt.start(connection);
            return;
        }
        connection.giveBack();
        if (now == State.EXPIRED) {
            fail(UpstreamFailures.tookTooLong());
        }
    }

    private void start(IOSession connection) {
        session = connection;
        phase = Phase.AWAITING_HEAD;
        // Read after session and phase are written, while abort() and expire() do it the other way round: one of them
        // sees the other.
        State now = state.get();
        if (now != State.RUNNING) {
            connection.close(CloseMode.IMMEDIATE);
            if (now == State.EXPIRED) {
                fail(UpstreamFailures.tookTooLong());
            }
            return;
        }
        sentNanos = System.nanoTime();
        connection.setSocketTimeout(timeout(request.timeouts().firstByte()));
        Command command = new RequestExecutionCommand(this, null, null, HttpCoreContext.create());
        if (!isBodyAtHand() || !(connection.getHandler() instanceof Http1Connection http1) || !http1.execute(command)) {
            connection.enqueue(command, Command.Priority.NORMAL);
        }
    }

    /** Whether any thread may read the body. */
    private boolean isBodyAtHand() {
        return body == null || body instanceof RepeatableBody;
    }

    @Override
    public void abort() {
        // Behind this the connection is not given back, so that it cannot be somebody else's when it is closed.
        if (!state.compareAndSet(State.RUNNING, State.ABORTED) && !state.compareAndSet(State.EXPIRED, State.ABORTED)) {
            return;
        }
        cut();
    }

    /** A defect while it was being sent: it ends, with what carries it. Never fails. */
    void breakDown(Throwable defect) {
        Guard.quietly(() -> fail(UpstreamFailures.classify(defect, phase)));
        Guard.quietly(this::cut);
    }

    /** Ends what carries the attempt: its connection, or its stream and nothing but that. */
    private void cut() {
        IOSession connection = session;
        if (connection != null) {
            connection.close(CloseMode.IMMEDIATE);
        }
        Http2Attempt attempt = stream;
        if (attempt != null) {
            attempt.cancel();
        }
    }

    /** The connection that is being made for this exchange: an abort ends it. */
    @Override
    public void opening(IOSession connection) {
        session = connection;
        if (state.get() != State.RUNNING) {
            connection.close(CloseMode.IMMEDIATE);
        }
    }

    /**
     * The attempt has taken all the time that it may take. With a connection, the reactor thread hears of its loss and
     * fails the exchange; before that there is nobody else to do it. Called on the timer's thread.
     */
    void expire() {
        if (!state.compareAndSet(State.RUNNING, State.EXPIRED)) {
            return;
        }
        if (phase == Phase.CONNECTING) {
            fail(UpstreamFailures.tookTooLong());
        }
        cut(); // it cannot be somebody else's by now: that of an expired exchange is not given back
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        refuseSpoilt();
        written = true;
        if (session != null && session.getHandler() instanceof Http1Connection http1) {
            connection = http1;
            http1.serve(this);
        }
        // As it is: the shorter constructor takes the target apart and keeps the path alone.
        BasicHttpRequest message = new BasicHttpRequest(request.method(), null, null, request.target());
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            message.addHeader(headers.name(i), headers.value(i));
        }
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
        if (reused && waiting != null && waiting.read(ByteBuffer.allocate(1)) != 0) {
            throw new ConnectionClosedException("the connection brought something nobody asked for, or its end");
        }
    }

    @Override
    public int available() {
        return body != null && body.isReady() ? 1 : 0;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (body != null) {
            if (output == null) {
                output = new Output(channel);
            }
            body.produce(output);
        }
    }

    /** Whether the producer of the body has said that it is complete. Any thread. */
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
        IOSession connection = session;
        if (connection != null) {
            connection.setSocketTimeout(timeout(request.timeouts().idle()));
        }
        answered(response.getCode(), headers(response), content(entity));
        if (entity == null) {
            complete();
        } else {
            pauseUnlessMoreMayFollow();
        }
    }

    /**
     * Something has arrived, and it may not have been the head: interim answers and single bytes of a head give a provider
     * no more time for it.
     *
     * @throws SocketTimeoutException where the time is over
     */
    void keptWaiting() throws SocketTimeoutException {
        IOSession waiting = session;
        if (phase != Phase.AWAITING_HEAD || waiting == null) {
            return;
        }
        Duration left = request.timeouts().firstByte().minusNanos(System.nanoTime() - sentNanos);
        if (left.isNegative() || left.isZero()) {
            throw new SocketTimeoutException("no head in time");
        }
        waiting.setSocketTimeout(Timeout.ofMilliseconds(Math.max(1, left.toMillis())));
    }

    /** The connection knows when it has nothing more; without one that does, it could be now. */
    private void pauseUnlessMoreMayFollow() {
        if (connection == null) {
            paused();
        }
    }

    /** Nothing more has arrived. */
    void paused() {
        if (state.get() == State.RUNNING) {
            listener.paused();
        }
    }

    void answered(int status, Headers headers, Content content) {
        phase = Phase.READING_BODY;
        listener.head(status, headers, content);
    }

    /** Of a head that is larger than heads are. */
    void headGrew(int bytes) {
        listener.headGrew(bytes);
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

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        if (window == null) {
            window = channel::update; // one answer, one channel
        }
        windowSpent(window);
    }

    void windowSpent(Window spent) throws IOException {
        listener.windowSpent(spent);
    }

    @Override
    public void consume(ByteBuffer source) {
        if (connection != null) {
            connection.received(source.remaining());
        }
        received(source);
        pauseUnlessMoreMayFollow();
    }

    void received(ByteBuffer bytes) {
        listener.data(bytes);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        complete();
    }

    void complete() {
        if (state.compareAndSet(State.RUNNING, State.COMPLETE)) {
            listener.end();
        }
    }

    @Override
    public void failed(Exception cause) {
        // The provider closed a waiting connection at the moment that it was taken, so it never saw the request:
        // sending it on a new one repeats nothing (RFC 9110 §9.2.2, R72).
        if (reused && !written && state.get() == State.RUNNING) {
            restart = true;
            return;
        }
        fail(UpstreamFailures.classify(cause, phase));
    }

    /** The server has not processed the request and will not, so that sending it elsewhere repeats nothing. */
    void refused(Sent sent) {
        stream = null;
        phase = Phase.CONNECTING;
        refusals++;
        if (isRunning() && refusals <= MAX_REFUSALS && (sent == Sent.NO_BODY || rewindBody())) {
            client.begin(this);
            return;
        }
        releaseBody();
        fail(GatewayException.of(FailureKind.UPSTREAM_UNREACHABLE, "The model provider takes no requests."));
    }

    private boolean rewindBody() {
        if (body instanceof RepeatableBody repeatable) {
            repeatable.rewind();
            return true;
        }
        return false;
    }

    /** The stream is closed. Who still waits has waited for the end of what it was cut off from. */
    void released() {
        releaseBody();
        fail(UpstreamFailures.classify(new ConnectionClosedException(), phase));
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
        }
    }

    @Override
    public void fail(GatewayException failure) {
        if (state.compareAndSet(State.RUNNING, State.FAILED)) {
            listener.failed(failure);
        } else if (state.compareAndSet(State.EXPIRED, State.FAILED)) {
            listener.failed(UpstreamFailures.tookTooLong());
        }
    }

    @Override
    public void cancel() {
        fail(GatewayException.of(
                FailureKind.UPSTREAM_UNREACHABLE, "The gateway is shutting down; send the request again."));
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
        if (restart) {
            restart = false;
            reused = false;
            client.connect(this);
            return;
        }
        releaseBody();
        if (used == null) {
            return;
        }
        if (state.get() == State.COMPLETE) {
            client.release(request.connectionKey(), used);
            return;
        }
        fail(UpstreamFailures.classify(new ConnectionClosedException(), phase));
        used.close(CloseMode.IMMEDIATE);
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.of(duration);
    }
}
