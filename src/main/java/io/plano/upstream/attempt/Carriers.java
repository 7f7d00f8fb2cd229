package io.plano.upstream.attempt;

/** Finds carriers for attempts. Safe for every thread; no method blocks. */
public interface Carriers {
    /** Starts the attempt on a connection that is there, or else on one that is made. Never fails: the attempt does. */
    void begin(UpstreamAttempt attempt);

    /** Starts it on a connection that is made for it: the one that was there was dead. */
    void connect(UpstreamAttempt attempt);
}
