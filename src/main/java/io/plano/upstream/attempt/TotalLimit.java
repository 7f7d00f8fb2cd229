package io.plano.upstream.attempt;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an attempt that takes longer than its provider's {@code timeouts.total}, wherever it stands: the limits on
 * silence do not help against an answer that drips for ever. It stands before the listener only to learn of the end.
 * {@link #abort} and the timer come on any thread, the rest on that of the attempt.
 */
public final class TotalLimit implements UpstreamListener, UpstreamCall {
    private final UpstreamListener listener;
    private volatile @Nullable UpstreamAttempt attempt;
    private volatile @Nullable Future<?> timer;
    private volatile boolean over;

    public TotalLimit(UpstreamListener listener) {
        this.listener = listener;
    }

    /** Starts the clock. Called before the attempt begins. */
    public void start(UpstreamAttempt limited, Duration limit, ScheduledExecutorService timers) {
        attempt = limited;
        try {
            timer = timers.schedule(limited::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            limited.cancel(); // the gateway is shutting down
        }
        if (over) {
            stop();
        }
    }

    private void stop() {
        over = true;
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void abort() {
        stop();
        UpstreamAttempt limited = attempt;
        if (limited != null) {
            limited.abort();
        }
    }

    @Override
    public void headGrew(int bytes) {
        listener.headGrew(bytes);
    }

    @Override
    public void head(int status, Headers headers, Content content) {
        listener.head(status, headers, content);
    }

    @Override
    public void data(ByteBuffer bytes) {
        listener.data(bytes);
    }

    @Override
    public void paused() {
        listener.paused();
    }

    @Override
    public void windowSpent(Window window) throws IOException {
        listener.windowSpent(window);
    }

    @Override
    public void end() {
        stop();
        listener.end();
    }

    @Override
    public void failed(GatewayException failure) {
        stop();
        listener.failed(failure);
    }
}
