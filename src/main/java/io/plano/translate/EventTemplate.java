package io.plano.translate;

import io.plano.body.ByteSearch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Recognises an event that is written like one before it, but for one string. Servers write every event of a stream alike,
 * so one that was read tells how the next ones look: to read them is to compare what stands around the string. If no two
 * are alike (ids or paddings that change) it gives up after a few, to cost nothing. One per stream; one thread.
 */
public final class EventTemplate {
    private static final int MAX_VAIN_LESSONS = 8;

    private byte[] before = {};
    private byte[] behind = {};
    private int vainLessons;
    private int textStart;
    private int textEnd;
    private byte[] text = {};

    /**
     * Takes an event for a model, whose string stands there, without escapes.
     *
     * @return whether it is the model now; if not, the one before still is
     */
    public boolean learn(byte[] bytes, int offset, int length, int stringStart, int stringEnd) {
        if (vainLessons == MAX_VAIN_LESSONS) {
            return false;
        }
        vainLessons++;
        before = Arrays.copyOfRange(bytes, offset, stringStart);
        behind = Arrays.copyOfRange(bytes, stringEnd, offset + length);
        return true;
    }

    /** Whether an event says the same as the model, but for its string, which has no escapes. */
    public boolean matches(byte[] bytes, int offset, int length) {
        int start = offset + before.length;
        int end = offset + length - behind.length;
        if (before.length == 0
                || start > end
                || !Arrays.equals(bytes, offset, start, before, 0, before.length)
                || !Arrays.equals(bytes, end, offset + length, behind, 0, behind.length)
                || ByteSearch.indexOfStringStop(bytes, start, end) != end) {
            return false;
        }
        vainLessons = 0;
        text = bytes;
        textStart = start;
        textEnd = end;
        return true;
    }

    /** The string of the event that matched last, to be asked for before its bytes change. */
    public String text() {
        return new String(text, textStart, textEnd - textStart, StandardCharsets.UTF_8);
    }
}
