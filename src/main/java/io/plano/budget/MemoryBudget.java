package io.plano.budget;

import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The memory that all exchanges hold together: bodies, what was decoded from them, trees, answers that are translated,
 * heads, queues. Whoever is about to take memory reserves it first, in a {@link Holding}; what does not fit is waited for,
 * for at most {@link #PATIENCE} and on no thread, or refused. Safe for every thread; nothing blocks.
 *
 * <h2>Who goes first</h2>
 *
 * An exchange that holds no more than {@link #SMALL} may take the last eighth as well, of the whole and of what its client
 * may hold; larger ones may not. So large bodies, however many, never keep small requests out.
 *
 * <h2>Who is one client</h2>
 *
 * All that come from one peer address, as the container tells it: what a container makes of {@code X-Forwarded-For} is
 * its administrator's decision, and that header alone is anybody's invention. IPv6 addresses count by their first 64 bits, since
 * everybody has as many of the rest as they like. Behind one load balancer all are one client: there the share of a client
 * is to be set to the whole.
 *
 * <h2>What it costs</h2>
 *
 * A small exchange adds once to one counter and subtracts once. Its client's account is not touched as long as so little is
 * held that nobody can hold too much ({@link BudgetLimits#quiet}); beyond that every reservation is written down.
 */
public final class MemoryBudget {
    /** Up to this many bytes an exchange is a small one. */
    public static final int SMALL = 64 << 10;

    /** In these steps is reserved what has no length that is known before. */
    public static final int STEP = 64 << 10;

    /** How long what does not fit is waited for. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The attribute under which a web application shows it. */
    public static final String ATTRIBUTE = "io.plano.budget";

    private static final int RESERVE = 8;

    private volatile BudgetLimits limits;
    private final LongSupplier nanoTime;
    private final AtomicLong held = new AtomicLong();
    private final ConcurrentHashMap<String, Long> byClient = new ConcurrentHashMap<>();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    /** Goes on when there is room, or hears that there was none. One of the two is called, once, unless the exchange ends before. */
    public interface Waiter {
        /** The bytes are reserved. */
        void granted();

        /** Not in time. */
        void refused();
    }

    private record Waiting(Holding holding, long bytes, Waiter waiter, long deadline) {}

    public MemoryBudget(BudgetLimits limits) {
        this(limits, System::nanoTime);
    }

    MemoryBudget(BudgetLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Applies to what is reserved from now on. */
    public void limit(BudgetLimits changed) {
        if (!changed.equals(limits)) {
            limits = changed;
        }
    }

    /**
     * Begins an exchange.
     *
     * @param address of its client's end of the connection
     * @param bytes reserved at once where they fit, which {@link Holding#isAdmitted} tells
     */
    public Holding open(String address, long bytes) {
        return new Holding(this, address, bytes);
    }

    /** What is held at this moment; 0 when no exchange is open. */
    public long held() {
        return held.get();
    }

    /** The most that a single exchange can ever get. */
    public long most() {
        BudgetLimits known = limits;
        return withoutReserve(Math.min(known.total(), known.writtenDownPerClient()));
    }

    private static long withoutReserve(long bytes) {
        return bytes - bytes / RESERVE;
    }

    /** Adds it where that leaves so little held that it need not be written down; otherwise it is to be {@link #take taken}. */
    boolean takeQuietly(long bytes) {
        if (held.addAndGet(bytes) <= limits.quiet()) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /**
     * Takes bytes for an exchange of that client, where they fit.
     *
     * @param whole what the exchange then holds in all
     */
    boolean take(String client, long bytes, long whole) {
        BudgetLimits known = limits;
        boolean small = whole <= SMALL;
        long most = small ? known.total() : withoutReserve(known.total());
        if (held.addAndGet(bytes) > most) {
            held.addAndGet(-bytes);
            return false;
        }
        long share = known.writtenDownPerClient();
        if (writeDown(client, bytes, small ? share : withoutReserve(share))) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    private boolean writeDown(String client, long bytes, long most) {
        boolean[] fits = new boolean[1];
        byClient.compute(client, (name, before) -> {
            long after = (before == null ? 0 : before) + bytes;
            fits[0] = after <= most;
            return fits[0] ? Long.valueOf(after) : before;
        });
        return fits[0];
    }

    void giveBackQuietly(long bytes) {
        held.addAndGet(-bytes);
    }

    void giveBack(String client, long bytes) {
        if (bytes != 0) {
            held.addAndGet(-bytes);
            byClient.computeIfPresent(client, (name, before) -> before == bytes ? null : Long.valueOf(before - bytes));
        }
    }

    /** What is written down for that client. */
    long heldBy(String client) {
        return byClient.getOrDefault(client, 0L);
    }

    /** Reserves the bytes for the holding as soon as they fit. */
    public void await(Holding holding, long bytes, Waiter waiter) {
        waiting.add(new Waiting(holding, bytes, waiter, nanoTime.getAsLong() + PATIENCE.toNanos()));
    }

    /**
     * Looks who of those that wait can go on, the longest first. To be called a few times a second by one timer.
     *
     * @param executor where they go on; where it takes no more, they hear of a refusal
     */
    public void serveWaiting(Executor executor) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (one.holding().isOver()) {
                all.remove();
            } else if (one.holding().reserve(one.bytes())) {
                all.remove();
                goOn(one, executor);
            } else if (nanoTime.getAsLong() - one.deadline() >= 0) {
                all.remove();
                one.waiter().refused();
            }
        }
    }

    private static void goOn(Waiting one, Executor executor) {
        try {
            executor.execute(one.waiter()::granted);
        } catch (RejectedExecutionException full) {
            one.holding().release(one.bytes());
            one.waiter().refused();
        }
    }
}
