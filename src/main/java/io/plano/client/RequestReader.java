package io.plano.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Reads a {@link RequestInput} without ever waiting for a byte, with the same rule of arming before asking as in {@link
 * ResponseWriter}. Used by one loop; told of by the container on threads of its own.
 */
final class RequestReader implements RequestInput.Listener {
    private final RequestInput input;
    private final Runnable signal;
    private final Consumer<Throwable> onFailure;
    private volatile boolean awaited = true;
    private volatile boolean ended;

    /**
     * @param signal makes the loop run
     * @param onFailure hears that the body broke off, on the container's thread
     */
    RequestReader(RequestInput input, Runnable signal, Consumer<Throwable> onFailure) {
        this.input = input;
        this.signal = signal;
        this.onFailure = onFailure;
    }

    /** Reads once. */
    interface Once {
        /** Returns a negative number at the end. */
        int readFrom(InputStream stream) throws IOException;
    }

    /** Called on the container thread that opened the exchange: from now on the container calls back. */
    void start() {
        input.start(this);
    }

    /** Whether the last byte has been read. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether something can be read now, be it the end; if not, the container calls back. */
    boolean isReadable() {
        if (awaited) {
            return false;
        }
        awaited = true;
        if (!input.isReady()) {
            return false;
        }
        awaited = false;
        return true;
    }

    /**
     * Reads once; to be called when something {@linkplain #isReadable can be read}.
     *
     * @return false at the end
     */
    boolean read(Once once) throws IOException {
        if (input.isFinished() || once.readFrom(input.stream()) < 0) {
            ended = true;
        }
        return !ended;
    }

    @Override
    public void readable() {
        awaited = false;
        signal.run();
    }

    @Override
    public void ended() {
        ended = true;
        signal.run();
    }

    @Override
    public void failed(Throwable cause) {
        onFailure.accept(cause);
    }
}
