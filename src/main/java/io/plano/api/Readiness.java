package io.plano.api;

/**
 * Whether requests can be served.
 *
 * @param message for the person who looks: no secret, no provider's address
 */
public record Readiness(State state, String message) {
    /** Whether a configuration is loaded. */
    public enum State {
        READY,
        NOT_READY
    }

    public boolean isReady() {
        return state == State.READY;
    }
}
