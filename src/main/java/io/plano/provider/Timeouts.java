package io.plano.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt at a provider may take.
 *
 * @param connect until TCP and TLS are established
 * @param firstByte from the request sent until the head of the answer
 * @param idle the longest silence inside an answer
 * @param total from start to end, or null for no limit: a stream may live for hours (R68)
 */
public record Timeouts(
        Duration connect,
        Duration firstByte,
        Duration idle,
        @Nullable Duration total) {
    /** 5 s, 300 s (Plano's listener default), 300 s, none. */
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(5), null);
}
