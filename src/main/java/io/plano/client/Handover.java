package io.plano.client;

/** How far a request is on its way back to its container. Each step is taken once; any thread looks. */
public final class Handover {
    private volatile boolean whole;
    private volatile boolean over;
    private volatile boolean released;

    void whole() {
        whole = true;
    }

    void over() {
        over = true;
    }

    void released() {
        released = true;
    }

    /** Whether the container was told that the client has everything. */
    boolean isWhole() {
        return whole;
    }

    /** Whether the container has been told how it ended, so that nothing here touches the request any more. */
    public boolean isOver() {
        return over;
    }

    /** Whether the container itself has done with the request, after which it calls nothing here any more. */
    public boolean isReleased() {
        return released;
    }
}
