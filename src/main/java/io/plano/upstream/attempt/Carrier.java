package io.plano.upstream.attempt;

/**
 * What an attempt stands on for the while: a connection in the making, a connection of its own, or a stream of a shared
 * one. It tells the attempt what comes of it, on its reactor thread.
 */
public interface Carrier {
    /**
     * Ends it now, and nothing that others share with it: the provider sees that nobody waits any more. Does nothing once
     * the attempt has left it. Any thread.
     */
    void cut();
}
