package io.plano.client;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's input without sockets: it has what has arrived, calls back only when it was asked in vain, and writes down
 * every breach of the rules of non-blocking input. Every touch is a place where a test can have something else happen first.
 */
public final class ScheduledInput extends InputStream implements RequestInput {
    /** What a container says of a body that is over when it is asked whether something can be read. */
    public enum AtEnd {
        /** Yes, the end (Jetty). */
        READY,
        /** No, and it calls back (Tomcat). */
        CALLS_BACK
    }

    private byte[] arrived = new byte[0];
    private final List<String> violations = new ArrayList<>();
    private final AtEnd atEnd;
    private final Runnable touch;
    private volatile @Nullable Listener listener;
    private int read;
    private boolean over;
    private boolean broken;
    private boolean armed = true;
    private boolean readable;
    private boolean endTold;

    /**
     * @param touch called in every call into the container
     */
    public ScheduledInput(AtEnd atEnd, Runnable touch) {
        this.atEnd = atEnd;
        this.touch = touch;
    }

    public List<String> violations() {
        return violations;
    }

    /** How many bytes the client has sent. */
    public synchronized int arrivedBytes() {
        return arrived.length;
    }

    /** How many bytes have been read. */
    public int readBytes() {
        return read;
    }

    public boolean isOver() {
        return over;
    }

    public boolean isBroken() {
        return broken;
    }

    /** The client has sent this. */
    public void arrive(byte[] bytes) {
        synchronized (this) {
            byte[] longer = Arrays.copyOf(arrived, arrived.length + bytes.length);
            System.arraycopy(bytes, 0, longer, arrived.length, bytes.length);
            arrived = longer;
        }
        callBack();
    }

    /** The client has sent everything. */
    public void end() {
        synchronized (this) {
            over = true;
        }
        callBack();
    }

    /** The client's connection broke. */
    public void breakOff() {
        broken = true;
        Listener told = listener;
        if (told != null) {
            told.failed(new IOException("connection reset"));
        }
    }

    private void callBack() {
        Listener told = listener;
        boolean ended;
        synchronized (this) {
            if (told == null || !armed || (!over && read == arrived.length)) {
                return;
            }
            armed = false;
            ended = over && read == arrived.length;
            endTold |= ended;
        }
        if (ended) {
            told.ended();
        } else {
            told.readable();
        }
    }

    /** A container that says no at the end calls back from a thread of its own, after the call in which it was asked. */
    public void tellOfEnd() {
        if (over && !endTold) {
            callBack();
        }
    }

    @Override
    public synchronized int available() {
        return arrived.length - read;
    }

    @Override
    public void start(Listener told) {
        if (listener != null) {
            violations.add("started twice");
        }
        listener = told;
        callBack();
    }

    @Override
    public boolean isReady() {
        touch.run();
        boolean ready;
        synchronized (this) {
            if (armed) {
                violations.add("asked again before the callback came");
            }
            readable = read < arrived.length || (over && atEnd == AtEnd.READY);
            armed = !readable;
            ready = readable;
        }
        touch.run(); // the callback may come before the answer does
        return ready;
    }

    @Override
    public synchronized boolean isFinished() {
        return over && read == arrived.length;
    }

    @Override
    public InputStream stream() {
        return this;
    }

    @Override
    public int read() {
        throw new AssertionError("byte by byte");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        touch.run();
        synchronized (this) {
            if (!readable && listener != null) {
                violations.add("read what was not said to be there");
            }
            readable = false;
            int count = Math.min(length, arrived.length - read);
            if (count == 0) {
                return over ? -1 : 0;
            }
            System.arraycopy(arrived, read, target, offset, count);
            read += count;
            return count;
        }
    }

    @Override
    public GatewayException explain(Throwable failure) {
        return GatewayException.of(FailureKind.CLIENT_GONE, "broken off", failure);
    }

    /** So many bytes, each different from its neighbours. */
    public static byte[] bytes(int from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    /** Whether these are the first of all that has arrived. */
    public synchronized boolean hasSent(byte[] bytes) {
        return bytes.length <= arrived.length && Arrays.equals(bytes, Arrays.copyOf(arrived, bytes.length));
    }
}
