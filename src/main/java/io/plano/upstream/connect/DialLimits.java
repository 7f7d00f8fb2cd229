package io.plano.upstream.connect;

import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * What making connections is held to.
 *
 * @param connections how many there may be
 * @param idle those that wait for an attempt, and make room for one that is needed elsewhere
 * @param maxIdle how long a connection is kept without an attempt
 */
record DialLimits(ConnectionLimit connections, IdleConnections idle, Timeout maxIdle) {
    /** Whether a connection may be made, perhaps in place of one that is not used. */
    boolean reserve() {
        if (connections.reserve()) {
            return true;
        }
        IOSession unused = idle.closeOne();
        if (unused == null) {
            return false;
        }
        connections.disconnected(unused);
        return connections.reserve();
    }
}
