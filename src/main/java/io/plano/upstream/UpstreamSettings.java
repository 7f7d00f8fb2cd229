package io.plano.upstream;

import io.plano.process.DescriptorBudget;
import java.time.Duration;

/**
 * How the gateway talks to providers, whichever they are.
 *
 * @param reactorThreads threads that serve all connections; one for every two processors is enough
 * @param bufferBytes the size of each of the three buffers of a connection
 * @param keepAlive how long a connection waits for its next exchange; shorter than providers wait, so that they do not
 *     close under a request
 * @param maxConnections to all providers together; more are refused with 503
 */
public record UpstreamSettings(int reactorThreads, int bufferBytes, Duration keepAlive, int maxConnections) {
    /** For this machine: one thread for every two processors, 8 KB buffers (half of that costs a fifth more per event of a fast stream), 50 s,
     * and as many connections as the limit of open files leaves. */
    public static UpstreamSettings defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new UpstreamSettings(
                Math.max(1, processors / 2),
                8192,
                Duration.ofSeconds(50),
                DescriptorBudget.ofProcess().connections());
    }
}
