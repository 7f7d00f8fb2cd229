package io.plano.translate.neutral;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps account of what a request loses on its way into another format: dropped members are listed for the client
 * ({@code x-plano-dropped}), what may not be dropped ends the translation. Names are those of the client's own format, as
 * a path without indexes: {@code top_k}, {@code messages.content.cache_control}. One per translated request; one thread.
 */
public final class Losses {
    /** A conversation that Anthropic holds for the client. */
    public static final String THREAD = "thread";

    /** The code by which Anthropic's SDK learns to go on without threads (anthropic-sdk-python, {@code lib/threads}). */
    public static final String NO_THREADS = "thread_unsupported_request";

    private final Set<String> dropped = new LinkedHashSet<>();

    /** Something was left out. */
    public void drop(String member) {
        dropped.add(member);
    }

    /**
     * Leaves out everything in there that the format being written has no place for.
     *
     * @param prefix the path of the object that they were members of, with its last dot; empty for the outermost one
     * @throws GatewayException if one of them is essential
     */
    public void leaveOut(Extras extras, String prefix) {
        for (String name : extras.members().keySet()) {
            if (!extras.silent().contains(name)) {
                leaveOut(prefix + name, extras.essential().contains(name) ? Loss.REFUSE : Loss.DROP);
            }
        }
    }

    /**
     * Leaves out one thing.
     *
     * @throws GatewayException if it may not be left out
     */
    public void leaveOut(String member, Loss loss) {
        if (loss == Loss.REFUSE) {
            throw unsupported(member);
        }
        drop(member);
    }

    /** The refusal of what the provider's API cannot do. */
    public static GatewayException unsupported(String member) {
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                member.equals(THREAD) ? NO_THREADS : "unsupported_parameter",
                "'" + member + "' is not supported by the API of the provider that serves this model.");
    }

    /** What was dropped, in the order of the request; no name twice. */
    public Set<String> dropped() {
        return Collections.unmodifiableSet(dropped);
    }
}
