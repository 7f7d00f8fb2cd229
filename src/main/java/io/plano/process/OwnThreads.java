package io.plano.process;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the daemon threads of one executor, and can tell when they have really ended: an executor says that it has
 * terminated a moment before its last thread has, and containers look for threads that an application left behind as soon
 * as it has stopped. Thread-safe.
 */
public final class OwnThreads implements ThreadFactory {
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final String name;

    /**
     * @param name of the first thread; the others have a number behind it
     */
    public OwnThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        made.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        int number = count.incrementAndGet();
        Thread thread = new Thread(task, number == 1 ? name : name + "-" + number);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    /** Whether the calling thread is one of them. */
    public boolean includeCurrent() {
        return made.contains(Thread.currentThread());
    }

    /**
     * Waits for them; to be called when their executor has been shut down.
     *
     * @return whether all have ended in time
     */
    public boolean awaitEnd(Duration patience) {
        long limit = System.nanoTime() + patience.toNanos();
        try {
            for (Thread thread : made) {
                if (thread != Thread.currentThread()) {
                    thread.join(Math.max(1, (limit - System.nanoTime()) / 1_000_000));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return made.stream().noneMatch(Thread::isAlive);
    }
}
