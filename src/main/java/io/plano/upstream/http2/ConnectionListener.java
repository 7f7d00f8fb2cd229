package io.plano.upstream.http2;

/** Hears what a connection is good for. Called on its reactor thread. */
public interface ConnectionListener {
    /** The server has said how many exchanges it takes at once. */
    void ready();

    /** It takes no more exchanges; those under way go on, unless it is lost. */
    void ended();
}
