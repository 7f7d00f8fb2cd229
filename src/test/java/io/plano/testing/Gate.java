package io.plano.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A point where a script waits until the test lets it go on; once open it stays open. Any thread may open it or wait.
 */
public final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Lets everyone through, from now on. */
    public void open() {
        opened.countDown();
    }

    /** Waits until a script has arrived here; fails when none does in time. */
    public void awaitReached(Duration within) throws InterruptedException {
        if (!reached.await(within.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("no script arrived at the gate within " + within);
        }
    }

    void pass() throws InterruptedException {
        reached.countDown();
        opened.await();
    }
}
