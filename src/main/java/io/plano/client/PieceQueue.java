package io.plano.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way to a client, in the pieces in which they are written: small chunks that wait together leave
 * together, because each write is a system call and a chunk of its own. Any thread adds; one at a time takes.
 */
final class PieceQueue {
    /** The most that is joined: what an upstream connection brings before it pauses. */
    private static final int PIECE_LIMIT = 32 << 10;

    private final Queue<byte[]> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    /** All that remains in the buffer, in an array of its own. */
    static byte[] copyOf(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    /** Takes the array itself. Returns how many bytes wait now. */
    long add(byte[] chunk) {
        chunks.add(chunk);
        return bytes.addAndGet(chunk.length);
    }

    /** Null where there is none. */
    byte @Nullable [] take() {
        byte[] first = chunks.poll();
        byte[] next = first == null ? null : chunks.peek();
        byte[] piece = first == null || next == null ? first : joined(first, next);
        if (piece != null) {
            bytes.addAndGet(-piece.length);
        }
        return piece;
    }

    private byte[] joined(byte[] first, byte[] second) {
        if (first.length + second.length > PIECE_LIMIT) {
            return first;
        }
        ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_LIMIT);
        piece.writeBytes(first);
        byte[] next = second;
        while (next != null && piece.size() + next.length <= PIECE_LIMIT) {
            piece.writeBytes(next);
            chunks.remove();
            next = chunks.peek();
        }
        return piece.toByteArray();
    }

    long bytes() {
        return bytes.get();
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** What is added at the same moment may stay, or be counted wrongly: for a queue whose producer is done with it. */
    void clear() {
        chunks.clear();
        bytes.set(0);
    }
}
