package io.plano.server;

/** On which thread the server reads a request and calls the web application. */
public enum DispatchMode {
    /**
     * On the thread that noticed the request: the selector, or the one that finished the answer before. Saves a thread
     * hand-off for each request, and is right only as long as nothing in the web application blocks; {@link
     * BlockingWatchdog} looks after that.
     */
    INLINE,
    /** On a thread of the pool, as Jetty does by default. */
    POOLED;

    /**
     * What the system property {@code plano.server.inline} says: {@code false} is {@link #POOLED}. For those who put
     * something that blocks in front of the gateway, and to find out whether a stall has to do with it.
     */
    public static DispatchMode configured() {
        return Boolean.parseBoolean(System.getProperty("plano.server.inline", "true")) ? INLINE : POOLED;
    }
}
