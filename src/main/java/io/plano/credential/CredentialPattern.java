package io.plano.credential;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Locale;

/**
 * What a client's credential must look like: a regular expression in the syntax of RE2, which leaves out what cannot be
 * matched in a time that grows with the text alone (lookarounds, backreferences). The text is the client's, so neither
 * time nor stack may depend on what is in it. Immutable and safe for every thread.
 *
 * <p>A compiled pattern takes fifty times the memory of its text, and counted repetitions multiply that, so both are
 * bounded: {@value #MAX_LENGTH} characters, and {@value #MAX_WEIGHT} with every repetition written out.
 */
public final class CredentialPattern {
    /** In characters. */
    public static final int MAX_LENGTH = 1000;

    /** In instructions of a compiled pattern, about 64 bytes each. */
    public static final int MAX_WEIGHT = 10_000;

    private final Pattern pattern;

    private CredentialPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Why a text is no such pattern, for the administrator. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        private Invalid(String message) {
            super(message, null, false, false);
        }

        /** To be put behind the name of the key. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    public static CredentialPattern compile(String text) throws Invalid {
        if (text.length() > MAX_LENGTH) {
            throw new Invalid("is longer than " + MAX_LENGTH + " characters");
        }
        if (weight(text) > MAX_WEIGHT) {
            throw new Invalid("is too large once its counted repetitions are written out");
        }
        try {
            return new CredentialPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new Invalid(reason(text, e));
        }
    }

    /** About how many instructions the text compiles to, never fewer than it has characters; bounded by an int. */
    public static int weight(String text) {
        return PatternWeight.of(text);
    }

    private static String reason(String text, PatternSyntaxException cause) {
        String at = String.valueOf(cause.getPattern());
        int index = text.indexOf(at);
        return "is not a regular expression of RE2's syntax: " + description(at, cause)
                + (index < 0 ? "" : " (at character " + (index + 1) + ")");
    }

    private static String description(String at, PatternSyntaxException cause) {
        if (at.startsWith("(?=") || at.startsWith("(?!")) {
            return "lookaheads are not supported";
        }
        if (at.startsWith("(?<=") || at.startsWith("(?<!")) {
            return "lookbehinds are not supported";
        }
        if (at.startsWith("(?>")) {
            return "atomic groups are not supported";
        }
        if (at.length() == 2 && at.charAt(0) == '\\' && (Character.isDigit(at.charAt(1)) || at.charAt(1) == 'k')) {
            return "backreferences are not supported";
        }
        if (at.endsWith("+") && cause.getDescription().contains("nested")) {
            return "possessive quantifiers are not supported";
        }
        return cause.getDescription().toLowerCase(Locale.ROOT);
    }

    /** Whether the whole text matches. */
    boolean matches(String text) {
        return pattern.matches(text);
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
