package io.plano.acceptance;

import java.util.Objects;

/** The assertions of a program that prints one line for each. */
final class Checks {
    private Checks() {}

    static void equal(Object expected, Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + " is " + actual + ", not " + expected);
        }
    }

    static void contains(String text, String part, String what) {
        if (!text.contains(part)) {
            throw new AssertionError(what + " lacks \"" + part + "\": " + text);
        }
    }

    static void lacks(String text, String part, String what) {
        int at = text.indexOf(part);
        if (at >= 0) {
            String around = text.substring(Math.max(0, at - 150), Math.min(text.length(), at + 150));
            throw new AssertionError(what + " holds \"" + part + "\": " + around);
        }
    }
}
