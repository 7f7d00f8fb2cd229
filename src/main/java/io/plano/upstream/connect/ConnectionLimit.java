package io.plano.upstream.connect;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.process.OpenFiles;
import io.plano.process.RareLine;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections to providers there may be, those in the making included: the share that they have of the open
 * files of this process. One over it is refused before it takes a descriptor, which is the gateway's own limit and no
 * fault of the provider. Safe for every thread.
 */
final class ConnectionLimit implements IOSessionListener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);
    private static final Duration QUIET = Duration.ofSeconds(30);

    /** So much time for each connection between two looks at all of them, which cost a small part of it. */
    private static final long LOOK_NANOS = 1000;

    private final int most;
    private final AtomicInteger making = new AtomicInteger();
    private final Set<IOSession> open = ConcurrentHashMap.newKeySet();
    private final RareLine reached;
    private final AtomicLong lastLook = new AtomicLong(System.nanoTime());

    ConnectionLimit(int most) {
        this.most = most;
        reached = new RareLine(
                QUIET,
                times -> log.warn(
                        "{} requests refused with 503: of {} connections to providers none is free, or no file descriptor."
                                + " Raise the limit of open files, now {} (ulimit -n, LimitNOFILE=, nofile of the"
                                + " container)",
                        times,
                        most,
                        OpenFiles.limit()));
    }

    /** Whether one more may be made; what became of it is told to {@link #made} or {@link #failed}. */
    boolean reserve() {
        if (making.get() + open.size() >= most && mayLookForClosed()) {
            open.removeIf(session -> !session.isOpen());
        }
        if (making.incrementAndGet() + open.size() > most) {
            making.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Closed ones say so themselves; one that did not must not be counted for ever. */
    private boolean mayLookForClosed() {
        long before = lastLook.get();
        long now = System.nanoTime();
        return now - before >= LOOK_NANOS * open.size() && lastLook.compareAndSet(before, now);
    }

    void made(IOSession session) {
        open.add(session);
        making.decrementAndGet();
    }

    void failed() {
        making.decrementAndGet();
    }

    GatewayException refusal(@Nullable Throwable cause) {
        reached.happened();
        String words = "The gateway has no connection to the model provider free; try again.";
        return cause == null
                ? GatewayException.of(FailureKind.OVERLOADED, words)
                : GatewayException.of(FailureKind.OVERLOADED, words, cause);
    }

    /** Whether a connection could not be made for want of a descriptor, for its socket or to look its name up. */
    static boolean isExhaustion(Throwable cause) {
        boolean possible = cause.getClass() == SocketException.class || cause instanceof UnknownHostException;
        return possible && OpenFiles.areExhausted();
    }

    @Override
    public void disconnected(IOSession session) {
        open.remove(session);
    }

    @Override
    public void connected(IOSession session) {}

    @Override
    public void startTls(IOSession session) {}

    @Override
    public void inputReady(IOSession session) {}

    @Override
    public void outputReady(IOSession session) {}

    @Override
    public void timeout(IOSession session) {}

    @Override
    public void exception(IOSession session, Exception failure) {}
}
