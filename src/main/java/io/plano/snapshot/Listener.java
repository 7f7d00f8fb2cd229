package io.plano.snapshot;

import java.time.Duration;

/**
 * Where the standalone server listens: one {@code type: model} entry of {@code listeners}. In a servlet container the
 * container owns the ports, and only {@code timeout} counts.
 *
 * @param name for logs
 * @param address the IP address or host name to bind
 * @param port 0 to 65535, where 0 picks a free one
 * @param timeout how long a provider may stay silent
 */
public record Listener(String name, String address, int port, Duration timeout) {
    /** Plano's defaults: {@code 0.0.0.0:12000}, 300 s. */
    public static final Listener DEFAULT = new Listener("egress_traffic", "0.0.0.0", 12000, Duration.ofMinutes(5));
}
