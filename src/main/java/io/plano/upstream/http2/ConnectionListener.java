package io.plano.upstream.http2;

/** Hears what a connection is good for. Called on its reactor thread. */
public interface ConnectionListener {
    /** The server has said how many attempts it takes at once. */
    void ready();

    /** It takes no more attempts; those under way go on, unless it is lost. */
    void ended();
}
