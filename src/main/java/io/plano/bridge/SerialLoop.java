package io.plano.bridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one body, one thread at a time. Whoever signals while nobody is inside runs the body; whoever signals while
 * somebody is inside makes that one run it once more. So fields that only the body touches need no lock and no volatile:
 * each run happens before the next. It never blocks and never recurses, whichever callback signals from within.
 *
 * <p>The body must not throw: it would leave the loop for ever occupied.
 */
final class SerialLoop {
    private final AtomicInteger signals = new AtomicInteger();
    private final Runnable body;

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
            body.run();
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }
}
