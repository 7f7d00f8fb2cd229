package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.PushInflater;
import io.plano.provider.Surface;
import io.plano.testing.GoldenCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that pass in compressed form. */
class EncodedUsageTest {
    private static final GoldenCase STREAM = GoldenCase.of("anthropic-messages").stream()
            .filter(golden -> golden.name().equals("anthropic-code-execution-tool-stream"))
            .findFirst()
            .orElseThrow();

    private interface Encoder {
        OutputStream open(OutputStream out) throws IOException;
    }

    private static byte[] encoded(Encoder encoder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = encoder.open(bytes)) {
            out.write(STREAM.read("response.sse"));
        }
        return bytes.toByteArray();
    }

    private static UsageTap tap(String... codings) {
        return UsageTap.of(Surface.MESSAGES, Taps.EVENTS, List.of(codings));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "identity, gzip"})
    void readsGzip(String coding) throws IOException {
        assertThat(Taps.read(() -> tap(coding), encoded(GZIPOutputStream::new)))
                .isEqualTo(new TokenUsage(4714, 304, 0, 0, -1));
    }

    @Test
    void readsDeflate() throws IOException {
        assertThat(Taps.read(() -> tap("deflate"), encoded(DeflaterOutputStream::new)))
                .isEqualTo(new TokenUsage(4714, 304, 0, 0, -1));
    }

    @Test
    void readsEachEventAsItPassesAndNotAtTheEndAlone() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        UsageTap tap = tap("gzip");
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, true)) {
            out.write(Taps.utf8("data: {\"message\":{\"usage\":{\"input_tokens\":3}}}\n\n"));
            out.flush();
            tap.accept(bytes.toByteArray(), 0, bytes.size());
            assertThat(tap.usage()).isEqualTo(new TokenUsage(3, -1, -1, -1, -1));
        }
        tap.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "gzip,br", "compress", "no-such-coding"})
    void readsNothingOfWhatItHasNoDecoderFor(String coding) {
        assertThat(tap(coding)).isSameAs(UsageTap.NONE);
        assertThat(UsageTap.NONE.usage()).isEqualTo(TokenUsage.NOT_TOLD);
    }

    @Test
    void readsNothingOfWhatIsNotInTheCodingThatItClaims() {
        byte[] plain = STREAM.read("response.sse");
        assertThat(Taps.read(() -> tap("gzip"), plain)).isEqualTo(TokenUsage.NOT_TOLD);
        assertThat(Taps.read(() -> tap("deflate"), plain)).isEqualTo(TokenUsage.NOT_TOLD);
    }

    @Test
    void saysWhatItHoldsForDecodingUntilTheEnd() {
        assertThat(tap().heldBytes()).isZero();
        UsageTap decoding = tap("gzip");
        assertThat(decoding.heldBytes()).isEqualTo(PushInflater.HELD_BYTES);
        decoding.end();
        assertThat(decoding.heldBytes()).isZero();
    }
}
