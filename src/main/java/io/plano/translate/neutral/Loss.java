package io.plano.translate.neutral;

/** What to do with something that the other format cannot carry. */
public enum Loss {
    /** A hint, or a wish that providers call best effort: it is left out, and the client is told of it in a header. */
    DROP,
    /** Without it the answer would mean something else: the request is refused, and the refusal names it. */
    REFUSE
}
