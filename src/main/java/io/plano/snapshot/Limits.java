package io.plano.snapshot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway refuses to hold: keys of {@code overrides}.
 *
 * @param maxInspectedBodyBytes the largest body that may be held to find {@code model} in it, after decoding; larger
 *     ones get 413
 * @param maxHeaderBytes all names and values of a request's head together; more gets 431
 * @param maxHeaderCount the number of header fields; more gets 431 (R28)
 * @param maxConcurrentExchanges exchanges open at the same time; more get 503 with {@code Retry-After}
 * @param streamKeepalive after how much silence an event stream gets a comment line, which clients skip and which keeps
 *     intermediaries from closing it (R67); null for never
 * @param memory how much of all that may be held at the same time
 */
public record Limits(
        long maxInspectedBodyBytes,
        int maxHeaderBytes,
        int maxHeaderCount,
        int maxConcurrentExchanges,
        @Nullable Duration streamKeepalive,
        MemoryLimits memory) {
    public static final Limits DEFAULT = new Limits(32L << 20, 64 << 10, 200, 20_000, null, MemoryLimits.DEFAULT);
}
