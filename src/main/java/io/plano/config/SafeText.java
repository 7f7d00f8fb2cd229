package io.plano.config;

/**
 * Makes a text of the file fit for a terminal and a log: bounded, without control characters and without what may be a
 * secret. Values of the file are never shown at all; keys are, and a missing blank glues a value to its key: {@code
 * access_key:sk-…}.
 */
public final class SafeText {
    private static final String CUT = "…";
    private static final String ENDS_KEY = ":=\"'${";
    private static final int MAX_KEY = 80;
    private static final int MAX_LINE = 2000;

    /** Tokens have no longer words than names have, but digits and letters in one. */
    private static final int SUSPICIOUS_RUN = 16;

    private static final String[] SECRET_BEGINNINGS = {
        "sk-",
        "sk_",
        "pk-",
        "rk_",
        "gsk_",
        "xai-",
        "AIza",
        "key-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "hf_",
        "nvapi-",
        "pplx-",
        "r8_",
        "AKIA",
        "ASIA",
        "eyJ",
        "Bearer"
    };

    private SafeText() {}

    /** A key as a path shows it: up to the character with which a value may begin that is glued to it. */
    public static String key(String key) {
        int end = 0;
        while (end < key.length() && isOfKey(key.charAt(end))) {
            end++;
        }
        end = Math.min(end, secretAt(key));
        if (end == key.length() && end <= MAX_KEY) {
            return key;
        }
        return key.substring(0, Math.min(end, MAX_KEY)) + CUT;
    }

    private static boolean isOfKey(char c) {
        return c < 0x80 ? c >= ' ' && c < 0x7f && ENDS_KEY.indexOf(c) < 0 : Character.isLetterOrDigit(c);
    }

    /** Where a text begins to look like a secret, or its length. */
    private static int secretAt(String text) {
        int run = 0;
        boolean letters = false;
        boolean digits = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit) {
                run = 0;
                letters = false;
                digits = false;
                continue;
            }
            if (run == 0 && beginsSecret(text, i)) {
                return i;
            }
            run++;
            letters |= letter;
            digits |= digit;
            if (run >= SUSPICIOUS_RUN && letters && digits) {
                return i + 1 - run;
            }
        }
        return text.length();
    }

    private static boolean beginsSecret(String text, int at) {
        for (String beginning : SECRET_BEGINNINGS) {
            if (text.startsWith(beginning, at) && text.length() > at + beginning.length()) {
                return true;
            }
        }
        return false;
    }

    /** A text on one line: control characters as escapes, the rest as it is. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LINE) + 16);
        for (int i = 0; i < text.length() && line.length() < MAX_LINE; i++) {
            char c = text.charAt(i);
            if (isUnsafe(c)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return line.length() >= MAX_LINE ? line.append(CUT).toString() : line.toString();
    }

    /** Controls, line and paragraph separators, and what turns the direction of a text around. */
    public static boolean isUnsafe(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT;
    }

    /**
     * Whether this is certainly the name of a variable and no piece of a secret that has a dollar sign in it: words in
     * capitals and short numbers.
     */
    public static boolean isVariableName(String name) {
        return name.length() <= MAX_KEY
                && name.matches("[A-Z]+[0-9]{0,2}(_([A-Z]+[0-9]{0,2}|[0-9]{1,4}))*")
                && secretAt(name) == name.length();
    }
}
