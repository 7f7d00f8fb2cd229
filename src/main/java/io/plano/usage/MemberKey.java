package io.plano.usage;

/**
 * The name of a member, which may come in pieces. It is compared as it is spelled: no provider writes these names with escapes.
 * Reused; one thread.
 */
final class MemberKey {
    /** Longer than the longest name that is looked for. */
    private static final int LONGEST = 40;

    private final byte[] bytes = new byte[LONGEST];
    private int length;

    void clear() {
        length = 0;
    }

    void add(byte[] more, int from, int to) {
        if (to - from > LONGEST - length) {
            spoil();
            return;
        }
        System.arraycopy(more, from, bytes, length, to - from);
        length += to - from;
    }

    /** It is none that is looked for. */
    void spoil() {
        length = LONGEST;
    }

    boolean is(String name) {
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
