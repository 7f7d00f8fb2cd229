package io.plano.body;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds a byte in an array, eight bytes to a step. Bodies are mostly long strings, and this loop is what reads them.
 *
 * <p>A word XORed with the wanted byte in every lane has a zero lane where the byte is; {@code (w - 0x01…) & ~w & 0x80…}
 * marks zero lanes, exactly so up to and including the lowest one. Little-endian order makes the lowest lane the first
 * byte.
 */
public final class ByteSearch {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private ByteSearch() {}

    /** The first index of the byte in {@code [from, to)}, or {@code to} where it is not there. */
    static int indexOf(byte[] bytes, int from, int to, byte wanted) {
        long pattern = (wanted & 0xffL) * ONES;
        int index = skipBlocks(bytes, from, to, pattern);
        for (; index <= to - 8; index += 8) {
            long zeros = zeroLanes((long) WORDS.get(bytes, index) ^ pattern);
            if (zeros != 0) {
                return index + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (index < to && bytes[index] != wanted) {
            index++;
        }
        return index;
    }

    /** The first line end, CR or LF, in {@code [from, to)}, or {@code to} where there is none. */
    static int indexOfLineEnd(byte[] bytes, int from, int to) {
        int index = from;
        for (; index <= to - 8; index += 8) {
            long word = (long) WORDS.get(bytes, index);
            long zeros = zeroLanes(word ^ ('\n' * ONES)) | zeroLanes(word ^ ('\r' * ONES));
            if (zeros != 0) {
                return index + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (index < to && bytes[index] != '\n' && bytes[index] != '\r') {
            index++;
        }
        return index;
    }

    /**
     * The first byte in {@code [from, to)} that a JSON string cannot hold as it is (a quote, a backslash or a control
     * character, RFC 8259 §7), or {@code to} where there is none.
     */
    public static int indexOfStringStop(byte[] bytes, int from, int to) {
        int index = from;
        for (; index <= to - 8; index += 8) {
            long word = (long) WORDS.get(bytes, index);
            long controls = (word - ' ' * ONES) & ~word & HIGHS; // exact up to the lowest one, like the others
            long stops = controls | zeroLanes(word ^ ('"' * ONES)) | zeroLanes(word ^ ('\\' * ONES));
            if (stops != 0) {
                return index + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (index < to && !isStringStop(bytes[index])) {
            index++;
        }
        return index;
    }

    private static boolean isStringStop(byte octet) {
        return octet == '"' || octet == '\\' || (octet >= 0 && octet < ' ');
    }

    /** Passes over whole blocks of 32 bytes that do not hold the byte; the four words of one do not wait for each other. */
    private static int skipBlocks(byte[] bytes, int from, int to, long pattern) {
        int index = from;
        for (; index <= to - 32; index += 32) {
            long first = zeroLanes((long) WORDS.get(bytes, index) ^ pattern);
            long second = zeroLanes((long) WORDS.get(bytes, index + 8) ^ pattern);
            long third = zeroLanes((long) WORDS.get(bytes, index + 16) ^ pattern);
            long fourth = zeroLanes((long) WORDS.get(bytes, index + 24) ^ pattern);
            if ((first | second | third | fourth) != 0) {
                break;
            }
        }
        return index;
    }

    private static long zeroLanes(long word) {
        return (word - ONES) & ~word & HIGHS;
    }
}
