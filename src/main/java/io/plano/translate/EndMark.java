package io.plano.translate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The data {@code [DONE]}, with which OpenAI ends a stream of Chat Completions, and some servers every stream. White space
 * around it counts for nothing. Stateless.
 */
public final class EndMark {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private EndMark() {}

    /** Whether the data is the mark. */
    public static boolean is(byte[] bytes, int offset, int length) {
        int from = skipSpace(bytes, offset, offset + length);
        int to = offset + length;
        while (to > from && isSpace(bytes[to - 1])) {
            to--;
        }
        return Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
    }

    /** Whether there is nothing but white space. */
    public static boolean isBlank(byte[] bytes, int offset, int length) {
        return skipSpace(bytes, offset, offset + length) == offset + length;
    }

    private static int skipSpace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte octet) {
        return octet >= 0 && octet <= ' ';
    }
}
