package io.plano.client;

import io.plano.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway itself says at the end of an answer: a whole answer in place of the upstream's, or an event behind it.
 * Once it has begun, nothing of the upstream may come behind it, whatever is still handed over: a head of the upstream's
 * would give a refusal its status, bytes of the upstream's would stand behind its length. Touched by one loop only.
 */
final class OwnWords {
    private boolean begun;
    private byte @Nullable [] words;
    private @Nullable ResponseHead head;

    /**
     * @param instead the head of a whole answer; null where another has gone out
     */
    void say(byte[] text, @Nullable ResponseHead instead) {
        begun = true;
        words = text;
        head = instead;
    }

    boolean begun() {
        return begun;
    }

    /** The words, once. */
    byte @Nullable [] take() {
        byte[] text = words;
        words = null;
        return text;
    }

    @Nullable
    ResponseHead headOr(@Nullable ResponseHead upstreams) {
        return head != null ? head : upstreams;
    }
}
