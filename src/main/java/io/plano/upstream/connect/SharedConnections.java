package io.plano.upstream.connect;

import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.attempt.UpstreamAttempt.Sent;
import io.plano.upstream.http2.ConnectionListener;
import io.plano.upstream.http2.Http2Attempt;
import io.plano.upstream.http2.Http2Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * The connections of endpoints that may speak HTTP/2, per endpoint and transport. Which version an endpoint speaks is
 * known from its first connection on. Until then, and where it is HTTP/2, whoever finds no place waits for the connection
 * that is being made; where it is HTTP/1.1, every attempt has one for itself, as everywhere else. Safe for every thread.
 */
final class SharedConnections {
    /** What is known of one endpoint. Guarded by {@link SharedConnections}. */
    private static final class EndpointConnections {
        private final List<Http2Connection> open = new ArrayList<>(1);

        /** By the time for connecting, which is that of all who wait. */
        private final Map<Duration, SharedDial> making = new HashMap<>();

        private boolean speaksHttp1;
    }

    private final Map<ConnectionKey, EndpointConnections> endpoints = new HashMap<>();
    private final Dialer dialer;
    private final IdleConnections idle;
    private final ScheduledExecutorService timers;

    SharedConnections(Dialer dialer, IdleConnections idle, ScheduledExecutorService timers) {
        this.dialer = dialer;
        this.idle = idle;
        this.timers = timers;
    }

    /** Those of endpoints that turn out to speak HTTP/1.1. */
    IdleConnections idle() {
        return idle;
    }

    /** Starts the attempt, now or when there is a connection. */
    void begin(UpstreamAttempt attempt) {
        Http2Connection free;
        SharedDial dial = null;
        synchronized (this) {
            EndpointConnections endpoint = endpoint(ConnectionKey.of(attempt.request()));
            free = free(endpoint);
            if (free == null && !endpoint.speaksHttp1) {
                Duration limit = attempt.request().timeouts().connect();
                SharedDial making = endpoint.making.get(limit);
                if (making != null && making.join(attempt)) {
                    return;
                }
                dial = new SharedDial(attempt, this);
                endpoint.making.put(limit, dial);
            }
        }
        if (free != null) {
            start(attempt, free);
        } else if (dial != null) {
            dialer.dial(dial);
        } else {
            beginAlone(attempt);
        }
    }

    private void beginAlone(UpstreamAttempt attempt) {
        if (!idle.begin(attempt)) {
            connect(attempt);
        }
    }

    /** Starts the attempt on a new connection that nobody else waits for. */
    void connect(UpstreamAttempt attempt) {
        dialer.dial(new SharedDial(attempt, this));
    }

    private void start(UpstreamAttempt attempt, Http2Connection connection) {
        new Http2Attempt(attempt, timers).start(connection);
    }

    private EndpointConnections endpoint(ConnectionKey key) {
        EndpointConnections known = endpoints.get(key);
        if (known == null) {
            // A key holds certificates, and every renewal of them makes another one.
            endpoints.values().removeIf(endpoint -> endpoint.open.isEmpty() && endpoint.making.isEmpty());
            known = new EndpointConnections();
            endpoints.put(key, known);
        }
        return known;
    }

    private static @Nullable Http2Connection free(EndpointConnections endpoint) {
        for (Http2Connection connection : endpoint.open) {
            if (connection.reserve()) {
                return connection;
            }
        }
        return null;
    }

    /** A connection is ready, and its handler says what it speaks. On its reactor thread. */
    void made(SharedDial dial, IOSession session) {
        ConnectionKey key = ConnectionKey.of(dial.request());
        if (session.getHandler() instanceof Http2Connection connection) {
            madeShared(dial, key, connection);
        } else {
            madeSingle(dial, key, session);
        }
    }

    /** One goes ahead, the others wait until the server has said how many it takes. */
    private void madeShared(SharedDial dial, ConnectionKey key, Http2Connection connection) {
        connection.tell(new ConnectionListener() {
            @Override
            public void ready() {
                try {
                    forget(dial);
                } finally {
                    dial.dismiss(SharedConnections.this::begin);
                }
            }

            @Override
            public void ended() {
                try {
                    close(key, connection);
                    forget(dial);
                } finally { // they would wait for ever
                    dial.dismiss(attempt -> attempt.refused(Sent.NO_BODY));
                }
            }
        });
        UpstreamAttempt first = dial.next();
        boolean reserved = first != null && connection.reserve();
        synchronized (this) {
            EndpointConnections endpoint = endpoint(key);
            endpoint.speaksHttp1 = false;
            endpoint.open.add(connection);
        }
        if (first != null && reserved) {
            start(first, connection);
        } else if (first != null) {
            begin(first);
        }
    }

    private void madeSingle(SharedDial dial, ConnectionKey key, IOSession session) {
        synchronized (this) {
            endpoint(key).speaksHttp1 = true;
        }
        forget(dial);
        UpstreamAttempt first = dial.next();
        if (first != null) {
            idle.beginOnNew(first, session);
        } else {
            idle.release(dial.request(), session);
        }
        dial.dismiss(this::begin);
    }

    private synchronized void close(ConnectionKey key, Http2Connection connection) {
        EndpointConnections endpoint = endpoints.get(key);
        if (endpoint != null) {
            endpoint.open.remove(connection);
        }
    }

    /** Nobody waits for it any more. */
    synchronized void forget(SharedDial dial) {
        EndpointConnections endpoint = endpoints.get(ConnectionKey.of(dial.request()));
        if (endpoint != null) {
            endpoint.making.values().remove(dial);
        }
    }
}
