package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast searches find what the slow ones find. */
class ByteSearchTest {
    private static byte[] random(Random random, String alphabet, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    @Test
    void findsTwoBytesThatFollowEachOther() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes =
                    random(random, i % 2 == 0 ? "\"u\u0000\u0080!#tv" : "abcdefgh\"\"\"uuu", random.nextInt(100));
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < to && !(expected + 1 < to && bytes[expected] == '"' && bytes[expected + 1] == 'u')) {
                expected++;
            }
            assertThat(ByteSearch.indexOfPair(bytes, from, to, (byte) '"', (byte) 'u'))
                    .isEqualTo(expected);
        }
    }

    @Test
    void findsWhatOpensOrEndsWhatJsonNests() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random(random, "abcd;=[]{}\"\u0000\u0002\u00dd\u00fb 0123456789", random.nextInt(60));
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            int expected = from;
            while (expected < to && "\"[]{}".indexOf(bytes[expected] & 0xff) < 0) {
                expected++;
            }
            assertThat(ByteSearch.indexOfStructure(bytes, from, to)).isEqualTo(expected);
        }
    }

    @Test
    void readsNoBracketIntoAnyOtherByte() {
        for (int octet = 0; octet < 256; octet++) {
            byte[] word = new byte[16];
            java.util.Arrays.fill(word, (byte) octet);
            int expected = "\"[]{}".indexOf(octet) >= 0 ? 0 : word.length;
            assertThat(ByteSearch.indexOfStructure(word, 0, word.length)).isEqualTo(expected);
        }
    }
}
