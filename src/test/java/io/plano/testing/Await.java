package io.plano.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits with a bound for a condition that nothing announces, by asking again and again. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Await() {}

    /** Returns as soon as the condition holds; fails with the description when it does not in time. */
    public static void until(Duration within, Supplier<String> description, BooleanSupplier condition) {
        if (!holds(within, condition)) {
            throw new AssertionError("not within " + within + ": " + description.get());
        }
    }

    /** Whether the condition came to hold in time; returns as soon as it does. */
    public static boolean holds(Duration within, BooleanSupplier condition) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }
}
