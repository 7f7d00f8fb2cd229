package io.plano.upstream.connect;

import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.attempt.UpstreamAttempt;
import io.plano.upstream.http1.Http1Attempt;
import io.plano.upstream.http1.Http1Attempt.Origin;
import io.plano.upstream.http1.Http1Pool;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 connections that wait for their next attempt, per endpoint and transport, the most recently used on top: the others
 * grow old and are closed by their own idle timeout. A connection carries no credential and no caller's state (R50), so
 * any attempt may take any of them. Safe for every thread.
 */
final class IdleConnections implements Http1Pool {
    private final ConcurrentMap<ConnectionKey, ConcurrentLinkedDeque<IOSession>> byKey = new ConcurrentHashMap<>();
    private final Timeout maxIdle;

    IdleConnections(Timeout maxIdle) {
        this.maxIdle = maxIdle;
    }

    /** Starts the attempt on a connection that waits; false where there is none. */
    boolean begin(UpstreamAttempt attempt) {
        IOSession waiting = take(ConnectionKey.of(attempt.request()));
        if (waiting == null) {
            return false;
        }
        new Http1Attempt(attempt, waiting, Origin.POOL, this).start();
        return true;
    }

    /** Starts the attempt on a connection that was made for it. */
    void beginOnNew(UpstreamAttempt attempt, IOSession connection) {
        new Http1Attempt(attempt, connection, Origin.NEW, this).start();
    }

    /** A live connection, which is the caller's from now on; null where there is none. */
    private @Nullable IOSession take(ConnectionKey key) {
        ConcurrentLinkedDeque<IOSession> idle = byKey.get(key);
        if (idle == null) {
            return null;
        }
        IOSession session = idle.pollFirst();
        while (session != null && !isUsable(session)) {
            session = idle.pollFirst();
        }
        return session;
    }

    /** Keeps the connection for the next attempt, where it is still good. */
    @Override
    public void release(UpstreamRequest served, IOSession session) {
        if (!isUsable(session)) {
            return;
        }
        ConnectionKey key = ConnectionKey.of(served);
        session.setSocketTimeout(maxIdle);
        ConcurrentLinkedDeque<IOSession> idle = byKey.get(key);
        if (idle == null) {
            forgetUnused();
            idle = byKey.computeIfAbsent(key, absent -> new ConcurrentLinkedDeque<>());
        }
        idle.addFirst(session);
        dropOldest(idle);
    }

    /**
     * A key holds certificates, and every renewal of them makes another one. A connection that comes back to a key just
     * forgotten is lost to it, and ends by its idle timeout.
     */
    private void forgetUnused() {
        byKey.values().removeIf(idle -> idle.stream().noneMatch(IOSession::isOpen));
    }

    /** The oldest end up at the bottom, where nobody would ever look at them again. */
    private static void dropOldest(ConcurrentLinkedDeque<IOSession> idle) {
        IOSession oldest = idle.peekLast();
        while (oldest != null && !oldest.isOpen() && idle.removeLastOccurrence(oldest)) {
            oldest = idle.peekLast();
        }
    }

    /** Closes one that waits, of any endpoint the oldest; null where there is none. */
    @Nullable
    IOSession closeOne() {
        for (ConcurrentLinkedDeque<IOSession> idle : byKey.values()) {
            for (IOSession session = idle.pollLast(); session != null; session = idle.pollLast()) {
                if (session.isOpen()) {
                    session.close(CloseMode.IMMEDIATE);
                    return session;
                }
            }
        }
        return null;
    }

    void closeAll() {
        byKey.values().forEach(idle -> {
            for (IOSession session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
                session.close(CloseMode.GRACEFUL);
            }
        });
    }

    private static boolean isUsable(IOSession session) {
        return session.isOpen() && session.getHandler() instanceof HttpConnection connection && connection.isOpen();
    }
}
