package io.plano.web;

import jakarta.servlet.ServletContext;

/**
 * What {@code /readyz} says.
 *
 * @param state whether a configuration is loaded
 * @param message for the person who looks: no secret, no provider's address
 */
record Readiness(State state, String message) {
    private static final String ATTRIBUTE = "io.plano.web.readiness";

    /** Whether requests can be served. */
    enum State {
        READY,
        NOT_READY
    }

    boolean isReady() {
        return state == State.READY;
    }

    void publish(ServletContext context) {
        context.setAttribute(ATTRIBUTE, this);
    }

    static Readiness of(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof Readiness known
                ? known
                : new Readiness(State.NOT_READY, "The application has not started.");
    }
}
