package io.plano.translate.framing;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where encoders write the events of a stream, to be taken whenever some input has been worked off. Grows as needed. One
 * thread at a time.
 */
public final class EventBuffer extends OutputStream {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final int SMALLEST = 512;
    private static final int KEPT = 64 << 10;

    private byte[] bytes = new byte[SMALLEST];
    private int size;

    public boolean isEmpty() {
        return size == 0;
    }

    /** How much is in here. */
    public int size() {
        return size;
    }

    /** Sets four bytes that were written before, the highest first: for framings that say in front how long an event is. */
    public void setInt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> (24 - 8 * i));
        }
    }

    /** What was written since the last call, and an empty buffer. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[SMALLEST]; // one large event does not make all that follow expensive
        }
        return taken;
    }

    @Override
    public void write(int octet) {
        room(1);
        bytes[size++] = (byte) octet;
    }

    @Override
    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Writes a text as a JSON string (RFC 8259 §7), quotes included: only what must be escaped is. */
    public void writeJsonString(String text) {
        room(text.length() * 3 + 2);
        bytes[size++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                i += writeWide(text, i);
            } else if (c >= ' ' && c != '"' && c != '\\') {
                bytes[size++] = (byte) c;
            } else {
                writeEscaped(c, text.length() - i);
            }
        }
        room(1);
        bytes[size++] = '"';
    }

    /** Writes one code point as UTF-8; a lone surrogate, which UTF-8 cannot hold, as an escape. Returns the chars beyond the first. */
    private int writeWide(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x800) {
            bytes[size++] = (byte) (0xC0 | (c >> 6));
            bytes[size++] = (byte) (0x80 | (c & 0x3F));
            return 0;
        }
        if (!Character.isSurrogate(c)) {
            bytes[size++] = (byte) (0xE0 | (c >> 12));
            bytes[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            bytes[size++] = (byte) (0x80 | (c & 0x3F));
            return 0;
        }
        int point = text.codePointAt(at);
        if (point == c) {
            writeEscaped(c, text.length() - at);
            return 0;
        }
        bytes[size++] = (byte) (0xF0 | (point >> 18));
        bytes[size++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        bytes[size++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        bytes[size++] = (byte) (0x80 | (point & 0x3F));
        return 1;
    }

    private void writeEscaped(char c, int charsLeft) {
        room(6 + charsLeft * 3);
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            default -> {
                bytes[size++] = 'u';
                bytes[size++] = HEX[c >> 12];
                bytes[size++] = HEX[(c >> 8) & 0xF];
                bytes[size++] = HEX[(c >> 4) & 0xF];
                bytes[size++] = HEX[c & 0xF];
            }
        }
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
    }
}
