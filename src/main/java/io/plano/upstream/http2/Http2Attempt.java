package io.plano.upstream.http2;

import io.plano.failure.DefectException;
import io.plano.http.Headers;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.attempt.Carrier;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.attempt.UpstreamAttempt.Sent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on one stream of a shared connection. The limits on silence are those of the stream: a connection is never
 * silent while others use it. {@link #start} and {@link #cut} come from any thread.
 */
public final class Http2Attempt implements StreamListener, RequestBody, Carrier {
    private final UpstreamAttempt attempt;
    private final ScheduledExecutorService timers;
    private final @Nullable RequestBody body;

    private volatile @Nullable OpenStream stream;
    private volatile boolean cancelled;

    // Guarded by this.
    private Duration silence; // the longest that is borne
    private @Nullable Future<?> timer;
    private boolean over;
    private boolean answered;

    // Reactor thread only.
    private boolean refused;
    private boolean bodyBegun;

    public Http2Attempt(UpstreamAttempt attempt, ScheduledExecutorService timers) {
        this.attempt = attempt;
        this.timers = timers;
        this.body = attempt.body();
        this.silence = attempt.request().timeouts().firstByte();
    }

    /** Sends the request on a connection where a place is reserved for it. */
    public void start(Http2Connection connection) {
        if (!attempt.startOn(this)) {
            connection.giveBack();
            attempt.endUnsent();
            return;
        }
        UpstreamRequest request = attempt.request();
        StreamRequest head = new StreamRequest(
                request.method(), request.endpoint().authority(), request.target(), request.headers());
        limitSilence(silence);
        OpenStream opened = connection.open(head, body == null ? null : this, this);
        stream = opened;
        if (cancelled) {
            opened.cancel();
        }
    }

    @Override
    public void cut() {
        cancelled = true;
        OpenStream opened = stream;
        if (opened != null) {
            opened.cancel();
        }
    }

    private synchronized void limitSilence(Duration limit) {
        silence = limit;
        schedule(limit.toNanos());
    }

    private synchronized void limitSilenceOfAnswer() {
        answered = true;
        limitSilence(attempt.request().timeouts().idle());
    }

    private synchronized void schedule(long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (!over) {
            try {
                timer = timers.schedule(this::checkSilence, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                over = true; // the gateway is shutting down, and its connections with it
            }
        }
    }

    private void checkSilence() {
        try {
            checkSilenceOnce();
        } catch (Throwable defect) { // nobody would look at it again
            OpenStream open = stream;
            if (open != null) {
                open.abandon(DefectException.of(defect));
            }
        }
    }

    private synchronized void checkSilenceOnce() {
        OpenStream open = stream;
        if (over) {
            return;
        }
        if (open == null) {
            schedule(silence.toNanos()); // it is being opened at this moment
            return;
        }
        // Interim answers give a server no more time for its answer.
        long last = answered ? open.lastEventNanos() : open.lastSentNanos();
        long left = silence.toNanos() - (System.nanoTime() - last);
        if (left > 0) {
            schedule(left);
        } else {
            open.abandon(new SocketTimeoutException("silent for " + silence));
        }
    }

    @Override
    public void head(OpenStream opened, int status, Headers fields, Body follows) {
        stream = opened;
        limitSilenceOfAnswer();
        int size = fields.size() * 4;
        for (int i = 0; i < fields.size(); i++) {
            size += fields.name(i).length() + fields.value(i).length();
        }
        if (size > UpstreamAttempt.LARGE_HEAD) {
            attempt.headGrew(size);
        }
        attempt.head(status, fields, follows == Body.NONE ? Content.NONE : Content.DELIMITED);
        try {
            attempt.windowSpent(opened);
        } catch (IOException e) {
            opened.abandon(e);
        }
    }

    @Override
    public void data(ByteBuffer bytes) {
        attempt.data(bytes);
    }

    @Override
    public void paused() {
        attempt.paused();
    }

    @Override
    public void end() {
        attempt.end();
    }

    @Override
    public void refused() {
        refused = true;
        stopTimer();
        attempt.refused(bodyBegun ? Sent.SOME_OF_THE_BODY : Sent.NO_BODY);
    }

    @Override
    public boolean isReady() {
        return body != null && body.isReady();
    }

    @Override
    public void produce(RequestOutput output) throws IOException {
        bodyBegun = true;
        if (body != null) {
            body.produce(output);
        }
    }

    @Override
    public void release() {
        // The body is the attempt's, which may send it again.
    }

    @Override
    public void failed(Exception cause) {
        attempt.failed(cause);
    }

    @Override
    public void closed() {
        stopTimer();
        if (!refused) {
            attempt.released();
        }
    }

    private synchronized void stopTimer() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
