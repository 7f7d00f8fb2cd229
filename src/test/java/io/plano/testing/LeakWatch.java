package io.plano.testing;

import io.plano.budget.MemoryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches one test from its start to {@link #end()}: the upstreams that it starts, the threads that it leaves, the
 * memory that its exchanges hold, the exceptions that nobody caught. There is one watch at a time in a JVM, so watched tests do not run in parallel.
 */
final class LeakWatch {
    static final Duration GRACE = Duration.ofSeconds(3);

    private static final String RUNNER_THREADS = "junit-";
    private static final AtomicReference<@Nullable LeakWatch> CURRENT = new AtomicReference<>();

    private final Duration grace;
    private final List<String> ignoredThreads;
    private final Set<Thread> threadsBefore = liveThreads();
    private final Set<FakeUpstream> openUpstreams = new CopyOnWriteArraySet<>();
    private final Collection<String> leaks = new ConcurrentLinkedQueue<>();
    private final Collection<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final Thread.@Nullable UncaughtExceptionHandler handlerBefore;

    private LeakWatch(Duration grace, List<String> ignoredThreads) {
        this.grace = grace;
        this.ignoredThreads = ignoredThreads;
        this.handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    }

    /** Watches from now on; leaks get this much time to go away, threads with these name prefixes do not count. */
    static LeakWatch start(Duration grace, List<String> ignoredThreads) {
        LeakWatch watch = new LeakWatch(grace, ignoredThreads);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                watch.uncaught.add(new AssertionError("uncaught exception in thread " + thread.getName(), failure)));
        CURRENT.set(watch);
        return watch;
    }

    static void started(FakeUpstream upstream) {
        @Nullable LeakWatch watch = CURRENT.get();
        if (watch != null) {
            watch.openUpstreams.add(upstream);
        }
    }

    /** Looks for connections that were left behind, before the upstream itself closes them. */
    static void closing(FakeUpstream upstream) {
        @Nullable LeakWatch watch = CURRENT.get();
        if (watch != null && watch.openUpstreams.remove(upstream)) {
            watch.checkConnections(upstream);
        }
    }

    /** A gateway has stopped: all memory that its exchanges held has come back, or never will. */
    static void closed(MemoryBudget budget) {
        @Nullable LeakWatch watch = CURRENT.get();
        if (watch != null) {
            watch.checkMemory(budget);
        }
    }

    private void checkMemory(MemoryBudget budget) {
        if (!Await.holds(grace, () -> budget.held() == 0)) {
            leaks.add(budget.held() + " bytes of the memory budget");
        }
    }

    /** Ends the watch; fails with all that was found. */
    void end() {
        CURRENT.set(null);
        for (FakeUpstream upstream : openUpstreams) {
            leaks.add("the upstream at port " + upstream.port() + " was not closed");
            checkConnections(upstream);
            upstream.close();
        }
        GatewayContainer.running().forEach(gateway -> checkMemory(gateway.budget()));
        checkThreads();
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
        if (!leaks.isEmpty() || !uncaught.isEmpty()) {
            AssertionError failure = new AssertionError(
                    "left behind: " + leaks + (uncaught.isEmpty() ? "" : "; uncaught exceptions: " + uncaught.size()));
            uncaught.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /**
     * While a gateway runs, its pool may hold idle connections and only the busy ones are leaks; once none runs, every
     * open connection is one.
     */
    private void checkConnections(FakeUpstream upstream) {
        if (GatewayContainer.isAnyRunning()) {
            if (!Await.holds(grace, () -> upstream.busyConnections() == 0)) {
                leaks.add(upstream.busyConnections() + " busy connections at port " + upstream.port());
            }
        } else if (!Await.holds(grace, () -> upstream.openConnections() == 0)) {
            leaks.add(upstream.openConnections() + " open connections at port " + upstream.port());
        }
    }

    private void checkThreads() {
        if (!Await.holds(grace, () -> leftThreads().isEmpty())) {
            leaks.add(leftThreads().stream()
                    .map(Thread::getName)
                    .sorted()
                    .collect(Collectors.joining(", ", "threads ", "")));
        }
    }

    private List<Thread> leftThreads() {
        boolean gatewayRuns = GatewayContainer.isAnyRunning();
        List<Thread> left = new ArrayList<>(liveThreads());
        left.removeAll(threadsBefore);
        left.removeIf(thread -> thread.getName().startsWith(RUNNER_THREADS));
        left.removeIf(thread -> ignoredThreads.stream().anyMatch(thread.getName()::startsWith));
        left.removeIf(thread -> thread.isDaemon() && (gatewayRuns || !GatewayContainer.isOfApplication(thread)));
        return left;
    }

    static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet();
    }
}
