package io.plano.body;

import static io.plano.http.Refusals.assertInvalid;
import static io.plano.http.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.plano.failure.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
        return ContentCoding.decode(List.of(coding), Shredder.inSegmentsOf(1000, bytes), 1 << 20)
                .toByteArray();
    }

    @DisplayName("R58: decodes what clients send")
    @ParameterizedTest
    @CsvSource({"gzip,gzip", "x-gzip,gzip", "GZip,gzip", "deflate,zlib", "deflate,raw", "zstd,zstd", "identity,none"})
    void decodesEveryKnownCoding(String coding, String encoder) throws IOException {
        assertThat(decode(coding, encode(encoder, PLAIN))).isEqualTo(PLAIN);
    }

    @Test
    void undoesAListFromItsEnd() throws IOException {
        byte[] encoded = encode("zstd", encode("gzip", PLAIN));

        assertThat(decode(" gzip , identity,zstd", encoded)).isEqualTo(PLAIN);
        assertThat(ContentCoding.decode(List.of("gzip", "zstd"), ByteSegments.of(encoded), 1 << 20)
                        .toByteArray())
                .isEqualTo(PLAIN);
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

        assertThat(ContentCoding.decode(List.of(), body, 1)).isSameAs(body);
        assertThat(ContentCoding.decode(List.of("identity", ""), body, 1)).isSameAs(body);
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

        assertThat(ContentCoding.decode(List.of("gzip"), encoded, 1000).length())
                .isEqualTo(1000);
        assertRefused(FailureKind.BODY_TOO_LARGE, () -> ContentCoding.decode(List.of("gzip"), encoded, 999));
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
