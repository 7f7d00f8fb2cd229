package io.plano.bridge;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * A container's input stream, read without ever waiting for a byte, with the same rule of arming before asking as in {@link
 * ContainerOutput}. Read by one loop; the container calls back on threads of its own.
 */
final class ContainerInput implements ReadListener {
    private final ServletInputStream stream;
    private final Runnable signal;
    private final Consumer<Throwable> onFailure;
    private volatile boolean awaited = true;
    private volatile boolean ended;

    /**
     * @param signal makes the loop run
     * @param onFailure hears that the body broke off, on the container's thread
     */
    ContainerInput(ServletInputStream stream, Runnable signal, Consumer<Throwable> onFailure) {
        this.stream = stream;
        this.signal = signal;
        this.onFailure = onFailure;
    }

    /** Reads once. */
    interface Reader {
        /** Returns a negative number at the end. */
        int readFrom(InputStream stream) throws IOException;
    }

    /** Called on the container thread that started the asynchronous request: from now on the container calls back. */
    void start() {
        stream.setReadListener(this);
    }

    /** Before {@link #start}: how much can be read at once. */
    int available() throws IOException {
        return stream.available();
    }

    /** Before {@link #start}: reads what is {@linkplain #available there}. */
    InputStream stream() {
        return stream;
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
        if (!stream.isReady()) {
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
    boolean read(Reader reader) throws IOException {
        if (stream.isFinished() || reader.readFrom(stream) < 0) {
            ended = true;
        }
        return !ended;
    }

    @Override
    public void onDataAvailable() {
        awaited = false;
        signal.run();
    }

    @Override
    public void onAllDataRead() {
        ended = true;
        signal.run();
    }

    @Override
    public void onError(Throwable cause) {
        onFailure.accept(cause);
    }
}
