package io.plano.config;

import io.plano.config.yaml.Section;
import io.plano.credential.CredentialPattern;
import org.jspecify.annotations.Nullable;

/** Reads the regular expressions of one file: each of them is bounded, and all of them together. */
final class CredentialPatterns {
    private static final int MAX_ALL = 100_000;

    private int left = MAX_ALL;

    /** Null where there is none, or none that could be used, which is reported. */
    @Nullable
    CredentialPattern read(Section entry, String key) {
        // As the file has it: a dollar sign means something else in a pattern than in all other values.
        String text = entry.raw(key);
        if (text == null) {
            return null;
        }
        int weight = CredentialPattern.weight(text);
        if (weight <= CredentialPattern.MAX_WEIGHT && weight > left) {
            entry.error(key, "is too large with all the others");
            return null;
        }
        try {
            CredentialPattern pattern = CredentialPattern.compile(text);
            left -= weight;
            return pattern;
        } catch (CredentialPattern.Invalid e) {
            entry.error(key, e.reason());
            return null;
        }
    }
}
