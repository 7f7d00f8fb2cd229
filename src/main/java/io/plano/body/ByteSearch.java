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
    public static int indexOfLineEnd(byte[] bytes, int from, int to) {
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

    /**
     * The first quote, bracket or brace in {@code [from, to)}, or {@code to} where there is none: outside of strings nothing
     * else opens or ends what JSON nests (RFC 8259 §2). A bracket differs from its brace in one bit, so that one comparison
     * finds both.
     */
    public static int indexOfStructure(byte[] bytes, int from, int to) {
        int index = from;
        for (; index <= to - 8; index += 8) {
            long word = (long) WORDS.get(bytes, index);
            long braces = word | 0x20 * ONES;
            long stops = zeroLanes(word ^ ('"' * ONES))
                    | zeroLanes(braces ^ ('{' * ONES))
                    | zeroLanes(braces ^ ('}' * ONES));
            if (stops != 0) {
                return index + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (index < to && !isStructure(bytes[index])) {
            index++;
        }
        return index;
    }

    private static boolean isStructure(byte octet) {
        return octet == '"' || (octet | 0x20) == '{' || (octet | 0x20) == '}';
    }

    /** The first index in {@code [from, to)} at which these two bytes follow each other, or {@code to} where they do not. */
    public static int indexOfPair(byte[] bytes, int from, int to, byte first, byte second) {
        long firsts = (first & 0xffL) * ONES;
        long seconds = (second & 0xffL) * ONES;
        int index = skipBlocks(bytes, from, to, firsts, seconds);
        for (; index <= to - 9; index += 8) {
            long zeros = pairLanes(bytes, index, firsts, seconds);
            if (zeros != 0) {
                return index + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (index < to - 1 && (bytes[index] != first || bytes[index + 1] != second)) {
            index++;
        }
        return index < to - 1 ? index : to;
    }

    /** As for one byte, with the one behind each in a second word. */
    private static int skipBlocks(byte[] bytes, int from, int to, long firsts, long seconds) {
        int index = from;
        for (; index <= to - 33; index += 32) {
            long lanes = pairLanes(bytes, index, firsts, seconds)
                    | pairLanes(bytes, index + 8, firsts, seconds)
                    | pairLanes(bytes, index + 16, firsts, seconds)
                    | pairLanes(bytes, index + 24, firsts, seconds);
            if (lanes != 0) {
                break;
            }
        }
        return index;
    }

    private static long pairLanes(byte[] bytes, int index, long firsts, long seconds) {
        long word = (long) WORDS.get(bytes, index) ^ firsts;
        long behind = (long) WORDS.get(bytes, index + 1) ^ seconds;
        return zeroLanes(word | behind);
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
