package io.plano.testing;

/** How the body of a response ended. */
public enum ResponseEnd {
    /** Its framing was complete: the final chunk, or all of {@code Content-Length}; without framing, a FIN. */
    CLEAN,
    /** FIN or RST came before the framing was complete, or the framing was broken. */
    TRUNCATED
}
