package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads one socket and remembers what went through. Owns the input buffer, promises that a read which times out loses
 * no byte: the next read goes on where that one stopped. One thread at a time.
 */
final class WireReader {
    /** The record of raw bytes stops growing here, so that a test of endless data does not fill the heap. */
    static final int RECORD_LIMIT = 16 << 20;

    private static final long NO_DEADLINE = Long.MIN_VALUE;

    private final Socket socket;
    private final byte[] buffer = new byte[16 << 10];
    private final ByteArrayOutputStream partialHead = new ByteArrayOutputStream();
    private ByteArrayOutputStream record = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long deadline = NO_DEADLINE;

    WireReader(Socket socket) {
        this.socket = socket;
    }

    /** Every following read must be over within this time from now, or throws {@link SocketTimeoutException}. */
    void expectWithin(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** The next byte, or -1 where the peer ended its side. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        remember(position, 1);
        return buffer[position++] & 0xff;
    }

    /** As many bytes as there are, at least one; -1 where the peer ended its side. */
    int read(byte[] target, int most) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int length = Math.min(most, limit - position);
        System.arraycopy(buffer, position, target, 0, length);
        remember(position, length);
        position += length;
        return length;
    }

    /** The bytes up to and with the empty line; null where the peer ended its side before the first of them. */
    byte @Nullable [] readHead() throws IOException {
        int lineLength = 0;
        for (int next = read(); next >= 0; next = read()) {
            partialHead.write(next);
            if (next == '\n' && lineLength == 0 && partialHead.size() > 2) {
                byte[] head = partialHead.toByteArray();
                partialHead.reset();
                return head;
            }
            lineLength = next == '\n' ? 0 : next == '\r' ? lineLength : lineLength + 1;
        }
        if (partialHead.size() == 0) {
            return null;
        }
        throw new EOFException("the peer ended within a head: " + partialHead);
    }

    /** What was read since the record was last taken, and starts a new one. */
    byte[] takeRecord() {
        byte[] taken = record.toByteArray();
        record = new ByteArrayOutputStream();
        return taken;
    }

    /** What was received so far, read or only buffered. */
    byte[] received() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(record.toByteArray());
        all.write(buffer, position, limit - position);
        return all.toByteArray();
    }

    private boolean fill() throws IOException {
        socket.setSoTimeout(remainingMillis());
        int length = socket.getInputStream().read(buffer);
        position = 0;
        limit = Math.max(0, length);
        return length > 0;
    }

    private int remainingMillis() throws SocketTimeoutException {
        if (deadline == NO_DEADLINE) {
            return 0;
        }
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return (int) Math.max(1, Duration.ofNanos(nanos).toMillis());
    }

    private void remember(int from, int length) {
        if (record.size() < RECORD_LIMIT) {
            record.write(buffer, from, length);
        }
    }
}
