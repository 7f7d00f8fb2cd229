package io.plano.process;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Says at most once in a while what happens all the time: under attack a log must not grow with it. Safe for every thread;
 * never waits.
 */
public final class RareLine {
    private static final long NEVER = Long.MIN_VALUE;

    private final long quietNanos;
    private final LongConsumer line;
    private final AtomicLong last = new AtomicLong(NEVER);
    private final AtomicLong untold = new AtomicLong();

    /** @param line writes it; told how often it happened since the last line, this time included */
    public RareLine(Duration quiet, LongConsumer line) {
        this.quietNanos = quiet.toNanos();
        this.line = line;
    }

    /** It has happened again. */
    public void happened() {
        untold.incrementAndGet();
        long before = last.get();
        long now = System.nanoTime();
        if ((before == NEVER || now - before >= quietNanos) && last.compareAndSet(before, now)) {
            line.accept(untold.getAndSet(0));
        }
    }
}
