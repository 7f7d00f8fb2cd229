package io.plano.config;

import io.plano.config.yaml.Section;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the regular expressions of one file. A compiled one takes fifty times the memory of its text, and its nesting is
 * followed by recursion, so each of them is bounded, and all of them together.
 */
final class CredentialPatterns {
    private static final int MAX_LENGTH = 1000;
    private static final int MAX_ALL = 100_000;

    private int left = MAX_ALL;

    /** Null where there is none, or none that could be used, which is reported. */
    @Nullable
    Pattern read(Section entry, String key) {
        // As the file has it: a dollar sign means something else in a pattern than in all other values.
        String text = entry.raw(key);
        if (text == null) {
            return null;
        }
        left -= Math.min(text.length(), left);
        if (text.length() > MAX_LENGTH || left == 0) {
            entry.error(key, "is longer than " + MAX_LENGTH + " characters, or too long with all the others");
            return null;
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            entry.error(key, "is not a regular expression: " + e.getDescription());
            return null;
        }
    }
}
