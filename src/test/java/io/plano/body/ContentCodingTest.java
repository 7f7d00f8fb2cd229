package io.plano.body;

import static io.plano.http.Refusals.assertInvalid;
import static io.plano.http.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.plano.body.ContentCoding.Bounds;
import io.plano.failure.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCodingTest {
    private static final byte[] PLAIN =
            ("{\"model\":\"gpt-4o\",\"x\":\"" + "lorem ipsum ".repeat(20_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    private static byte[] encode(String coding, byte[] bytes) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = encoder(coding, encoded)) {
            out.write(bytes);
        }
        return encoded.toByteArray();
    }

    private static OutputStream encoder(String coding, OutputStream out) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPOutputStream(out);
            case "zlib" -> new DeflaterOutputStream(out);
            case "raw" -> new DeflaterOutputStream(out, new Deflater(6, true));
            case "zstd" -> new ZstdOutputStream(out);
            default -> out;
        };
    }

    private static byte[] decode(String coding, byte[] bytes) {
        return ContentCoding.decode(List.of(coding), Shredder.inSegmentsOf(1000, bytes), Bounds.of(1 << 20))
                .toByteArray();
    }

    @DisplayName("R58: decodes what clients send")
    @ParameterizedTest
    @CsvSource({"gzip,gzip", "x-gzip,gzip", "GZip,gzip", "deflate,zlib", "deflate,raw", "zstd,zstd", "identity,none"})
    void decodesEveryKnownCoding(String coding, String encoder) throws IOException {
        assertThat(decode(coding, encode(encoder, PLAIN))).isEqualTo(PLAIN);
    }

    @Test
    void undoesOneCodingAndNoMore() throws IOException {
        byte[] once = encode("gzip", PLAIN);
        byte[] twice = encode("zstd", once);

        assertThat(decode(" identity,, gzip", once)).isEqualTo(PLAIN);
        assertRefused(FailureKind.UNSUPPORTED_ENCODING, () -> decode("gzip, zstd", twice));
        assertRefused(
                FailureKind.UNSUPPORTED_ENCODING,
                () -> ContentCoding.decode(List.of("gzip", "zstd"), ByteSegments.of(twice), Bounds.of(1 << 20)));
        assertRefused(FailureKind.UNSUPPORTED_ENCODING, () -> ContentCoding.check(List.of("gzip", "gzip")));
        assertRefused(FailureKind.UNSUPPORTED_ENCODING, () -> ContentCoding.check(List.of("br")));
        ContentCoding.check(List.of("gzip", "identity"));
    }

    @DisplayName("A body may not be more than 128 times larger, however large the cap is")
    @ParameterizedTest
    @CsvSource({"gzip,gzip", "deflate,zlib", "deflate,raw", "zstd,zstd"})
    void stopsWhatGrowsBeyondAllReason(String coding, String encoder) throws IOException {
        ByteSegments bomb = ByteSegments.of(encode(encoder, new byte[64 << 20]));
        ByteSegments small = ByteSegments.of(encode(encoder, new byte[1 << 20]));
        AtomicLong taken = new AtomicLong();

        assertRefused(
                FailureKind.BODY_TOO_LARGE,
                () -> ContentCoding.decode(
                        List.of(coding), bomb, new Bounds(1L << 30, bytes -> taken.addAndGet(bytes) > 0)));
        assertThat(taken).hasValueLessThan(24 << 20);
        assertThat(ContentCoding.decode(List.of(coding), small, Bounds.of(1 << 30))
                        .length())
                .isEqualTo(1 << 20);
    }

    @Test
    void takesNoMoreMemoryThanItIsGiven() throws IOException {
        ByteSegments encoded = ByteSegments.of(encode("gzip", new byte[1 << 20]));
        AtomicLong left = new AtomicLong(300_000);

        assertRefused(
                FailureKind.OVERLOADED,
                () -> ContentCoding.decode(
                        List.of("gzip"), encoded, new Bounds(1 << 30, bytes -> left.addAndGet(-bytes) >= 0)));
    }

    @Test
    void readsEveryMemberOfAGzipBody() throws IOException {
        byte[] half = encode("gzip", PLAIN);
        byte[] both = Arrays.copyOf(half, 2 * half.length);
        System.arraycopy(half, 0, both, half.length, half.length);

        assertThat(decode("gzip", both)).hasSize(2 * PLAIN.length);
    }

    @Test
    void leavesABodyWithoutCodingAlone() {
        ByteSegments body = ByteSegments.of(PLAIN);

        assertThat(ContentCoding.decode(List.of(), body, Bounds.of(1))).isSameAs(body);
        assertThat(ContentCoding.decode(List.of("identity", ""), body, Bounds.of(1)))
                .isSameAs(body);
        assertThat(ContentCoding.isEncoded(List.of("identity"))).isFalse();
        assertThat(ContentCoding.isEncoded(List.of("identity, br"))).isTrue();
    }

    @DisplayName("R58: refuses what it cannot decode")
    @ParameterizedTest
    @ValueSource(strings = {"br", "compress", "aws-chunked", "gzip, br", "gzip,gzip,gzip,gzip", "gzip;q=1"})
    void refusesOtherCodings(String coding) {
        assertRefused(FailureKind.UNSUPPORTED_ENCODING, () -> decode(coding, new byte[10]));
    }

    @DisplayName("R58, R62: stops a bomb at the cap")
    @ParameterizedTest
    @CsvSource({"gzip,gzip", "deflate,zlib", "deflate,raw", "zstd,zstd"})
    void stopsBombs(String coding, String encoder) throws IOException {
        byte[] bomb = encode(encoder, new byte[64 << 20]);

        assertRefused(FailureKind.BODY_TOO_LARGE, () -> decode(coding, bomb));
    }

    @Test
    void admitsExactlyTheCap() throws IOException {
        ByteSegments encoded = ByteSegments.of(encode("gzip", new byte[1000]));

        assertThat(ContentCoding.decode(List.of("gzip"), encoded, Bounds.of(1000))
                        .length())
                .isEqualTo(1000);
        assertRefused(FailureKind.BODY_TOO_LARGE, () -> ContentCoding.decode(List.of("gzip"), encoded, Bounds.of(999)));
    }

    @DisplayName("R58: refuses bytes that are not in their coding")
    @ParameterizedTest
    @CsvSource({"gzip,gzip", "deflate,zlib", "deflate,raw", "zstd,zstd"})
    void refusesCorruptAndTruncatedBodies(String coding, String encoder) throws IOException {
        byte[] encoded = encode(encoder, PLAIN);

        assertInvalid(() -> decode(coding, PLAIN));
        assertInvalid(() -> decode(coding, Arrays.copyOf(encoded, encoded.length / 2)));
        assertInvalid(() -> decode(coding, Arrays.copyOf(encoded, 1)));
    }

    @Test
    void hasNothingToDecodeInAnEmptyBody() {
        assertThat(decode("gzip", new byte[0])).isEmpty();
    }
}
