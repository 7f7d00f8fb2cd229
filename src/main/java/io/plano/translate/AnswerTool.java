package io.plano.translate;

import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * The tool that stands for an answer in a form that the provider's model cannot be asked for: it is made to call it, and what
 * it calls it with is the answer's text. One thread at a time.
 */
final class AnswerTool {
    private static final int NONE = -1;

    private final @Nullable String name;
    private int call = NONE;

    /** @param name as the provider knows it; null if there is no such tool */
    AnswerTool(@Nullable String name) {
        this.name = name;
    }

    /** Whether the call that starts is the answer. */
    boolean starts(int index, String called) {
        if (call != NONE || !called.equals(name)) {
            return false;
        }
        call = index;
        return true;
    }

    /** Whether that call is the answer. */
    boolean is(int index) {
        return call != NONE && call == index;
    }

    /** The client has asked for a form, and knows of no call. */
    Finish finish(Finish finish) {
        return call != NONE && finish.reason() == FinishReason.TOOL_CALLS ? new Finish(FinishReason.STOP) : finish;
    }
}
