package io.plano.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The processor time of the gateway's threads for each operation, system calls included, in microseconds:
 * {@code -prof io.plano.bench.GatewayCpu}. Provider and client, which share the process, do not count. The benchmark says
 * when an iteration is over, since behind the last one the threads are gone before a profiler is asked.
 */
public final class GatewayCpu implements InternalProfiler {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static volatile long endNanos;

    private long startNanos;

    /** Stops the clock, to be called when an iteration is torn down. */
    public static void iterationEnded() {
        endNanos = nanos();
    }

    @Override
    public String getDescription() {
        return "processor time of the gateway's threads";
    }

    private static long nanos() {
        long total = 0;
        for (long id : THREADS.getAllThreadIds()) {
            ThreadInfo thread = THREADS.getThreadInfo(id);
            if (thread != null && thread.getThreadName().startsWith("plano-")) {
                total += Math.max(0, THREADS.getThreadCpuTime(id));
            }
        }
        return total;
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        startNanos = nanos();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double nanos = endNanos - startNanos;
        double each = nanos / 1_000 / result.getMetadata().getAllOps();
        return List.of(new ScalarResult("cpu", each, "us/op", AggregationPolicy.AVG));
    }
}
