package io.plano.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A client's connection. It is closed by {@link LingeringClose}, and spared system calls that seldom do anything, since a
 * client seldom sends anything before it has its answer:
 *
 * <p>The selector goes on looking for input while a request is served. Jetty withdraws its interest in reading when a
 * request has arrived and registers it again behind the answer: two system calls, and where the answer ends on another
 * thread, one more to wake the selector up for it. Here the interest is left standing, and only withdrawn where something
 * comes that nobody waits for: a pipelined request, or the end of the connection. This is worth it only where the
 * selector's own thread reads: any other would not have read yet when the selector looks again.
 *
 * <p>It knows since when a request's head is on its way, for {@link HeadDeadline}.
 *
 * <p>The next request is read when the selector tells of it, and not looked for behind the answer before.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
    /** So often Jetty looks for a request before it waits: TLS may need a second time. */
    private static final int LOOKS_FOR_A_REQUEST = 2;

    /** Where {@link #headSince} is no time: no head has begun. */
    private static final long NO_HEAD = 0;

    /** A request is being served. */
    private static final long SERVING = -1;

    /** The time for a head was over first. */
    private static final long HEAD_LATE = -2;

    private static final long START_NANOS = System.nanoTime();
    /** Between two requests of a conversation a client may well take a second. */
    private static final long IDLE_MILLIS = 1000;

    /** Who comes in a crowd has to share everything on the way until the first request. */
    private static final long FIRST_REQUEST_MILLIS = 10_000;

    /** What was noted longer ago says nothing of now. */
    private static final long NOTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ManagedSelector selector;
    private final LingeringClose lingering;
    private final boolean isReadBySelector;
    private volatile SelectionKey key;
    private volatile boolean closed;
    private volatile boolean spare;
    private volatile boolean busy;
    private volatile boolean used;
    private volatile boolean noted;
    private volatile long notedNanos;

    /**
     * Whether interest in reading stands although Jetty has withdrawn it. Jetty believes that an update of the key is
     * pending while this is so, and submits none. Written by the selector's thread.
     */
    private volatile boolean readInterestKept;

    /** Nanoseconds, above 0; or one of the constants. */
    private final AtomicLong headSince = new AtomicLong(now());

    private volatile boolean heard;
    private int readsToSpare;

    /** @param isReadBySelector whether the connection's tasks run on the selector's thread */
    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            LingeringClose lingering,
            boolean isReadBySelector) {
        super(channel, selector, key, scheduler);
        this.isReadBySelector = isReadBySelector;
        this.selector = selector;
        this.key = key;
        this.lingering = lingering;
    }

    /** An answer is complete and Jetty about to look for the next request, as it does before it waits for one. */
    void answered() {
        readsToSpare = LOOKS_FOR_A_REQUEST;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (readsToSpare > 0) {
            readsToSpare--;
            return 0; // what there is, the selector finds
        }
        int count = super.fill(buffer);
        if (count > 0) {
            heard = true;
            if (headSince.get() == NO_HEAD) {
                headSince.compareAndSet(NO_HEAD, now());
            }
        }
        return count;
    }

    private static long now() {
        return System.nanoTime() - START_NANOS + 1;
    }

    /**
     * A request has come, and is served from now on.
     *
     * @return false where its time was over before: nobody will read an answer
     */
    boolean serve() {
        for (long seen = headSince.get(); seen != HEAD_LATE; seen = headSince.get()) {
            if (headSince.compareAndSet(seen, SERVING)) {
                busy = true;
                noted = false;
                return true;
            }
        }
        return false;
    }

    /** A request has been served. */
    void served() {
        used = true;
        busy = false;
        headSince.compareAndSet(SERVING, NO_HEAD);
    }

    /** Closes the connection if a head has been on its way for longer than that. Any thread. */
    void endHeadOlderThan(Duration limit) {
        long since = headSince.get();
        if (since <= NO_HEAD || now() - since < limit.toNanos() || !headSince.compareAndSet(since, HEAD_LATE)) {
            return;
        }
        if (heard) {
            try {
                flush(ErrorBody.requestTimeout());
            } catch (IOException gone) {
                // closed in any case
            }
        }
        close();
    }

    @Override
    public Runnable onSelected() {
        readsToSpare = 0;
        readInterestKept = isReadBySelector
                && key.interestOps() == SelectionKey.OP_READ
                && key.readyOps() == SelectionKey.OP_READ
                && getFillInterest().isInterested();
        return super.onSelected();
    }

    @Override
    public void updateKey() {
        // A write may have become incomplete between the selection and this update.
        if (readInterestKept && !getWriteFlusher().isPending()) {
            return;
        }
        readInterestKept = false;
        super.updateKey();
    }

    @Override
    protected void onIncompleteFlush() {
        super.onIncompleteFlush();
        if (readInterestKept) {
            selector.submit(selected -> updateKey());
        }
    }

    @Override
    public void replaceKey(SelectionKey newKey) {
        key = newKey;
        super.replaceKey(newKey);
    }

    @Override
    public boolean isOpen() {
        return !closed && super.isOpen();
    }

    /**
     * Closes it to make room for another, if nothing is under way on it and has not been for a second, or ten before its first
     * request. It takes two calls:
     * the first notes that, and the second, after the selector has come round, finds it unchanged. A selector that is behind
     * has a request to read from connections that only seem idle. A client may send its next request at any moment: one
     * whose connection is closed then repeats it on another (RFC 9112 §9.3.1).
     *
     * @param nowNanos of this round
     */
    Spare closeIfSpare(long nowNanos) {
        if (busy || getIdleFor() < (used ? IDLE_MILLIS : FIRST_REQUEST_MILLIS)) {
            return Spare.NO;
        }
        long age = nowNanos - notedNanos;
        if (!noted || age <= 0 || age > NOTED_NANOS) {
            notedNanos = nowNanos;
            noted = true;
            return Spare.NOTED;
        }
        spare = true;
        close();
        return Spare.CLOSED;
    }

    /** What became of a connection that may not be needed. */
    enum Spare {
        NO,
        NOTED,
        CLOSED
    }

    @Override
    public void doClose() {
        closed = true;
        key.cancel();
        if (spare) {
            lingering.closeNow(getChannel());
        } else {
            lingering.close(getChannel());
        }
    }
}
