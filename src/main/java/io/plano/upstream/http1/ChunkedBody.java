package io.plano.upstream.http1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.nio.ContentDecoder;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A chunked body (RFC 9112 §7.1), read to the letter: a size is hexadecimal digits and nothing else, a line ends with CR
 * LF, and what stands behind a size or behind the last chunk is skipped within limits. HttpCore's decoder takes {@code
 * +2}, {@code " 2 "} and {@code -5} for sizes, and the digits of other scripts; two readers of one such body can come to
 * two ends.
 *
 * <p>It reads its socket only where the buffer is empty and nothing has been found: a provider that sends an event in each
 * chunk costs no system call for every event. Trailer fields are not passed on. Reactor thread of the connection only.
 *
 * <pre>
 *   SIZE ─ digit ─▶ SIZE      SIZE ─ blank ─▶ BLANK ─ ; ─▶ EXTENSION      SIZE ─ ; ─▶ EXTENSION
 *   SIZE, EXTENSION ─ CR ─▶ SIZE_END ─ LF ─▶ DATA, or TRAILERS where the size is 0
 *   DATA ─ all of it ─▶ DATA_CR ─ CR ─▶ DATA_LF ─ LF ─▶ SIZE
 *   TRAILERS ─ CR ─▶ LAST_LF ─ LF ─▶ COMPLETE      TRAILERS ─ other ─▶ TRAILER ─ CR ─▶ TRAILER_LF ─ LF ─▶ TRAILERS
 * </pre>
 */
final class ChunkedBody implements ContentDecoder {
    /** The size then fits into a long. */
    private static final int MAX_DIGITS = 15;

    /** Bytes behind one size. */
    private static final int MAX_EXTENSION = 1 << 10;

    /** Bytes of all trailer fields. */
    private static final int MAX_TRAILERS = 64 << 10;

    private enum Part {
        SIZE,
        BLANK,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        COMPLETE
    }

    private final ReadableByteChannel channel;
    private final SessionInputBuffer buffer;
    private final BasicHttpTransportMetrics metrics;

    private Part part = Part.SIZE;
    private int digits;
    private long left;
    private int skipped;

    ChunkedBody(ReadableByteChannel channel, SessionInputBuffer buffer, BasicHttpTransportMetrics metrics) {
        this.channel = channel;
        this.buffer = buffer;
        this.metrics = metrics;
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        int total = 0;
        while (part != Part.COMPLETE) {
            if (!buffer.hasData() && (total > 0 || !fill())) {
                return total;
            }
            if (part != Part.DATA) {
                take(buffer.read());
                continue;
            }
            int count = buffer.read(destination, (int) Math.min(left, Integer.MAX_VALUE));
            total += count;
            left -= count;
            if (left == 0) {
                part = Part.DATA_CR;
            } else if (!destination.hasRemaining()) {
                return total;
            }
        }
        return total;
    }

    /** Whether there was anything. */
    private boolean fill() throws IOException {
        int count = buffer.fill(channel);
        if (count < 0) {
            throw new ConnectionClosedException("the connection ended within a chunked body");
        }
        metrics.incrementBytesTransferred(count);
        return count > 0;
    }

    private void take(int next) throws MalformedChunkCodingException {
        switch (part) {
            case SIZE -> size(next);
            case BLANK -> blank(next);
            case EXTENSION -> part = skip(next, MAX_EXTENSION, Part.EXTENSION, Part.SIZE_END);
            case SIZE_END -> part = expect(next, '\n', left == 0 ? beginTrailers() : Part.DATA);
            case DATA_CR -> part = expect(next, '\r', Part.DATA_LF);
            case DATA_LF -> part = expect(next, '\n', beginSize());
            case TRAILERS, TRAILER ->
                part = skip(next, MAX_TRAILERS, Part.TRAILER, part == Part.TRAILERS ? Part.LAST_LF : Part.TRAILER_LF);
            case TRAILER_LF -> part = expect(next, '\n', Part.TRAILERS);
            case LAST_LF -> part = expect(next, '\n', Part.COMPLETE);
            case DATA, COMPLETE -> throw new IllegalStateException("no line is read in " + part);
        }
    }

    private Part beginSize() {
        digits = 0;
        left = 0;
        skipped = 0;
        return Part.SIZE;
    }

    private Part beginTrailers() {
        skipped = 0;
        return Part.TRAILERS;
    }

    private void size(int next) throws MalformedChunkCodingException {
        int digit = next < 0x80 ? Character.digit(next, 16) : -1;
        if (digit >= 0 && digits < MAX_DIGITS) {
            left = left << 4 | digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            throw new MalformedChunkCodingException("no chunk size, or one that is too large");
        } else {
            part = next == '\r' ? Part.SIZE_END : Part.BLANK;
            if (part == Part.BLANK) {
                blank(next);
            }
        }
    }

    /** White space is allowed in front of an extension, and nowhere else. */
    private void blank(int next) throws MalformedChunkCodingException {
        if (next == ';') {
            part = Part.EXTENSION;
        } else if ((next != ' ' && next != '\t') || ++skipped > MAX_EXTENSION) {
            throw new MalformedChunkCodingException("something behind a chunk size that does not belong there");
        }
    }

    private Part skip(int next, int limit, Part within, Part behind) throws MalformedChunkCodingException {
        if (next == '\r') {
            return behind;
        }
        if ((next < ' ' && next != '\t') || next == 0x7f || ++skipped > limit) {
            throw new MalformedChunkCodingException("a line that has no place in a chunked body, or is too long");
        }
        return within;
    }

    private static Part expect(int next, char expected, Part then) throws MalformedChunkCodingException {
        if (next != expected) {
            throw new MalformedChunkCodingException("a line that does not end with CR LF");
        }
        return then;
    }

    @Override
    public boolean isCompleted() {
        return part == Part.COMPLETE;
    }

    @Override
    public @Nullable List<? extends Header> getTrailers() {
        return null;
    }
}
