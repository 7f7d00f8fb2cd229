package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Decoding of what comes in pieces. */
class PushInflaterTest {
    private static final byte[] TEXT = text();

    private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();

    private static byte[] text() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        while (text.length() < 40_000) {
            text.append("data: {\"id\":\"").append(random.nextInt(1000)).append("\"}\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(encoded)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return encoded.toByteArray();
    }

    private static byte[] deflate(byte[] plain, Deflater deflater) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(encoded, deflater)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            deflater.end();
        }
        return encoded.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A member with all that its head may hold. */
    private static byte[] gzipWithEverything(byte[] plain) {
        CRC32 crc = new CRC32();
        crc.update(plain);
        byte[] head = joined(
                new byte[] {0x1f, (byte) 0x8b, 8, 0b11110, 1, 2, 3, 4, 0, 3},
                new byte[] {4, 1},
                new byte[260],
                "name\0comment\0".getBytes(StandardCharsets.US_ASCII),
                new byte[] {9, 9});
        byte[] trailer = new byte[8];
        for (int i = 0; i < 4; i++) {
            trailer[i] = (byte) (crc.getValue() >>> 8 * i);
            trailer[4 + i] = (byte) (plain.length >>> 8 * i);
        }
        return joined(head, deflate(plain, new Deflater(9, true)), trailer);
    }

    private byte[] decode(PushInflater inflater, byte[] encoded, int size) {
        decoded.reset();
        try (inflater) {
            for (int from = 0; from < encoded.length; from += size) {
                inflater.accept(encoded, from, Math.min(from + size, encoded.length));
            }
        }
        return decoded.toByteArray();
    }

    private PushInflater ofGzip() {
        return PushInflater.ofGzip((bytes, from, to) -> decoded.write(bytes, from, to - from));
    }

    private PushInflater ofDeflate() {
        return PushInflater.ofDeflate((bytes, from, to) -> decoded.write(bytes, from, to - from));
    }

    @Test
    void decodesGzipHoweverItIsCut() {
        for (byte[] encoded :
                new byte[][] {gzip(TEXT), gzipWithEverything(TEXT), joined(gzip(TEXT), new byte[20]), gzip(new byte[0])
                }) {
            byte[] expected = encoded.length < 30 ? new byte[0] : TEXT;
            for (int size : new int[] {1, 2, 3, 7, 100, 4096, encoded.length}) {
                assertThat(decode(ofGzip(), encoded, size)).isEqualTo(expected);
            }
        }
    }

    @Test
    void decodesOneMemberBehindAnother() {
        byte[] twice = joined(gzipWithEverything(TEXT), gzip(TEXT));
        for (int size : new int[] {1, 5, twice.length}) {
            assertThat(decode(ofGzip(), twice, size)).isEqualTo(joined(TEXT, TEXT));
        }
    }

    @Test
    void decodesBothKindsOfDeflate() {
        for (byte[] encoded : new byte[][] {deflate(TEXT, new Deflater()), deflate(TEXT, new Deflater(6, true))}) {
            for (int size : new int[] {1, 2, 3, 1000, encoded.length}) {
                assertThat(decode(ofDeflate(), encoded, size)).isEqualTo(TEXT);
            }
        }
    }

    @Test
    void handsOverWhatWasFlushedBeforeTheNextPieceComes() throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(encoded, true);
                PushInflater inflater = ofGzip()) {
            for (int event = 0; event < 5; event++) {
                out.write(TEXT, event * 50, 50);
                out.flush();
                byte[] piece = encoded.toByteArray();
                encoded.reset();
                assertThat(inflater.accept(piece, 0, piece.length)).isTrue();
                assertThat(decoded.size()).isEqualTo((event + 1) * 50);
            }
        }
    }

    @Test
    void stopsAtWhatCannotBeDecoded() {
        byte[] broken = gzip(TEXT);
        broken[200] ^= 0x55;
        broken[201] ^= 0x55;
        byte[] soFar = decode(ofGzip(), broken, 10);
        assertThat(soFar.length).isLessThan(TEXT.length + 1000);
        assertThat(ofGzip().accept(TEXT, 0, TEXT.length)).isFalse();
        byte[] dictionary = {0x78, (byte) 0xbb, 1, 2, 3, 4};
        assertThat(ofDeflate().accept(dictionary, 0, dictionary.length)).isFalse();
        assertThat(ofGzip().accept(new byte[] {0x1f, (byte) 0x8b, 7}, 0, 3)).isFalse();
    }

    @Test
    void stopsAtWhatBecomesAbsurdlyLarge() {
        byte[] bomb = gzip(new byte[50 << 20]);
        assertThat(decode(ofGzip(), bomb, 1000).length).isLessThan(2 << 20);
    }

    @Test
    void decodesNothingOnceItIsClosed() {
        byte[] encoded = gzip(TEXT);
        PushInflater inflater = ofGzip();
        inflater.accept(encoded, 0, 100);
        int before = decoded.size();
        inflater.close();
        inflater.close();
        assertThat(inflater.accept(encoded, 100, encoded.length)).isFalse();
        assertThat(decoded.size()).isEqualTo(before);
    }
}
