package io.plano.http;

/** Makes a client's text harmless in a line of ours: without spaces and control characters it can forge nothing. */
public final class VisibleAscii {
    private VisibleAscii() {}

    /**
     * Appends a text, with a question mark for everything that is no visible ASCII character.
     *
     * @param separator a character with a meaning in the line, which is replaced as well
     * @param limit the most characters that are appended
     */
    public static void append(StringBuilder line, String text, char separator, int limit) {
        int length = Math.min(text.length(), limit);
        int harmless = 0;
        while (harmless < length && isHarmless(text.charAt(harmless), separator)) {
            harmless++;
        }
        line.append(text, 0, harmless);
        for (int i = harmless; i < length; i++) {
            char c = text.charAt(i);
            line.append(isHarmless(c, separator) ? c : '?');
        }
    }

    private static boolean isHarmless(char c, char separator) {
        return c > ' ' && c < 0x7f && c != separator;
    }
}
