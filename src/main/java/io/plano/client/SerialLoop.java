package io.plano.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs one body, one thread at a time. Whoever signals while nobody is inside runs the body; whoever signals while
 * somebody is inside makes that one run it once more. So fields that only the body touches need no lock and no volatile:
 * each run happens before the next. It never blocks and never recurses, whichever callback signals from within.
 *
 * <p>What the body throws goes no further: the loop stays usable, and notes that it has {@linkplain #hasStumbled
 * stumbled}. A body handles its own defects; this is for those that it meets while doing so, as with a stack that has no
 * room left. Somebody with more room has to look.
 */
final class SerialLoop {
    /** For microseconds of work, by a thread that may have lost its processor to a thousand others. */
    private static final long MAX_WAIT_NANOS = 5_000_000_000L;

    private final AtomicInteger signals = new AtomicInteger();
    private final Runnable body;
    private volatile boolean stumbled;
    private volatile @Nullable Runnable last;
    /** Of whoever is inside. */
    private boolean finished;
    /** Neither volatile nor guarded: it only tells a thread whether it is itself inside, and a thread sees its own writes. */
    private @Nullable Thread inside;

    SerialLoop(Runnable body) {
        this.body = body;
    }

    /** Makes the body run, at least once after this call, on this thread or on the one inside. Any thread. */
    void signal() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            inside = Thread.currentThread();
            try {
                turn();
            } catch (Throwable defect) {
                stumbled = true;
            }
            inside = null;
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void turn() {
        Runnable end = last;
        if (end == null) {
            body.run();
        } else if (!finished) {
            finished = true;
            end.run();
        }
    }

    /**
     * Runs that in the place of the body, once and as the last thing, when nobody is in the body: on this thread, or on the
     * one inside when it comes out. At most one call; any thread.
     */
    void finish(Runnable end) {
        last = end;
        signal();
    }

    /** Whether the body has ever thrown. */
    boolean hasStumbled() {
        return stumbled;
    }

    /** As {@link #awaitIdle(long)}, for as long as that may take on a loaded machine. */
    void awaitIdle() {
        awaitIdle(MAX_WAIT_NANOS);
    }

    /**
     * Returns when nobody is inside, or at once on the thread that is, or after that time. For a container that is about
     * to take back what the body works on: the body never waits, so this takes microseconds.
     */
    void awaitIdle(long nanos) {
        long start = System.nanoTime();
        while (signals.get() != 0 && inside != Thread.currentThread() && System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(10_000); // lets that thread run, where there is no other processor for it
        }
    }
}
