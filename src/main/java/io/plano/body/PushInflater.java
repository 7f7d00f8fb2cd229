package io.plano.body;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes gzip (RFC 1952) or deflate (RFC 9110 §8.4.1.2) that comes in pieces, split anywhere, as far as each piece reaches. For
 * whoever watches a body pass: checksums are not compared, and what cannot be decoded is no error but an end. Holds {@link
 * #HELD_BYTES}, most of them outside of the heap, until it is closed. One thread at a time.
 */
public final class PushInflater implements AutoCloseable {
    /** Takes decoded bytes, which are valid during the call. */
    public interface Sink {
        void accept(byte[] bytes, int from, int to);
    }

    /** A window of 32 KB, what zlib needs beside it, and a buffer. */
    public static final long HELD_BYTES = 56 << 10;

    private static final int BUFFER = 8 << 10;
    private static final int FIXED_HEAD = 10;
    private static final int FLAGS_AT = 3;
    private static final int TRAILER = 8;
    private static final int HAS_CHECK = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};

    private enum Part {
        /** The first ten bytes of a member of gzip. */
        HEAD,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECK,
        /** The first two bytes of deflate, which say whether it is zlib or the bare format. */
        DEFLATE_HEAD,
        DATA,
        TRAILER,
        END
    }

    private final Sink sink;
    private final boolean gzip;
    private final byte[] buffer = new byte[BUFFER];
    private Inflater inflater;
    private Part part;
    /** How many bytes of the part have come. */
    private int at;

    private int flags;
    private int extraLength;
    private final byte[] deflateHead = new byte[2];
    private long in;
    private long out;

    private PushInflater(Sink sink, boolean gzip) {
        this.sink = sink;
        this.gzip = gzip;
        part = gzip ? Part.HEAD : Part.DEFLATE_HEAD;
        inflater = new Inflater(gzip);
    }

    public static PushInflater ofGzip(Sink sink) {
        return new PushInflater(sink, true);
    }

    public static PushInflater ofDeflate(Sink sink) {
        return new PushInflater(sink, false);
    }

    /**
     * Decodes the next piece.
     *
     * @return false if there is nothing more to be had: the coding has ended, it was broken, or it has become absurdly larger by
     *     decoding
     */
    public boolean accept(byte[] bytes, int from, int to) {
        in += to - from;
        int index = from;
        while (index < to && part != Part.END) {
            index = part == Part.DATA ? inflate(bytes, index, to) : frame(bytes[index], index);
        }
        return part != Part.END;
    }

    /** One byte around the data; returns the index of the next one. */
    private int frame(byte octet, int index) {
        at++;
        switch (part) {
            case HEAD -> head(octet);
            case EXTRA_LENGTH -> {
                extraLength |= (octet & 0xff) << (8 * (at - 1));
                advanceAt(2, extraLength > 0 ? Part.EXTRA : afterExtra());
            }
            case EXTRA -> advanceAt(extraLength, afterExtra());
            case NAME -> advanceBehindZero(octet, afterName());
            case COMMENT -> advanceBehindZero(octet, afterComment());
            case CHECK -> advanceAt(2, Part.DATA);
            case DEFLATE_HEAD -> deflateHead(octet);
            case TRAILER -> advanceAt(TRAILER, Part.HEAD);
            default -> close();
        }
        return index + 1;
    }

    private void head(byte octet) {
        if (at <= GZIP.length && octet != GZIP[at - 1]) {
            close(); // no gzip, or padding behind it
            return;
        }
        if (at == FLAGS_AT + 1) {
            flags = octet;
        }
        if (at == FIXED_HEAD) {
            inflater.reset();
            extraLength = 0;
            advance((flags & HAS_EXTRA) != 0 ? Part.EXTRA_LENGTH : afterExtra());
        }
    }

    private Part afterExtra() {
        return (flags & HAS_NAME) != 0 ? Part.NAME : afterName();
    }

    private Part afterName() {
        return (flags & HAS_COMMENT) != 0 ? Part.COMMENT : afterComment();
    }

    private Part afterComment() {
        return (flags & HAS_CHECK) != 0 ? Part.CHECK : Part.DATA;
    }

    private void advance(Part following) {
        part = following;
        at = 0;
    }

    private void advanceAt(int length, Part following) {
        if (at == length) {
            advance(following);
        }
    }

    private void advanceBehindZero(byte octet, Part following) {
        if (octet == 0) {
            advance(following);
        }
    }

    private void deflateHead(byte octet) {
        deflateHead[at - 1] = octet;
        if (at < deflateHead.length) {
            return;
        }
        advance(Part.DATA);
        if (!ContentCoding.isZlib(deflateHead[0], deflateHead[1])) {
            inflater.end();
            inflater = new Inflater(true);
        }
        inflate(deflateHead, 0, deflateHead.length);
    }

    /** Returns the index behind the data, or {@code to}. */
    private int inflate(byte[] bytes, int from, int to) {
        inflater.setInput(bytes, from, to - from);
        try {
            while (true) {
                int length = inflater.inflate(buffer);
                if (length > 0) {
                    out += length;
                    sink.accept(buffer, 0, length);
                }
                if (inflater.finished()) {
                    int behind = to - inflater.getRemaining();
                    dataEnded();
                    return behind;
                }
                if (inflater.needsDictionary() || ContentCoding.isAbsurd(in, out)) {
                    close();
                    return to;
                }
                if (length == 0) {
                    return to;
                }
            }
        } catch (DataFormatException broken) {
            close();
            return to;
        }
    }

    private void dataEnded() {
        if (gzip) {
            advance(Part.TRAILER);
        } else {
            close();
        }
    }

    /** Gives back what it holds; what comes afterwards is not decoded. */
    @Override
    public void close() {
        part = Part.END;
        inflater.end();
    }
}
