package io.plano.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open exchanges, so that stopping can wait for them. Jetty's own graceful shutdown is not used because it
 * shortens every connection's idle timeout to a second, which would cut the streams that it should let finish.
 */
final class ExchangeDrain extends Handler.Wrapper {
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean draining;

    ExchangeDrain(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (draining) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        ClientEndPoint client = endPoint instanceof ClientEndPoint own ? own : null;
        if (client != null && !client.serve()) {
            callback.failed(new EofException("the time for the head of the request was over"));
            return true;
        }
        InputBuffer.fit(request);
        SocketWatch.offer(request);
        Departure departure = new Departure(callback, client);
        boolean handled = false;
        try {
            handled = super.handle(request, response, departure);
        } finally {
            if (!handled) {
                departure.leave();
            }
        }
        return handled;
    }

    /** Returns when no exchange is open, at the latest after {@code patience}. */
    void await(Duration patience) {
        draining = true;
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (open.get() > 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    int open() {
        return open.get();
    }

    /** Completes once, however often it is told so; until then the connection is busy. */
    private final class Departure implements Callback {
        private final Callback next;
        private final @Nullable ClientEndPoint client;
        private final AtomicBoolean left = new AtomicBoolean();

        Departure(Callback next, @Nullable ClientEndPoint client) {
            this.next = next;
            this.client = client;
            open.incrementAndGet();
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                open.decrementAndGet();
                if (client != null) {
                    client.served();
                }
            }
        }

        @Override
        public void succeeded() {
            leave();
            next.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            leave();
            next.failed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return next.getInvocationType();
        }
    }
}
