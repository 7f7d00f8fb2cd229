package io.plano.failure;

import org.jspecify.annotations.Nullable;

/**
 * An {@link Error} on its way through code that expects exceptions only, such as a reactor, which would end with it. It
 * has no stack of its own, so that it costs nothing when there is nothing left to spend.
 */
public final class DefectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For when not even this much memory, or stack, is left. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack
    private static final DefectException SPARE = new DefectException(null);

    private DefectException(@Nullable Throwable cause) {
        super("a defect of the gateway", cause, false, false);
    }

    /** Never fails. */
    public static DefectException of(Throwable thrown) {
        try {
            return thrown instanceof DefectException known ? known : new DefectException(thrown);
        } catch (Throwable noMeans) {
            return SPARE;
        }
    }

    /** What was thrown, if it is an exception; if not, an exception that stands for it. Never fails. */
    public static Exception exception(Throwable thrown) {
        return thrown instanceof Exception known ? known : of(thrown);
    }
}
