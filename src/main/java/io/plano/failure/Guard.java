package io.plano.failure;

/**
 * The border between one piece of work and the thread that does it for everybody: whatever the work throws, errors of the
 * virtual machine included, ends that work and nothing else. Stateless; allocates nothing.
 */
public final class Guard {
    private Guard() {}

    /** Runs what must not keep its caller from going on: a line for the log, a listener, one of many. Never fails. */
    public static void quietly(Runnable task) {
        try {
            task.run();
        } catch (Throwable ignored) {
            // Whoever has something to say about it has said so; here it must not go on.
        }
    }
}
