package io.plano.demo;

import org.jspecify.annotations.Nullable;

/**
 * One event of the stand-in provider's stream.
 *
 * @param name the {@code event:} field, or null for none
 * @param data one line
 * @param tokens how many tokens of the answer it carries; the time that a model takes for them passes before it
 */
record StandInEvent(@Nullable String name, String data, int tokens) {
    static StandInEvent unnamed(String data, int tokens) {
        return new StandInEvent(null, data, tokens);
    }

    static StandInEvent named(String name, String data) {
        return new StandInEvent(name, data, 0);
    }

    static StandInEvent token(String name, String data) {
        return new StandInEvent(name, data, 1);
    }

    String frame() {
        return (name == null ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
    }
}
