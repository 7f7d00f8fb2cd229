package io.plano.boot;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One file of an archive in memory, where its bytes stand there. Immutable; safe for every thread.
 *
 * @param archive holds it, among others; outside of the heap, which is for exchanges
 * @param offset of its first byte
 * @param packed how many bytes it takes in the archive
 * @param size how many bytes it has
 * @param method 0 stored, 8 deflated
 */
record ZipItem(ByteBuffer archive, int offset, int packed, int size, int method) {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    /** They hold native memory; so many are in use at once as there are threads that load classes. */
    private static final ConcurrentLinkedQueue<Inflater> INFLATERS = new ConcurrentLinkedQueue<>();

    static ZipItem stored(byte[] bytes) {
        return new ZipItem(ByteBuffer.wrap(bytes), 0, bytes.length, bytes.length, STORED);
    }

    /** The bytes of the file, the caller's to keep. */
    byte[] bytes() {
        byte[] bytes = new byte[size];
        if (method == STORED) {
            archive.get(offset, bytes);
            return bytes;
        }
        Inflater inflater = INFLATERS.poll();
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            inflate(inflater, bytes);
        } finally {
            inflater.reset();
            INFLATERS.add(inflater);
        }
        return bytes;
    }

    private void inflate(Inflater inflater, byte[] bytes) {
        inflater.setInput(archive.slice(offset, packed));
        try {
            int count = 0;
            while (count < size) {
                int more = inflater.inflate(bytes, count, size - count);
                if (more == 0) {
                    throw new IllegalStateException("the archive is damaged: a file of it is too short");
                }
                count += more;
            }
        } catch (DataFormatException damaged) {
            throw new IllegalStateException("the archive is damaged", damaged);
        }
    }
}
