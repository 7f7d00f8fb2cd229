package io.plano.failure;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of one thread, or of a timer, that must live as long as the gateway does. {@link #beat} is that
 * thread's, {@link #close} anybody's; the rest belongs to {@link Vitals}.
 */
public final class Pulse implements AutoCloseable {
    private final String name;
    private final @Nullable BooleanSupplier asked;
    private volatile boolean heard = true;
    private volatile boolean ended;
    private volatile boolean closed;

    /** In rounds. Written by the keeper alone. */
    private volatile int silence;

    Pulse(String name, @Nullable BooleanSupplier asked) {
        this.name = name;
        this.asked = asked;
    }

    String name() {
        return name;
    }

    /** The thread is alive and at work. As often as it likes: nearly always this is one read. */
    public void beat() {
        if (!heard) {
            heard = true;
        }
    }

    /** The thread's body, so that its end is noticed if nobody asked for it. */
    public Runnable guard(Runnable body) {
        return () -> {
            try {
                body.run();
            } finally {
                ended = true;
            }
        };
    }

    /** The thread ends because it is told to. */
    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean hasEnded() {
        return ended && !closed;
    }

    /** Called by the keeper once a round; how many rounds nothing has been heard. */
    int listen() {
        try {
            if (asked != null && asked.getAsBoolean()) {
                heard = true;
            }
        } catch (Throwable unanswered) {
            // Who cannot be asked does not answer.
        }
        silence = heard ? 0 : silence + 1;
        heard = false;
        return silence;
    }

    int silence() {
        return silence;
    }

    /** A loop of events that nothing may block. */
    boolean isAsked() {
        return asked != null;
    }
}
